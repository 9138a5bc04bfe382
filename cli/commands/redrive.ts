/** `latchkey redrive`: puts rows of the outbox before the workers again that were left over. */
import { redrive } from '#shared/stores/outbox-sweep.ts'
import type { Given } from '../arguments.ts'
import { print } from '../output.ts'
import type { Clock } from '../services.ts'

const olderThanMs = 2 * 60 * 1000

/** @throws Unavailable */
export async function redriveCommand({ json }: Given<'redrive'>, clock: Clock): Promise<void> {
  const limit = Number.POSITIVE_INFINITY
  const { redriven, oldestMs } = await redrive({ now: clock(), olderThanMs, limit, backOff: false })
  const oldestSeconds = Math.floor(oldestMs / 1000)
  const oldest = oldestMs >= olderThanMs ? `The oldest row has waited for ${oldestSeconds} seconds.\n` : ''
  print(
    json,
    { redriven, oldestSeconds },
    () => `${redriven} rows were put before the workers again.\n${oldest}`,
  )
}
