/** Examples of the OpenAPI document: made from the schemas, with a value for each field that is told by its name. */
import { type Code, codes } from '../codes.ts'
import type { Json, Schemas } from './schemas.ts'

const instant = '2026-11-26T09:30:00.000Z'
const requestId = '0b0f0c2e-5b7c-4d8e-9a51-3f2d6c1b7a90'

const byField: Readonly<Record<string, unknown>> = {
  acceptedAt: instant,
  accessToken: 'u-priya.kq3X9b2cT1uVw4Yz5A6B7Q.c29tZXRoaW5nIHRoYXQgbm9ib2R5IGNhbiBndWVzcyBoZXJl',
  actor: 'subject',
  at: instant,
  challengeId: 'kq3X9b2cT1uVw4Yz5A6B7Q.u-priya',
  createdAt: instant,
  document: 'terms',
  email: 'priya.sharma@example.com',
  expiresAt: '2026-11-26T21:30:00.000Z',
  expiresInSeconds: 300,
  flowId: 'kq3X9b2cT1uVw4Yz5A6B7Q',
  frozenUntil: '2026-11-27T09:30:00.000Z',
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  id: 'kq3X9b2cT1uVw4Yz5A6B7Q',
  identifier: 'priyasharma',
  lastUsedAt: instant,
  locale: 'en',
  maskedEmail: 'p***@example.com',
  maskedPhone: '+91****3210',
  message: 'Done.',
  method: 'password',
  newPassword: 'A-long-new-one-7',
  newPin: '482915',
  nextCursor: '120',
  otp: '530817',
  password: 'password123',
  passwordHash:
    '$argon2id$v=19$m=19456,t=2,p=1$qZDu9C6aJhW5VCY91FBnHg$VuqqYuaMl5hRRyCiOv+aXUuQCPi7G1s2GDvo8yy8NcE',
  phone: '+919876543210',
  pin: '482915',
  prevHash: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
  requestId,
  resendAfterSeconds: 60,
  resetToken: 'Zm9yIHRoZSBvbmUgd2hvIGhvbGRzIHRoZSBtZXNzYWdl',
  seq: 1,
  time: 1_795_685_400_000,
  token: 'Zm9yIHRoZSBvbmUgd2hvIGhvbGRzIHRoZSBtZXNzYWdl',
  type: 'PASSWORD_RESET',
  updatedAt: instant,
  userId: 'u-priya',
  username: 'priyasharma',
  version: '3',
  writtenAt: 1_795_685_400_250,
}

interface Readable {
  readonly $ref?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly allOf?: readonly Json[]
  readonly oneOf?: readonly Json[]
  readonly anyOf?: readonly Json[]
  readonly type?: string | readonly string[]
  readonly minimum?: number
  readonly items?: Json
  readonly properties?: Readonly<Record<string, Json>>
  readonly required?: readonly string[]
}

/** What must be there; where nothing must, all that can be written. */
function objectOf({ properties = {}, required = [] }: Readable, schemas: Schemas): Json {
  const names = Object.keys(properties).filter((name) =>
    required.length > 0 ? required.includes(name) : properties[name]?.['readOnly'] !== true,
  )
  return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name] ?? {}, schemas, name)]))
}

/**
 * @param field name under which the value stands
 * @returns a value that the schema allows
 */
export function exampleOf(schema: Json, schemas: Schemas, field = ''): unknown {
  const readable = schema as Readable
  const { $ref, allOf, oneOf, anyOf, type } = readable
  if ($ref !== undefined) return exampleOf(schemas[$ref.split('/').at(-1) ?? ''] ?? {}, schemas, field)
  if (allOf !== undefined) return exampleOf(Object.assign({}, ...allOf), schemas, field)
  if ('const' in readable) return readable.const
  if (readable.enum !== undefined) return readable.enum[0]
  const [first] = oneOf ?? anyOf ?? []
  if (first !== undefined) return exampleOf(first, schemas, field)
  const kind = typeof type === 'string' ? type : type?.[0]
  if (kind === 'object') return objectOf(readable, schemas)
  if (kind === 'array') return [exampleOf(readable.items ?? {}, schemas)]
  if (Object.hasOwn(byField, field)) return byField[field]
  if (kind === 'boolean') return false
  return kind === 'integer' ? (readable.minimum ?? 0) : 'text'
}

/** A refusal as it comes, for each code. */
export function refusalExample(code: Code): Json {
  const [status, message] = codes[code]
  const details = code === 'VALIDATION_FAILED' && {
    details: [{ field: 'email', message: 'must be an email address' }],
  }
  const wait = (status === 429 || status === 503) && { retryAfterSeconds: status === 429 ? 60 : 1 }
  return { value: { success: false, error: { code, message, ...details, ...wait }, requestId } }
}
