/** `latchkey ledger archive`: the whole table into the archive, beside what the checkpoints brought there. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EntryPlace } from '#shared/stores/ledger.ts'
import type { Archived } from '#shared/stores/ledger-archive.ts'
import type { Given } from '../arguments.ts'
import { print } from '../output.ts'
import { showProgress } from '../progress.ts'
import type { Clock } from '../services.ts'

/** The schedule's own run takes seconds; of a long backlog, four minutes. */
const busyPauseMs = 2000
const busyAttempts = 150

/** Run by run, each where the one before came to its end; one that finds the sealer at work waits for it. */
async function runDeployed(after: EntryPlace | undefined): Promise<Archived> {
  const { askToArchive, SealerBusy } = await import('../sealer.ts')
  for (let attempt = 1; ; attempt += 1)
    try {
      return await askToArchive(after ? { after } : {})
    } catch (error) {
      if (!(error instanceof SealerBusy) || attempt === busyAttempts) throw error
      await sleep(busyPauseMs)
    }
}

async function runHere(after: EntryPlace | undefined, clock: Clock): Promise<Archived> {
  const { archiveTable } = await import('#shared/stores/ledger-archive.ts')
  return archiveTable(after, clock, Number.POSITIVE_INFINITY)
}

/** @throws Unavailable; Problem when the sealer failed or stays at work */
export async function archiveCommand(
  given: Given<'ledger archive'>,
  clock: Clock,
  isLocal: boolean,
): Promise<void> {
  const progress = showProgress('entries')
  let entries = 0
  let after: EntryPlace | undefined
  try {
    do {
      const archived: Archived = await (isLocal ? runHere(after, clock) : runDeployed(after))
      entries += archived.entries
      after = archived.after
      progress.update(entries)
    } while (after !== undefined)
  } finally {
    progress.end()
  }
  print(given.json, { entries }, () => `${entries} entries are in the archive.\n`)
}
