/** What was counted before a compare is given back where an outage, and no answer, came of it. */
import type { Write } from '../stores/database.ts'
import { commit } from '../stores/transaction.ts'

/**
 * Gives a try back when work fails that tells nobody anything: an outage must not use up the person's tries. Best effort, for it
 * may well go on. Never around a commit, which may have worked though its reply was lost: its try would come back twice (G2).
 * @param giveBack leaves the proof as it was before the try; empty where none was counted
 * @throws what the work threw
 */
export async function orGiveBack<Result>(giveBack: readonly Write[], work: Promise<Result>): Promise<Result> {
  return work.catch(async (outage) => {
    if (giveBack.length > 0) await commit({ giveBack }).catch(() => undefined)
    throw outage
  })
}
