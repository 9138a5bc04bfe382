/** Clerk: the CSV of its dashboard, with hashes, or users as its API and its packages give them, without. */
import { listIn, names, objectOf, Reader, suspendedIf } from './fields.ts'
import type { Source } from './source.ts'

/** The address that is named the primary one, of a list of addresses with ids. */
function primary(read: Reader, list: string, id: string, value: string): unknown {
  const listed = read.list(list).map((each) => new Reader(objectOf(each) ?? {}))
  const chosen = listed.find((each) => each.value('id') === read.value(id)) ?? listed[0]
  return chosen?.text(value)
}

export const clerk: Source = {
  listOf: (document) => (Array.isArray(document) ? document : listIn(document, 'data', 'users')),
  map(record) {
    const read = new Reader(record)
    const email =
      read.text('primary_email_address', 'email') ??
      primary(read, 'email_addresses', 'primary_email_address_id', 'email_address')
    return {
      userId: read.text('id', 'user_id'),
      ...names(read.text('username'), email),
      phone:
        read.text('primary_phone_number') ??
        primary(read, 'phone_numbers', 'primary_phone_number_id', 'phone_number'),
      passwordHash: read.text('password_digest'),
      ...suspendedIf(read.is('banned')),
    }
  },
}
