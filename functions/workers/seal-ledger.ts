/** On schedule, or when asked: seals what moved in the ledger, keeps its entries, and hands the checkpoint to the witnesses. */
import { errorFacts, log } from '#shared/call/log.ts'
import type { Checkpoint } from '#shared/ledger/checkpoint.ts'
import type { EntryPlace } from '#shared/stores/ledger.ts'
import { type Archived, archiveTable } from '#shared/stores/ledger-archive.ts'
import { sealLedger } from '#shared/stores/ledger-seal.ts'
import { handToWitness } from '#shared/stores/witness.ts'

/** A schedule asks for nothing more than what is due. */
export interface SealRequest {
  /** A checkpoint now, even if nothing moved. */
  readonly always?: boolean
  /** In place of a checkpoint: all that is in the table into the archive, behind an entry where a run before came to its end. */
  readonly archive?: { readonly after?: EntryPlace }
}

export interface SealReport {
  readonly checkpoints: readonly Pick<Checkpoint, 'number' | 'at' | 'count' | 'root'>[]
  /** Times that a witness could not be reached. */
  readonly unreached: number
}

/** Of one run that archives: no schedule has to wait longer for its turn. */
const archivingMs = 45_000

async function seal(always: boolean): Promise<SealReport> {
  const sealed = await sealLedger({ clock: Date.now, always })
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

/** @returns for whoever asked: a schedule drops it. @throws Unavailable */
export async function handler(request: SealRequest = {}): Promise<SealReport | Archived> {
  const { archive, always = false } = request
  return archive ? archiveTable(archive.after, Date.now, Date.now() + archivingMs) : seal(always)
}
