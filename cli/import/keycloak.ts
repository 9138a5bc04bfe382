/** Keycloak: the export of a realm, with its users in the file or in one of their own (`kc.sh export`). */
import { listIn, names, objectOf, Reader, suspendedIf } from './fields.ts'
import type { Source } from './source.ts'

/** The credential is handed on as it is: shared/crypto/forms/keycloak.ts reads it. */
function credentialOf(read: Reader): string | undefined {
  const credential = read
    .list('credentials')
    .map(objectOf)
    .find((each) => each?.['type'] === 'password')
  if (credential === undefined) return undefined
  const { secretData, credentialData, hashedSaltedValue, salt, hashIterations, algorithm } = credential
  return secretData === undefined
    ? JSON.stringify({ hashedSaltedValue, salt, hashIterations, algorithm })
    : JSON.stringify({ secretData, credentialData })
}

export const keycloak: Source = {
  listOf: (document) => (Array.isArray(document) ? document : listIn(document, 'users')),
  map(record) {
    const read = new Reader(record)
    const attributes = new Reader(read.object('attributes'))
    const first = (...of: string[]) => [attributes.value(...of)].flat()[0]
    // A client of a realm has an account too, which no person signs in to.
    if (read.value('serviceAccountClientId') !== undefined) return undefined
    return {
      userId: read.text('id'),
      ...names(read.text('username'), read.text('email')),
      phone: first('phoneNumber', 'phone_number', 'phone', 'mobile'),
      locale: first('locale'),
      passwordHash: credentialOf(read),
      ...suspendedIf(read.isNot('enabled')),
    }
  },
}
