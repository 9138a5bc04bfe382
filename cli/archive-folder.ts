/** A copy of the ledger's bucket, as `aws s3 sync` makes it: read as the lines of an export. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Tampered, Unusable } from '#shared/ledger/findings.ts'
import { parseEntry } from '#shared/ledger/lines.ts'
import type { LineSorter } from '#shared/ledger/verify.ts'
import { exportFiles } from './export-files.ts'
import { readLines } from './line-files.ts'
import { sortableLine, withoutSortKey } from './sortable-lines.ts'

const checkpoints = 'checkpoints'
const entries = 'entries'

/**
 * An export has a file where the copy has a folder.
 * @throws Unusable where it has both: which of them was meant decides what is missing
 */
export function isArchive(folder: string): boolean {
  const isCopy = existsSync(join(folder, checkpoints))
  const { checkpoints: file, entries: lines } = exportFiles(folder)
  if (isCopy && (existsSync(file) || existsSync(lines)))
    throw new Unusable(`${folder} is a copy of the bucket and an export at once: take one of them out`)
  return isCopy
}

/** Names in their order; what is no object of the ledger is left out. */
const namesIn = (folder: string, ending: string): string[] =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder)
        .filter((name) => name.endsWith(ending))
        .sort()
    : []

/** One line an object; their names are padded numbers. @throws Unusable, Tampered */
export function* checkpointLines(folder: string): Generator<string> {
  for (const name of namesIn(join(folder, checkpoints), '.json')) {
    const lines = [...readLines(join(folder, checkpoints, name))]
    if (lines.length !== 1) throw new Tampered(`${checkpoints}/${name}`, 'it is not one line')
    yield* lines
  }
}

/**
 * Entries of all objects by chain and seq, each once: one that was kept twice stands in two of them, alike.
 * @throws Unusable, Tampered
 */
export function* entryLines(folder: string, sorter: LineSorter): Generator<string> {
  for (const checkpoint of namesIn(join(folder, entries), ''))
    for (const name of namesIn(join(folder, entries, checkpoint), '.ndjson')) {
      let number = 0
      for (const line of readLines(join(folder, entries, checkpoint, name))) {
        number += 1
        sorter.add(sortableLine(parseEntry(line, `${entries}/${checkpoint}/${name} line ${number}`), line))
      }
    }
  let before: string | undefined
  for (const line of sorter.sorted()) {
    if (line !== before) yield withoutSortKey(line)
    before = line
  }
}
