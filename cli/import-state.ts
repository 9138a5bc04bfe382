/** How far an import has come, beside its file, so that it can go on where it ended. */
import { hash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { Problem } from './problem.ts'

export interface ImportState {
  /** Rows that are settled, registered or refused. */
  readonly done: number
  /** Rows that were begun: those between may be registered already. */
  readonly begun: number
  readonly registered: number
  readonly refused: number
  /** Length of the report of refused rows; what is behind it comes again. */
  readonly reportBytes: number
}

const sampleBytes = 1024 * 1024
export const fresh: ImportState = { done: 0, begun: 0, registered: 0, refused: 0, reportBytes: 0 }
const pathOf = (file: string) => `${file}.import-state.json`

/** The same for the same content, as far as size and beginning tell. */
function fingerprint(file: string): string {
  const sample = Buffer.alloc(Math.min(sampleBytes, statSync(file).size))
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, sample)
  } finally {
    closeSync(descriptor)
  }
  return `${statSync(file).size}-${hash('sha256', sample, 'hex')}`
}

/** @throws Problem when the state is of another content */
export function readState(file: string): ImportState {
  const path = pathOf(file)
  if (!existsSync(path)) return fresh
  const { of, ...state } = JSON.parse(readFileSync(path, 'utf8')) as ImportState & { of: string }
  if (of !== fingerprint(file))
    throw new Problem(
      `${file} has changed since its import began. Remove ${path} to start from its first row.`,
      2,
    )
  return state
}

/** Under its name only once it is whole. */
export function keepState(file: string): (state: ImportState) => void {
  const of = fingerprint(file)
  const path = pathOf(file)
  return (state) => {
    writeFileSync(`${path}.partial`, JSON.stringify({ of, ...state }))
    renameSync(`${path}.partial`, path)
  }
}

export const dropState = (file: string): void => rmSync(pathOf(file), { force: true })
