/** Entries that say the same one after another are one row: ten wrong passwords must not hide what came before. */
import type { Entry } from '../ledger/entry.ts'
import { entryInWords } from './entry.ts'

export type Alike = readonly [Entry, ...Entry[]]

/** What a reader sees of an entry; undefined for one that is told by itself, as somebody gave a reason for it. */
const said = (entry: Entry) =>
  entry.note === undefined ? `${entryInWords(entry)} ${entry.actor}` : undefined

/** @returns the entries in their order, those together that are alike */
export function alike(entries: readonly Entry[]): readonly Alike[] {
  const rows: [Entry, ...Entry[]][] = []
  for (const entry of entries) {
    const row = rows.at(-1)
    const own = said(entry)
    if (row !== undefined && own !== undefined && said(row[0]) === own) row.push(entry)
    else rows.push([entry])
  }
  return rows
}
