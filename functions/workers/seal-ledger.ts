/** On schedule, or when asked: seals what moved in the ledger and hands the checkpoint to the witnesses. */
import { errorFacts, log } from '#shared/call/log.ts'
import type { Checkpoint } from '#shared/ledger/checkpoint.ts'
import { sealLedger } from '#shared/stores/ledger-seal.ts'
import { handToWitness } from '#shared/stores/witness.ts'

export interface SealReport {
  readonly checkpoints: readonly Pick<Checkpoint, 'number' | 'at' | 'count' | 'root'>[]
  /** Times that a witness could not be reached. */
  readonly unreached: number
}

/**
 * @param event of the schedule; `{ "always": true }` asks for a checkpoint now, even if nothing moved
 * @returns for whoever asked: a schedule drops it
 */
export async function handler(event?: { readonly always?: boolean }): Promise<SealReport> {
  const sealed = await sealLedger({ clock: Date.now, always: event?.always === true })
  let unreached = 0
  for (const { checkpoint, before } of sealed) {
    const { number, at, count } = checkpoint
    log.info('checkpoint_sealed', { number, at, count })
    for (const failure of await handToWitness(checkpoint, before)) {
      unreached += 1
      log.error('witness_failed', { number, ...errorFacts(failure) })
    }
  }
  const checkpoints = sealed.map(({ checkpoint: { number, at, count, root } }) => ({
    number,
    at,
    count,
    root,
  }))
  return { checkpoints, unreached }
}
