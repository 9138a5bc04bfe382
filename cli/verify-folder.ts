/** Verifies an export that lies in a folder, line by line, with progress on stderr. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type Counts, verifyExport } from '#shared/ledger/verify.ts'
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

function inputOf(folder: string, outside: Outside) {
  const files = exportFiles(folder)
  const given = outside.publicKey
  const ownKeys = given === undefined || existsSync(files.publicKey) ? readOwnKeys(files.publicKey) : []
  return {
    entries: readLines(files.entries),
    checkpoints: readLines(files.checkpoints),
    keys: given === undefined ? ownKeys : readKeys(given),
    ownKeys,
    witnessed: outside.checkpoint === undefined ? [] : readWitnessed(outside.checkpoint),
  }
}

/** @throws Tampered, Unusable; errors of the file system as they are */
export function verifyFolder(folder: string, outside: Outside = {}): Counts {
  const sorter = new LineSorter(tmpdir())
  const progress = phases()
  try {
    return verifyExport(inputOf(folder, outside), sorter, progress.update)
  } finally {
    progress.end()
    sorter.close()
  }
}
