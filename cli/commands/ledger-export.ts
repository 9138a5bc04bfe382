/** `latchkey ledger export DIR`: the whole ledger as files that anyone can verify. */
import { canonical } from '#shared/ledger/canonical.ts'
import { parseCheckpoint } from '#shared/ledger/lines.ts'
import { settings } from '#shared/settings.ts'
import { publicKeyPem } from '#shared/stores/checkpoint-key.ts'
import { readCheckpointLine } from '#shared/stores/checkpoints.ts'
import { scanEntries } from '#shared/stores/ledger.ts'
import type { Given } from '../arguments.ts'
import { exportFiles } from '../export-files.ts'
import { LineSorter, LineWriter } from '../line-files.ts'
import { print } from '../output.ts'
import { showProgress } from '../progress.ts'
import { sortableLine, withoutSortKey } from '../sortable-lines.ts'
import { makeFolder, writeNew, writeWhole } from '../whole-files.ts'

const checkpointsAtOnce = 16

/** @returns how many there are, and the keys they name. */
async function writeCheckpoints(path: string): Promise<{ count: number; keyIds: Set<string> }> {
  const writer = new LineWriter(path)
  const progress = showProgress('checkpoints')
  const keyIds = new Set<string>()
  let count = 0
  try {
    for (let more = true; more; ) {
      const numbers = Array.from({ length: checkpointsAtOnce }, (_, place) => count + place + 1)
      const lines = await Promise.all(numbers.map(readCheckpointLine))
      for (const line of lines) {
        if (line === undefined) {
          more = false
          break
        }
        count += 1
        keyIds.add(parseCheckpoint(line, count).keyId)
        writer.write(line)
      }
      progress.update(count)
    }
  } finally {
    progress.end()
    writer.close()
  }
  return { count, keyIds }
}

/** The table gives chains in no order; a verifier wants them sorted, so that it need not remember them. */
async function writeEntries(path: string, folder: string): Promise<number> {
  const sorter = new LineSorter(folder)
  const progress = showProgress('entries')
  let count = 0
  try {
    for await (const page of scanEntries()) {
      for (const entry of page) sorter.add(sortableLine(entry, canonical(entry)))
      count += page.length
      progress.update(count)
    }
    const writer = new LineWriter(path)
    for (const line of sorter.sorted()) writer.write(withoutSortKey(line))
    writer.close()
  } finally {
    progress.end()
    sorter.close()
  }
  return count
}

async function writeKeys(path: string, keyIds: ReadonlySet<string>): Promise<void> {
  const ids = keyIds.size > 0 ? [...keyIds] : [settings().KEY_CHECKPOINT]
  const pems = await Promise.all(ids.map(publicKeyPem))
  writeNew(path, [...new Set(pems)].join(''))
}

/** @throws Unavailable; Tampered or Unusable when what is stored is no checkpoint */
export async function exportCommand(given: Given<'ledger export'>): Promise<void> {
  const [folder] = given.words
  makeFolder(folder)
  const { entries, checkpoints } = await writeWhole(exportFiles(folder), async (files) => {
    // Checkpoints first: all that they seal is then among the entries, whatever is appended meanwhile.
    const { count, keyIds } = await writeCheckpoints(files.checkpoints)
    const written = await writeEntries(files.entries, folder)
    await writeKeys(files.publicKey, keyIds)
    return { entries: written, checkpoints: count }
  })
  print(
    given.json,
    { folder, entries, checkpoints },
    () => `${entries} entries and ${checkpoints} checkpoints are in ${folder}.\n`,
  )
  if (checkpoints === 0)
    process.stderr.write('Nothing is signed yet: "latchkey ledger seal" makes a checkpoint.\n')
}
