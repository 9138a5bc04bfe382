/** The OpenAPI 3.1 document, made from the table of routes. */
import * as z from 'zod/mini'
import { type Code, codes } from './codes.ts'
import { failure, replyData, topLevel } from './replies.ts'
import { codesOf, type Route, type RouteId, routes } from './routes.ts'
import {
  anyIdentifier,
  bodies,
  email,
  emailOrUsername,
  passwordHash,
  phone,
  shownOnly,
  userId,
  username,
} from './schemas.ts'

type Json = Record<string, unknown>

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

/** JSON Schema of a zod schema, as OpenAPI embeds it. */
function schemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const format = formats.get(zodSchema)
      if (format !== undefined) jsonSchema.format = format
      if (readOnly.has(zodSchema)) jsonSchema.readOnly = true
      if (jsonSchema.pattern !== undefined) jsonSchema.pattern = speltOut(jsonSchema.pattern)
    },
  }) as Json
  return rest
}

function successSchema(id: RouteId): Json {
  const data = schemaOf(replyData[id], 'output')
  const top = Object.fromEntries((topLevel[id] ?? []).map((name) => [name, { type: 'string' }]))
  const properties = { success: { const: true }, message: { type: 'string' }, data, ...top }
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}

const json = (schema: Json) => ({ 'application/json': { schema } })
const requestIdHeader = {
  'x-request-id': { description: 'Names this request in logs and ledger', schema: { type: 'string' } },
}
const retryAfterHeader = {
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 } },
}

/** One response for each status, with the codes it may carry. */
function refusals(route: Route): Json {
  const byStatus = Map.groupBy(codesOf(route), (code: Code) => codes[code][0])
  return Object.fromEntries(
    [...byStatus].map(([status, these]) => [
      String(status),
      {
        description: these.map((code) => `\`${code}\`: ${codes[code][1]}`).join('\n\n'),
        headers: { ...requestIdHeader, ...([429, 503].includes(status) && retryAfterHeader) },
        content: json({ $ref: '#/components/schemas/Failure' }),
      },
    ]),
  )
}

const security = { public: [], session: [{ session: [] }], admin: [{ iam: [] }] } as const

/** A body schema as callers must send it: exactly one of two keys is a rule that `oneOf` can say. */
function bodySchema(id: keyof typeof bodies): Json {
  const schema = schemaOf(bodies[id], 'input')
  const choices: Partial<Record<keyof typeof bodies, [string, string]>> = {
    emailReset: ['otp', 'token'],
    pinResetRequest: ['userId', 'phone'],
    pinReset: ['userId', 'phone'],
    pinSet: ['userId', 'phone'],
  }
  const choice = choices[id]
  return choice ? { ...schema, oneOf: choice.map((name) => ({ required: [name] })) } : schema
}

function operation(id: RouteId, route: Route): Json {
  const success = {
    description: 'Done',
    headers: requestIdHeader,
    content: json(successSchema(id)),
  }
  const parameters = [
    ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: name === 'userId' ? schemaOf(userId, 'input') : { type: 'string', minLength: 1 },
    })),
    ...(route.query ?? []).map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
  ]
  return {
    operationId: id,
    summary: route.summary,
    security: security[route.access],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: { required: route.bodyOptional !== true, content: json(bodySchema(route.body)) },
    }),
    responses: { 200: success, ...(route.created && { 201: success }), ...refusals(route) },
  }
}

/** @returns the document; the same for the same table. */
export function openApi(): Json {
  const paths: Record<string, Json> = {}
  for (const [id, route] of Object.entries(routes as Record<RouteId, Route>))
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operation(id as RouteId, route),
    }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version: '1',
      description: 'PIN and password recovery by one-time code. Every reply has the same envelope.',
    },
    paths,
    components: {
      schemas: { Failure: schemaOf(failure, 'output') },
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', description: 'The accessToken of a login' },
        iam: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4, as an IAM principal that may call the admin routes',
        },
      },
    },
  }
}
