/** How far an import has come, beside its file, so that it can go on where it ended. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { Problem } from '../problem.ts'
import { replaceFile } from '../whole-files.ts'

export interface ImportState {
  /** Rows that are settled, registered or refused. */
  readonly done: number
  /** Rows that were begun: those between may be registered already. */
  readonly begun: number
  readonly registered: number
  readonly refused: number
  /** Length of the report of refused rows; what is behind it comes again. */
  readonly reportBytes: number
  /** Rows that were registered before with the same content. */
  readonly same: number
  /** Rows that changed an identity, with `--update`. */
  readonly changed: number
  /** The report's name; states of before November 2026 do not say. */
  readonly report?: string
}

interface Stored extends ImportState {
  /** Of the content, and of how it is to be read. */
  readonly of: string
  /** Where its rows went; states of before November 2026 do not say. */
  readonly target?: string
}

export interface KeptState {
  readonly start: ImportState
  keep(state: ImportState): void
  /** The import has come to its end. */
  drop(): void
}

const fresh: ImportState = {
  done: 0,
  begun: 0,
  registered: 0,
  refused: 0,
  reportBytes: 0,
  same: 0,
  changed: 0,
}

function storedAt(path: string): Stored | undefined {
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Stored
  } catch {
    throw new Problem(`${path} is damaged. Remove it to start from the first row.`, 2)
  }
}

/**
 * What is settled holds for one content on one target: on another target nothing is, so the import starts anew there.
 * @param of names the content and the options it is read with
 * @param target as `targetOf` names it
 * @throws Problem when it is another content, or read otherwise, than this target was given
 */
export function stateOf(file: string, of: string, target: string): KeptState {
  const path = `${file}.import-state.json`
  const stored = storedAt(path)
  const isElsewhere = stored?.target !== undefined && stored.target !== target
  if (stored !== undefined && !isElsewhere && stored.of !== of)
    throw new Problem(
      `${file} has changed since its import began, or the options have. Remove ${path} to start from its first row.`,
      2,
    )
  if (isElsewhere)
    process.stderr.write(`${file} was being imported to another target: here it starts from its first row.\n`)
  const { of: _, target: _target, ...state } = stored ?? { ...fresh, of }
  return {
    start: isElsewhere ? fresh : { ...fresh, ...state },
    keep: (next) => replaceFile(path, JSON.stringify({ of, target, ...next })),
    drop: () => rmSync(path, { force: true }),
  }
}
