/** On schedule, or when asked: seals what moved in the ledger and hands the checkpoint to the witnesses. */
import { errorFacts, log } from '#shared/edge/log.ts'
import { sealLedger } from '#shared/stores/ledger-seal.ts'
import { handToWitness } from '#shared/stores/witness.ts'

/** @param event of the schedule; `{ "always": true }` asks for a checkpoint now, even if nothing moved */
export async function handler(event?: { readonly always?: boolean }): Promise<void> {
  for (const { checkpoint, before } of await sealLedger({
    clock: Date.now,
    always: event?.always === true,
  })) {
    const { number, at, count } = checkpoint
    log.info('checkpoint_sealed', { number, at, count })
    for (const failure of await handToWitness(checkpoint, before))
      log.error('witness_failed', { number, ...errorFacts(failure) })
  }
}
