/** WordPress: the table `wp_users` (`wp db query`, phpMyAdmin, `wp user list`), as CSV or JSON. */
import { names, objectOf, Reader, suspendedIf } from './fields.ts'
import type { Source } from './source.ts'

/** phpMyAdmin writes a list of what it found, the table with its rows among it. */
function rowsOf(document: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(document)) return undefined
  const tables = document
    .map(objectOf)
    .filter((each) => each?.['type'] === 'table' && /users$/.test(String(each['name'])))
  if (tables.length === 0) return document
  return tables.flatMap((table) => (Array.isArray(table?.['data']) ? table['data'] : []))
}

export const wordpress: Source = {
  listOf: rowsOf,
  map(record) {
    const read = new Reader(record)
    // Of a network of sites.
    if (read.is('deleted')) return undefined
    return {
      userId: read.text('ID'),
      ...names(read.text('user_login'), read.text('user_email')),
      phone: read.text('billing_phone', 'phone'),
      locale: read.text('locale'),
      passwordHash: read.text('user_pass'),
      ...suspendedIf(read.is('spam')),
    }
  },
}
