/** On schedule: puts rows of the outbox before the workers again that were left over, and tells how old the oldest is. */
import { log } from '#shared/call/log.ts'
import { redrive } from '#shared/stores/outbox-sweep.ts'

/** The stream brings a row within seconds; its retries end well within this. */
const olderThanMs = 2 * 60 * 1000
/** Longer than the lease of a worker that died with the message in hand, and well within a code's life. */
export const messagesOlderThanMs = 40 * 1000
const rowsAtOnce = 5000
/** Single failures leave far fewer. A worker that is behind by less loses nothing by having them once more. */
const mostWaiting = 500

export async function handler(): Promise<void> {
  const now = Date.now()
  const { redriven, oldestMs, behind } = await redrive({
    now,
    olderThanMs,
    messagesOlderThanMs,
    limit: rowsAtOnce,
    backOff: true,
    mostWaiting,
  })
  log.info('outbox_swept', { redriven, oldestSeconds: Math.floor(oldestMs / 1000), behind })
}
