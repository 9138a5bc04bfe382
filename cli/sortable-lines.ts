/** Lines of entries, so that sorting them as text brings chain after chain in order: the tab is lower than all that a chain's name holds. */
import type { Entry } from '#shared/ledger/entry.ts'

const seqDigits = 16

/** @param text the entry's canonical JSON */
export const sortableLine = ({ chain, seq }: Entry, text: string): string =>
  `${chain}\t${String(seq).padStart(seqDigits, '0')}\t${text}`

export const withoutSortKey = (line: string): string => line.slice(line.indexOf('{'))
