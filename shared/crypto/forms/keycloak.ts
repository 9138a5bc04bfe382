/** A password of Keycloak: the credential as its exports have it, a JSON object with `secretData` and `credentialData`. */
import { fromBase64, unpadded } from '../base64.ts'
import { argon2Forms } from './argon2.ts'
import { type Form, notBase64, type ParsedHash } from './form.ts'
import { readPbkdf2 } from './pbkdf2.ts'

type Fields = Readonly<Record<string, unknown>>

/** Keycloak writes JSON into JSON. */
function fieldsOf(value: unknown): Fields {
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value
    return typeof read === 'object' && read !== null ? (read as Fields) : {}
  } catch {
    return {}
  }
}

/** Parameters of algorithms that were added later are lists of one text. */
const parameter = (fields: Fields, name: string) => String([fields[name]].flat()[0] ?? '')

function readArgon2(data: Fields, salt: string, value: string): ParsedHash {
  const more = fieldsOf(data['additionalParameters'])
  const version = parameter(more, 'version') === '1.0' ? 16 : 19
  const costs = `m=${parameter(more, 'memory')},t=${data['hashIterations']},p=${parameter(more, 'parallelism')}`
  const [saltBytes, digest] = [fromBase64(salt), fromBase64(value)]
  if (saltBytes === undefined || digest === undefined) return notBase64
  const tail = `${unpadded(saltBytes)}$${unpadded(digest)}`
  const text = `$argon2${parameter(more, 'type') || 'id'}$v=${version}$${costs}$${tail}`
  for (const { pattern, read } of argon2Forms) {
    const match = pattern.exec(text)
    if (match) return read(match)
  }
  return { reason: 'it is a Keycloak credential whose parameters of argon2 are not whole' }
}

function read([text]: RegExpExecArray): ParsedHash {
  const whole = fieldsOf(text)
  // Both have `additionalParameters`; those of the secret are none of the algorithm's.
  const data = { ...whole, ...fieldsOf(whole['secretData']), ...fieldsOf(whole['credentialData']) }
  const algorithm = String(data['algorithm'] ?? '')
  const salt = String(data['salt'] ?? '')
  // Before version 8 the credential was flat.
  const value = String(data['value'] ?? data['hashedSaltedValue'] ?? '')
  const isWhole = salt !== '' && value !== ''
  if (isWhole && algorithm === 'argon2') return readArgon2(data, salt, value)
  const pbkdf2 = /^pbkdf2(?:-(sha1|sha256|sha512))?$/.exec(algorithm)
  if (isWhole && pbkdf2) return readPbkdf2(pbkdf2[1], String(data['hashIterations'] ?? ''), salt, value)
  return { reason: 'it is a Keycloak credential of an algorithm that is not known here, or not whole' }
}

export const keycloakForms: readonly Form[] = [{ pattern: /^\{\s*".*\}$/, read }]
