/** Faults of the emulated services, long enough to outlast the SDK's own retries. */
import type { FaultMode } from '#local/services/faults.ts'
import { environmentChanged } from '#shared/per-environment.ts'
import type { World } from './world.ts'

export interface Fault {
  readonly service: 'dynamodb' | 'kms' | 'ses' | 'sns' | 'events' | 'lambda' | 'hibp'
  readonly operation?: string
  readonly mode: FaultMode
  /** Calls on the wire. */
  readonly count?: number
  readonly skip?: number
  readonly delayMs?: number
  /** Only calls of this function. */
  readonly function: string
}

/** More than the attempts of any SDK client. */
const outlasting = 20

/** Runs `work` while calls fail; what is left of the faults is cleared. */
export async function withFaults<T>(
  world: World,
  faults: readonly Fault[],
  work: () => Promise<T>,
): Promise<T> {
  // Otherwise what fails is not asked for: most of KMS's MACs are kept for an hour or a day.
  if (faults.some(({ service }) => service === 'kms')) environmentChanged()
  for (const fault of faults) await world.post('/_local/faults', { count: outlasting, ...fault })
  try {
    return await work()
  } finally {
    await world.post('/_local/faults', { count: 0 })
  }
}

export const withFault = <T>(world: World, fault: Fault, work: () => Promise<T>): Promise<T> =>
  withFaults(world, [fault], work)
