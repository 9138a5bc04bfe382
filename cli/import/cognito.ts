/** Amazon Cognito: `aws cognito-idp list-users`, or a CSV with the header of its own imports. Hashes never leave it. */
import { listIn, names, objectOf, Reader, suspendedIf } from './fields.ts'
import type { Fields, Source } from './source.ts'

/** `[{Name, Value}]`, as its API writes attributes. */
function attributesOf(record: Fields): Fields {
  const listed = record['Attributes'] ?? record['UserAttributes']
  if (!Array.isArray(listed)) return {}
  const pairs = listed.map(objectOf).map((each) => [String(each?.['Name']), each?.['Value']] as const)
  return Object.fromEntries(pairs)
}

const isPhone = (text: unknown) => /^\+[0-9]+$/.test(String(text))

export const cognito: Source = {
  listOf: (document) => (Array.isArray(document) ? document : listIn(document, 'Users', 'users')),
  map(record) {
    const attributes = attributesOf(record)
    const read = new Reader({ ...record, ...attributes })
    const username = read.text('cognito:username', 'Username')
    const sub = read.text('sub')
    const hasOwnName = username !== sub && !isPhone(username)
    return {
      userId: sub ?? username,
      ...names(hasOwnName ? username : undefined, read.text('email')),
      phone: read.text('phone_number'),
      locale: read.text('locale'),
      ...(read.is('cognito:mfa_enabled') && { mfaEnabled: true }),
      ...suspendedIf(read.isNot('Enabled')),
    }
  },
}
