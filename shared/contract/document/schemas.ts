/** The schemas of the OpenAPI document, each by its name: bodies as callers write them, replies as they read them. */
import * as z from 'zod/mini'
import { failure, replyData, replyNames, topLevel } from '../replies.ts'
import type { RouteId } from '../routes.ts'
import {
  anyIdentifier,
  type BodyId,
  bodies,
  bodyParts,
  choices,
  email,
  emailOrUsername,
  passwordHash,
  phone,
  shownOnly,
  userId,
  username,
} from '../schemas.ts'

export type Json = Record<string, unknown>
export type Schemas = Readonly<Record<string, Json>>

const pointerTo = (name: string) => `#/components/schemas/${name}`
export const refTo = (name: string): Json => ({ $ref: pointerTo(name) })

const capitalised = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)

/** Rules that no pattern can say in full, by a name: what is of the format is taken, what is not is refused. */
const formats = new Map<z.core.$ZodType, string>([
  [email, 'email'],
  [phone, 'phone'],
  [username, 'username'],
  [emailOrUsername, 'email-or-username'],
  [anyIdentifier, 'email-or-username-or-phone'],
  [passwordHash, 'password-hash'],
])

const readOnly = new Set<z.core.$ZodType>(Object.values(shownOnly))

/** Control characters one by one, for validators that know no classes of Unicode. */
const speltOut = (pattern: string) => pattern.replaceAll('\\P{Cc}', '[^\\u0000-\\u001f\\u007f-\\u009f]')

/** Generators make an enum of a boolean that is one value, which Swift has none of. In two parts it stays a boolean to them. */
const always = (value: boolean) => ({ allOf: [{ type: 'boolean' as const }, { const: value }] })

function adapt(zodSchema: z.core.$ZodType, schema: z.core.JSONSchema.BaseSchema): void {
  const format = formats.get(zodSchema)
  if (format !== undefined) schema.format = format
  if (readOnly.has(zodSchema)) schema.readOnly = true
  // The format says it; the pattern of the calendar beside it only fills the document.
  if (schema.format === 'date-time') delete schema.pattern
  if (schema.pattern !== undefined) schema.pattern = speltOut(schema.pattern)
  if (typeof schema.const === 'boolean') {
    Object.assign(schema, always(schema.const))
    delete schema.type
    delete schema.const
  }
  if (schema.type === 'integer' && schema.maximum === Number.MAX_SAFE_INTEGER) {
    // Generators take an integer of no format for one of 32 bits, which no epoch millisecond fits into.
    schema.format = 'int64'
    delete schema.maximum
    if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  }
}

/** JSON Schemas of zod schemas by name; one that is part of another is referred to. */
function named(schemas: ReadonlyMap<z.core.$ZodType, string>, io: 'input' | 'output'): Record<string, Json> {
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of schemas) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, {
    io,
    uri: pointerTo,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => adapt(zodSchema, jsonSchema),
  })
  return Object.fromEntries(
    Object.entries(made.schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema]),
  )
}

export const bodyName = (id: BodyId): string => `${capitalised(id)}Body`

/** Of a body with a choice: one closed object for each key of it, so that neither both nor none of them can be written. */
function variantsOf(id: BodyId, schema: Json, keys: readonly string[]): Record<string, Json> {
  const { properties, required = [], ...rest } = schema as { properties: Json; required?: string[] }
  const variants = keys.map((key) => {
    const own = Object.entries(properties).filter(([name]) => name === key || !keys.includes(name))
    const name = `${capitalised(id)}By${capitalised(key)}Body`
    return [name, { ...rest, properties: Object.fromEntries(own), required: [key, ...required] }] as const
  })
  return {
    [bodyName(id)]: { oneOf: variants.map(([name]) => refTo(name)) },
    ...Object.fromEntries(variants),
  }
}

function bodySchemas(): Schemas {
  const ids = Object.keys(bodies) as BodyId[]
  const parts = Object.entries(bodyParts).map(([name, schema]) => [schema, name] as const)
  const names = new Map<z.core.$ZodType, string>([
    ...parts,
    ...ids.map((id) => [bodies[id], bodyName(id)] as const),
  ])
  const plain = named(names, 'input')
  const chosen = ids.map((id) => {
    const keys = choices.get(bodies[id])
    return keys ? variantsOf(id, plain[bodyName(id)] ?? {}, keys) : {}
  })
  return Object.assign(plain, ...chosen)
}

const sharedNames = new Map<z.core.$ZodType, string>(
  Object.entries(replyNames).map(([name, schema]) => [schema, name]),
)
/** What one route alone gives is named after it. */
const dataName = (id: RouteId) => sharedNames.get(replyData[id]) ?? `${capitalised(id)}Data`

/** Name of the whole reply of a route that succeeds. */
export const replyName = (id: RouteId): string => `${dataName(id).replace(/Data$/, '')}Reply`

function replyEnvelope(id: RouteId): Json {
  const top = Object.fromEntries((topLevel[id] ?? []).map((name) => [name, { type: 'string' }]))
  const properties = {
    success: always(true),
    message: { type: 'string' },
    data: refTo(dataName(id)),
    ...top,
  }
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}

function replySchemas(): Schemas {
  const ids = Object.keys(replyData) as RouteId[]
  const names = new Map<z.core.$ZodType, string>([
    ...ids.map((id) => [replyData[id], dataName(id)] as const),
    ...sharedNames,
    [failure, 'Failure'],
  ])
  const data = named(names, 'output')
  const { oneOf } = data['LoginOutcome'] as { oneOf: readonly Json[] }
  return {
    ...data,
    LoginOutcome: {
      oneOf,
      discriminator: {
        propertyName: 'outcome',
        mapping: { SIGNED_IN: pointerTo('SignedIn'), MFA_REQUIRED: pointerTo('MfaRequired') },
      },
    },
    ...Object.fromEntries(ids.map((id) => [replyName(id), replyEnvelope(id)])),
  }
}

/** `components.schemas`, sorted by name. */
export function allSchemas(): Schemas {
  const all = { ...bodySchemas(), ...replySchemas() }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Of the part of a path that names an identity. */
export const pathUserId = (): Json => {
  const { $schema: _, ...schema } = z.toJSONSchema(userId, { io: 'input' })
  return schema
}
