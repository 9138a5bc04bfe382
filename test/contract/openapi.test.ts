/** The OpenAPI document as a generator of clients reads it: every type has a name, and no type allows what the service refuses. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { openApi } from '#shared/contract/openapi.ts'
import { codesOf, type Route, type RouteId, routeOf, routes } from '#shared/contract/routes.ts'
import { bodies, choices } from '#shared/contract/schemas.ts'

type Schema = Readonly<Record<string, unknown>>
interface Content {
  readonly content: {
    readonly 'application/json': {
      readonly schema: { readonly $ref?: string }
      readonly example?: unknown
      readonly examples?: Readonly<Record<string, { readonly $ref: string }>>
    }
  }
}
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, unknown>>[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content>>
}
interface Document {
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>
    readonly securitySchemes: Readonly<Record<string, Schema>>
  }
}

const document = openApi() as unknown as Document
const { schemas, examples, securitySchemes } = document.components
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
const media = ({ content }: Content) => content['application/json']
const contents = operations.flatMap(({ operationId, requestBody, responses }) => [
  ...(requestBody ? [{ place: `${operationId} body`, ...media(requestBody) }] : []),
  ...Object.entries(responses).map(([status, reply]) => ({
    place: `${operationId} ${status}`,
    ...media(reply),
  })),
])

const ajv = new Ajv2020({ strict: false })
for (const [, format = ''] of JSON.stringify(document).matchAll(/"format":"([^"]+)"/g))
  ajv.addFormat(format, true)
ajv.addSchema({ $id: 'document', components: document.components })
const validatorOf = (name: string): ValidateFunction =>
  ajv.compile({ $ref: `document#/components/schemas/${name}` })
const nameOf = ($ref = '') => $ref.split('/').at(-1) ?? ''
const refsIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref)

describe('names', () => {
  test('every body and every reply is a schema with a name of its own', () => {
    const inline = contents.filter(({ schema }) => Object.keys(schema).join() !== '$ref')
    expect(contents.length).toBeGreaterThan(200)
    expect(inline.map(({ place }) => place)).toEqual([])
  })

  test('every reference leads to something, and nothing is named that nobody refers to', () => {
    const all = new Set(refsIn(document))
    const there = [
      ...Object.keys(schemas).map((name) => `#/components/schemas/${name}`),
      ...Object.keys(examples).map((name) => `#/components/examples/${name}`),
    ]
    expect([...all].sort()).toEqual(there.sort())
  })

  test('no object within another goes without a name, nor is any open but an entry of the ledger', () => {
    const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null
    const inner = (schema: unknown): Schema[] =>
      isObject(schema)
        ? [...(schema['type'] === 'object' ? [schema] : []), ...Object.values(schema).flatMap(inner)]
        : []
    const nested = Object.entries(schemas).filter(([, schema]) => inner(schema).length > 1)
    const open = Object.entries(schemas).filter(
      ([, { type, additionalProperties }]) => type === 'object' && additionalProperties !== false,
    )
    expect(nested.map(([name]) => name)).toEqual([])
    expect(open.map(([name]) => name)).toEqual(['LedgerEntry'])
  })
})

describe('operations', () => {
  test('each has an id of its own, a sentence, a tag that is told, and a kind of proof that is told', () => {
    const ids = operations.map(({ operationId }) => operationId)
    expect(ids.sort()).toEqual(Object.keys(routes).sort())
    const told = document.tags.map(({ name }) => name)
    for (const { operationId, summary, tags, security } of operations) {
      expect(summary, operationId).not.toBe('')
      expect(told, operationId).toContain(tags[0])
      const access = routeOf(operationId as RouteId).access
      const scheme = { public: [], session: ['bearer'], admin: ['sigv4'] }[access]
      expect(
        security.flatMap((each) => Object.keys(each)),
        operationId,
      ).toEqual(scheme)
      expect(Object.keys(securitySchemes)).toEqual(expect.arrayContaining(scheme))
    }
  })

  test('each tells every status that its route can answer, with an example of each refusal', () => {
    for (const { operationId, responses } of operations) {
      const route: Route = routeOf(operationId as RouteId)
      const statuses = new Set(codesOf(route).map((code) => String(codes[code][0])))
      const given = Object.entries(responses).filter(([status]) => !status.startsWith('2'))
      expect(new Set(given.map(([status]) => status)), operationId).toEqual(statuses)
      const shown = given.flatMap(([, reply]) => Object.keys(media(reply).examples ?? {}))
      expect(shown.sort(), operationId).toEqual(codesOf(route).toSorted())
    }
  })

  test('the first server is the one that npm start has', () => {
    expect(document.servers[0]?.url).toBe('http://127.0.0.1:3000')
  })
})

describe('examples', () => {
  test('every body and every success has one, which its schema allows', () => {
    const own = contents.filter(({ schema }) => nameOf(schema.$ref) !== 'Failure')
    for (const { place, schema, example } of own) {
      const validate = validatorOf(nameOf(schema.$ref))
      expect(validate(example), `${place}: ${ajv.errorsText(validate.errors)}`).toBe(true)
    }
  })

  test('every refusal’s example is a failure', () => {
    const validate = validatorOf('Failure')
    for (const [code, { value }] of Object.entries(examples)) expect(validate(value), code).toBe(true)
  })

  test('the service reads the examples of all bodies', () => {
    for (const { operationId, requestBody } of operations) {
      const { body } = routeOf(operationId as RouteId)
      if (body === undefined || requestBody === undefined) continue
      const read = bodies[body].safeParse(media(requestBody).example)
      expect(read.error?.issues ?? [], operationId).toEqual([])
    }
  })
})

const bodyNameOf = (id: string) => `${id.charAt(0).toUpperCase()}${id.slice(1)}Body`
const variantsOf = (name: string) =>
  ((schemas[name]?.['oneOf'] ?? []) as readonly { $ref: string }[]).map(({ $ref }) => nameOf($ref))
const propertiesOf = (name: string) => Object.keys((schemas[name]?.['properties'] ?? {}) as object)

describe('a body with a choice', () => {
  const chosen = Object.entries(bodies).flatMap(([id, body]) => {
    const keys = choices.get(body)
    return keys ? [{ id, body, keys }] : []
  })

  test('is one of closed objects, one for each key', () => {
    expect(chosen.map(({ id }) => id).sort()).toEqual(['emailReset', 'pinReset', 'pinResetRequest', 'pinSet'])
    for (const { id, keys } of chosen) {
      const variants = variantsOf(bodyNameOf(id))
      expect(variants).toHaveLength(keys.length)
      for (const [index, variant] of variants.entries()) {
        expect(propertiesOf(variant)).not.toContain(keys[1 - index])
        expect(schemas[variant]?.['required']).toContain(keys[index])
        expect(schemas[variant]?.['additionalProperties']).toBe(false)
      }
    }
  })

  const values: Readonly<Record<string, string>> = {
    email: 'a@example.com',
    userId: 'u-1',
    phone: '+919876543210',
    otp: '123456',
    token: 't',
    newPassword: 'x',
    newPin: '482915',
    pin: '482915',
  }
  const given = (names: readonly string[]) =>
    Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]))

  test.each(chosen)(
    '$id with both keys or none is refused by document and service alike',
    ({ id, body, keys }) => {
      const validate = validatorOf(bodyNameOf(id))
      const names = variantsOf(bodyNameOf(id)).flatMap(propertiesOf)
      const others = names.filter((name) => !(keys as readonly string[]).includes(name))
      const verdicts = [[keys[0]], [keys[1]], [], keys].map((chosenKeys) => {
        const whole = given([...others, ...chosenKeys])
        return [validate(whole), body.safeParse(whole).success]
      })
      expect(verdicts).toEqual([
        [true, true],
        [true, true],
        [false, false],
        [false, false],
      ])
    },
  )
})

describe('the two replies of a login', () => {
  const outcome = schemas['LoginOutcome'] as {
    readonly oneOf: readonly { readonly $ref: string }[]
    readonly discriminator: {
      readonly propertyName: string
      readonly mapping: Readonly<Record<string, string>>
    }
  }

  test('are told apart by one field that both of them have', () => {
    expect(outcome.oneOf.map(({ $ref }) => nameOf($ref))).toEqual(['SignedIn', 'MfaRequired'])
    const { propertyName, mapping } = outcome.discriminator
    for (const [value, $ref] of Object.entries(mapping)) {
      const { properties, required } = schemas[nameOf($ref)] as {
        properties: Record<string, { const?: unknown }>
        required: string[]
      }
      expect(required).toContain(propertyName)
      expect(String(properties[propertyName]?.const)).toBe(value)
    }
  })

  test('ask of a normal login nothing that belongs to one with a code', () => {
    const validate = validatorOf('LoginOutcomeReply')
    const signedIn = { outcome: 'SIGNED_IN', accessToken: 't', expiresInSeconds: 1 }
    const reply = (data: object) => validate({ success: true, message: '', data })
    expect(reply({ ...signedIn, mfaRequired: false })).toBe(true)
    expect(reply(signedIn)).toBe(false)
    expect(reply({ ...signedIn, mfaRequired: true })).toBe(false)
  })
})
