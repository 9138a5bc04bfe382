/** Tells of the writes that went through the proxy, so that nobody has to ask a stream again and again for news. */
import type { TableId } from '#shared/tables.ts'
import { Signal } from '../signal.ts'

export interface Writes {
  /** Notified when an item of the table was put or updated, with `removals` also when one was deleted. */
  of(table: TableId, removals: boolean): Signal
  /** @param table logical table, or any name that is none. */
  note(table: string, removal: boolean): void
}

export function createWrites(): Writes {
  const signals = new Map<string, { readonly changes: Signal; readonly all: Signal }>()
  const signalsOf = (table: string) => {
    const known = signals.get(table) ?? { changes: new Signal(), all: new Signal() }
    signals.set(table, known)
    return known
  }
  return {
    of: (table, removals) => signalsOf(table)[removals ? 'all' : 'changes'],
    note(table, removal) {
      const { changes, all } = signalsOf(table)
      all.notify()
      if (!removal) changes.notify()
    },
  }
}
