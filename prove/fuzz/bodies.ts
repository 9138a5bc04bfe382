/** Bodies that the service takes, made from its schemas: for people of the cast, and for nobody. */
import fc, { type Arbitrary } from 'fast-check'
import * as z from 'zod/mini'
import { seedPasswordHash } from '#local/seed.ts'
import { type BodyId, bodies } from '#shared/contract/schemas.ts'
import type { Cast } from './cast.ts'

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly properties?: Record<string, Schema>
  readonly required?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const word = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: least, maxLength: most })
const digits = (count: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count })
/** Any character that no rule forbids, those of other planes among them. */
const printable = (most: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: most })
    .filter((text) => text.length <= most && !/\p{Cc}/u.test(text) && text.isWellFormed())
const padded = (text: Arbitrary<string>) => text.map((value) => `  ${value.toUpperCase()} `)

/** One arbitrary a field name: a schema says what is taken, not what is meant. */
function fieldsOf({ people }: Cast): Readonly<Record<string, Arbitrary<unknown>>> {
  const of = (name: 'email' | 'username' | 'phone' | 'userId' | 'password') =>
    fc.constantFrom(...people.map((person) => person[name]))
  const newEmail = fc.tuple(word(1, 20), word(1, 12)).map(([a, b]) => `${a}@${b}.example.com`)
  const email = fc.oneof(of('email'), newEmail, padded(newEmail))
  const username = fc.oneof(of('username'), word(2, 40))
  const phone = fc.oneof(
    of('phone'),
    digits(8).map((rest) => `+2010${rest}`),
    fc.constant('+91 98765 43210'),
  )
  const password = fc.oneof(
    of('password'),
    printable(40),
    fc.constant(''),
    fc.constant('Plum-Harbour-72-Vane'),
  )
  const pin = fc.oneof(digits(6), printable(8), fc.constantFrom('', '482915', '123456'))
  const token = fc.oneof(printable(60), fc.base64String({ minLength: 4, maxLength: 88 }))
  const short = printable(50)
  return {
    email,
    username,
    phone,
    identifier: fc.oneof(email, username),
    userId: fc.oneof(of('userId'), word(1, 64)),
    otp: digits(6),
    token,
    resetToken: token,
    challengeId: token,
    flowId: printable(64),
    ref: fc.stringMatching(/^[A-Za-z0-9]{4}$/),
    password,
    newPassword: password,
    pin,
    newPin: pin,
    locale: fc.constantFrom('en', 'ar', 'en-GB', 'zh-Hant-TW'),
    passwordHash: fc.oneof(fc.constant(seedPasswordHash), printable(200)),
    document: short.filter((name) => !(name in Object.prototype)),
    version: short,
    reason: printable(200),
    ...Object.fromEntries(
      ['acceptedAt', 'createdAt', 'updatedAt'].map((name) => [name, fc.constant('2026-11-26T00:00:00.000Z')]),
    ),
    ...Object.fromEntries(
      ['id', 'model', 'os', 'osVersion', 'appVersion'].map((name) => [name, printable(100)]),
    ),
  }
}

function arbitraryOf(name: string, schema: Schema, fields: ReturnType<typeof fieldsOf>): Arbitrary<unknown> {
  const field = fields[name]
  if (field && schema.type === 'string') return field
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => arbitraryOf(name, each, fields)))
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'array' && schema.items)
    return fc.array(arbitraryOf(name, schema.items, fields), { maxLength: 3 })
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type !== 'object') throw new Error(`What is ${name} like?`)
  const model = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, arbitraryOf(key, inner, fields)]),
  )
  return fc.record(model, { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true })
}

export type ValidBodies = (id: BodyId) => Arbitrary<Record<string, unknown>>

/** Of two keys that exclude each other one is dropped, or the other added: what is left is what the schema takes. */
export function validBodies(cast: Cast): ValidBodies {
  const fields = fieldsOf(cast)
  const either = [
    ['otp', 'token'],
    ['userId', 'phone'],
  ] as const
  const made = Object.entries(bodies).map(([id, schema]) => {
    const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema
    // The userId of an identity's body must be that of the path.
    if (id === 'identity') delete shape.properties?.['userId']
    const any = arbitraryOf(id, shape, fields) as Arbitrary<Record<string, unknown>>
    const optional = either.filter((pair) =>
      pair.every((name) => name in (shape.properties ?? {}) && !shape.required?.includes(name)),
    )
    const ensured = optional.reduce(
      (body, [a, b]) =>
        fc
          .tuple(body, fields[a] as Arbitrary<unknown>, fields[b] as Arbitrary<unknown>, fc.boolean())
          .map(([{ [a]: _a, [b]: _b, ...rest }, first, second, isFirst]) => ({
            ...rest,
            ...(isFirst ? { [a]: first } : { [b]: second }),
          })),
      any,
    )
    // The rules that no schema says in full, such as whether a number is possible, have the last word.
    return [id, ensured.filter((body) => schema.safeParse(body).success)] as const
  })
  const byId = Object.fromEntries(made) as Record<BodyId, Arbitrary<Record<string, unknown>>>
  return (id) => byId[id]
}
