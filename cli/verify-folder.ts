/** Verifies an export that lies in a folder, or a copy of the bucket, line by line, with progress on stderr. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Unusable } from '#shared/ledger/findings.ts'
import { type Counts, verifyExport } from '#shared/ledger/verify.ts'
import { checkpointLines, entryLines, isArchive } from './archive-folder.ts'
import { exportFiles, readKeys, readOwnKeys, readWitnessed } from './export-files.ts'
import { LineSorter, readLines } from './line-files.ts'
import { type Progress, showProgress } from './progress.ts'

/** What an auditor has from elsewhere. */
export interface Outside {
  /** Path of checkpoints that were kept. */
  readonly checkpoint?: string | undefined
  /** Path of the public key. */
  readonly publicKey?: string | undefined
}

/** One bar after the other. */
function phases() {
  let shown: { readonly what: string; readonly bar: Progress } | undefined
  return {
    update(what: string, done: number) {
      if (shown?.what !== what) {
        shown?.bar.end()
        shown = { what, bar: showProgress(what) }
      }
      shown.bar.update(done)
    },
    end: () => shown?.bar.end(),
  }
}

function linesOf(folder: string, sorter: LineSorter) {
  const files = exportFiles(folder)
  return isArchive(folder)
    ? { entries: entryLines(folder, sorter), checkpoints: checkpointLines(folder) }
    : { entries: readLines(files.entries), checkpoints: readLines(files.checkpoints) }
}

/** @param sorter of the entries of a copy of the bucket */
function inputOf(folder: string, outside: Outside, sorter: LineSorter) {
  const files = exportFiles(folder)
  const given = outside.publicKey
  if (given === undefined && isArchive(folder))
    throw new Unusable(`${folder} is a copy of the bucket, which brings no key: --public-key FILE names one`)
  const ownKeys = given === undefined || existsSync(files.publicKey) ? readOwnKeys(files.publicKey) : []
  return {
    ...linesOf(folder, sorter),
    keys: given === undefined ? ownKeys : readKeys(given),
    ownKeys,
    witnessed: outside.checkpoint === undefined ? [] : readWitnessed(outside.checkpoint),
  }
}

/** @throws Tampered, Unusable; errors of the file system as they are */
export function verifyFolder(folder: string, outside: Outside = {}): Counts {
  const [leaves, entries] = [new LineSorter(tmpdir()), new LineSorter(tmpdir())]
  const progress = phases()
  try {
    return verifyExport(inputOf(folder, outside, entries), leaves, progress.update)
  } finally {
    progress.end()
    leaves.close()
    entries.close()
  }
}
