/** `latchkey redrive`: puts rows of the outbox before the workers again that were left over. */
import { redrive } from '#shared/stores/outbox-sweep.ts'
import { readArguments } from '../arguments.ts'
import type { Clock } from '../services.ts'

const olderThanMs = 2 * 60 * 1000

/** @throws Unavailable */
export async function redriveCommand(args: readonly string[], clock: Clock): Promise<void> {
  readArguments(args, [], {})
  const limit = Number.POSITIVE_INFINITY
  const { redriven, oldestMs } = await redrive({ now: clock(), olderThanMs, limit, backOff: false })
  process.stdout.write(`${redriven} rows were put before the workers again.\n`)
  if (oldestMs >= olderThanMs)
    process.stdout.write(`The oldest row has waited for ${Math.floor(oldestMs / 1000)} seconds.\n`)
}
