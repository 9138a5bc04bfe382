/** Firebase: `firebase auth:export people.json` or `people.csv`, which has no header. */
import { keptBack } from './advice.ts'
import { listIn, names, Reader, suspendedIf } from './fields.ts'
import type { FirebaseHashes, Source } from './source.ts'

const ofProvider = (name: string) => ['Id', 'Email', 'Name', 'Photo'].map((part) => name + part)

/** Hash and salt come in the alphabet of URLs or the usual one. */
const standard = (text: string) => text.replaceAll('-', '+').replaceAll('_', '/')

function hashOf(read: Reader, config: FirebaseHashes | undefined): string | undefined {
  const hash = read.text('passwordHash')
  if (hash === undefined) return undefined
  if (config === undefined || hash === keptBack) return String(hash)
  const { memoryCost, rounds, saltSeparator, signerKey } = config
  const cost = `v=1,n=${memoryCost},r=${rounds},p=1,ss=${saltSeparator},sk=${signerKey}`
  return `$fbscrypt$${cost}$${standard(String(read.text('salt') ?? ''))}$${standard(String(hash))}`
}

export const firebase: Source = {
  listOf: (document) => (Array.isArray(document) ? document : listIn(document, 'users')),
  columns: [
    ...['localId', 'email', 'emailVerified', 'passwordHash', 'salt', 'displayName', 'photoUrl'],
    ...['google', 'facebook', 'twitter', 'github'].flatMap(ofProvider),
    ...['createdAt', 'lastSignedInAt', 'phoneNumber', 'disabled', 'customAttributes'],
  ],
  looseCsv: true,
  needsHashConfig: true,
  map(record, config) {
    const read = new Reader(record)
    return {
      userId: read.text('localId', 'uid'),
      ...names(undefined, read.text('email')),
      phone: read.text('phoneNumber'),
      passwordHash: hashOf(read, config?.firebase),
      ...suspendedIf(read.is('disabled')),
    }
  },
}
