/** Calls that hang, so that something can happen while they are judged. */
import { environmentChanged } from '#shared/per-environment.ts'
import type { World } from './world.ts'

/**
 * Starts a call whose KMS call takes long, and ends once it hangs there.
 * @returns the call's answer, in an array so that waiting for this does not wait for that
 */
export async function slowly<T>(world: World, step: string, call: () => Promise<T>): Promise<[Promise<T>]> {
  // What it asks KMS for may be known from a call before.
  environmentChanged()
  const fault = { service: 'kms', function: step, mode: 'slow', delayMs: 2500, count: 1 }
  await world.post('/_local/faults', fault)
  const answer = call()
  while (world.stack.services.faults.pending().length > 0) await new Promise(setImmediate)
  return [answer]
}
