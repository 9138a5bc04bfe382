/** Auth0: exports of users (job, extension, Management API), and the file of hashes that its support gives out. */
import { listIn, names, objectOf, Reader, suspendedIf } from './fields.ts'
import type { Fields, Source } from './source.ts'

/**
 * The file of hashes has the id of the database's row alone, or beside it the one that a script of the team's gave; the
 * userId of tokens and exports has this before it.
 */
function userIdOf(read: Reader): unknown {
  const given = read.text('user_id', 'id')
  const inDatabase = read.text('alt_id') ?? read.object('_id')['$oid']
  return typeof given === 'object' && inDatabase !== undefined ? `auth0|${String(inDatabase)}` : given
}

/** Its newer files name everyone by a list, and may have nothing else. */
const identified = (read: Reader, type: string) =>
  read
    .list('identifiers')
    .map(objectOf)
    .find((each) => each?.['type'] === type)?.['value'] ?? undefined

/** As its format for bulk imports has it. */
function customHash(read: Reader): unknown {
  const { hash } = read.object('custom_password_hash')
  return (hash as Fields | undefined)?.['value']
}

export const auth0: Source = {
  listOf: (document) => (Array.isArray(document) ? document : listIn(document, 'users')),
  map(record) {
    const read = new Reader(record)
    return {
      userId: userIdOf(read),
      ...names(
        read.text('username') ?? identified(read, 'username'),
        read.text('email') ?? identified(read, 'email'),
      ),
      phone: read.text('phone_number') ?? identified(read, 'phone_number'),
      passwordHash: read.text('passwordHash', 'password_hash') ?? customHash(read),
      ...suspendedIf(read.is('blocked')),
    }
  },
}
