/** Auth0: exports of users (job, extension, Management API), and the file of hashes that its support gives out. */
import { listIn, names, Reader, suspendedIf } from './fields.ts'
import type { Fields, Source } from './source.ts'

/** The file of hashes has the id of the database's row alone; the userId of tokens and exports has this before it. */
function userIdOf(read: Reader): unknown {
  const { $oid } = read.object('_id')
  return read.text('user_id', 'id') ?? ($oid === undefined ? undefined : `auth0|${String($oid)}`)
}

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
      ...names(read.text('username'), read.text('email')),
      phone: read.text('phone_number'),
      passwordHash: read.text('passwordHash', 'password_hash') ?? customHash(read),
      ...suspendedIf(read.is('blocked')),
    }
  },
}
