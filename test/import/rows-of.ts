/** Rows as an import reads them, before anybody is asked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ImportRow, type RowOptions, readRows } from '../../cli/import/rows.ts'

const usual: RowOptions = {
  source: undefined,
  hashConfig: undefined,
  country: undefined,
  ignoreUnknown: false,
  withoutUnusableHashes: false,
  leaveOut: [],
  loginFloorMs: 450,
}

/** @param name of the file, whose end may say how it is written */
export function rowsOf(name: string, content: string, options: Partial<RowOptions> = {}): ImportRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-rows-'))
  try {
    const path = join(folder, name)
    writeFileSync(path, content)
    return [...readRows(path, { ...usual, ...options })]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const one = (record: object, options: Partial<RowOptions> = {}): ImportRow | undefined =>
  rowsOf('one.ndjson', `${JSON.stringify(record)}\n`, options)[0]

/** What a row comes to. */
export const brief = (rows: readonly ImportRow[]): object[] =>
  rows.map(({ line, userId, identity, refused }) => ({
    line,
    userId,
    ...(refused ? { refused } : { identity }),
  }))
