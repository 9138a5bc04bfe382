/** The OpenAPI 3.1 document, made from the table of routes. */
import { type Code, codes } from './codes.ts'
import { exampleOf, refusalExample } from './document/examples.ts'
import {
  allSchemas,
  bodyName,
  type Json,
  pathUserId,
  refTo,
  replyName,
  type Schemas,
} from './document/schemas.ts'
import { type Access, codesOf, type Route, type RouteId, routes } from './routes.ts'

const requestIdHeader = {
  'x-request-id': { description: 'Names this request in logs and ledger', schema: { type: 'string' } },
}
const retryAfterHeader = {
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 } },
}

const securityOf: Readonly<Record<Access, readonly Json[]>> = {
  public: [],
  session: [{ bearer: [] }],
  admin: [{ sigv4: [] }],
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'The `accessToken` of a sign-in' },
  sigv4: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    'x-amazon-apigateway-authtype': 'awsSigv4',
    description:
      'AWS Signature Version 4 (service `execute-api`), as a principal that may call the admin routes. The stack on one machine asks for none.',
  },
}

const servers = [
  { url: 'http://127.0.0.1:3000', description: 'The stack on one machine (`npm start`)' },
  {
    url: 'https://{host}',
    description: 'A deployed stage',
    variables: { host: { default: 'accounts.api.example', description: '`domain.name` of the stage' } },
  },
]

/** Groups of routes, by the first pattern that a path is of. */
const tags = [
  ['Admin', /^\/admin\//, 'For the team’s own backend, signed with IAM'],
  ['Pin', /^\/api\/pin\//, 'Setting, proving and resetting a PIN'],
  ['Password', /password|^\/api\/auth\/verify-reset-otp$/, 'Resetting and changing a password'],
  ['Sessions', /^\/api\/auth\//, 'Signing in, sessions and their factors'],
  ['Account', /^\/api\//, 'Consent, and disowning a change'],
  ['Service', /^\//, 'The service itself'],
] as const

const tagOf = ({ path }: Route): string => tags.find(([, pattern]) => pattern.test(path))?.[0] ?? ''

/** One response for each status, with the codes it may carry. */
function refusals(route: Route): Json {
  const byStatus = Map.groupBy(codesOf(route), (code: Code) => codes[code][0])
  return Object.fromEntries(
    [...byStatus].map(([status, these]) => [
      String(status),
      {
        description: these.map((code) => `\`${code}\`: ${codes[code][1]}`).join('\n\n'),
        headers: { ...requestIdHeader, ...([429, 503].includes(status) && retryAfterHeader) },
        content: {
          'application/json': {
            schema: refTo('Failure'),
            examples: Object.fromEntries(
              these.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
            ),
          },
        },
      },
    ]),
  )
}

const media = (name: string, schemas: Schemas) => ({
  'application/json': { schema: refTo(name), example: exampleOf(refTo(name), schemas) },
})

function parametersOf({ path, query = [] }: Route): Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const schema = name === 'userId' ? pathUserId() : { type: 'string', minLength: 1 }
    return { name, in: 'path', required: true, schema, example: exampleOf(schema, {}, name) }
  })
  return [...inPath, ...query.map((name) => ({ name, in: 'query', schema: { type: 'string' } }))]
}

function operation(id: RouteId, route: Route, schemas: Schemas): Json {
  const success = { headers: requestIdHeader, content: media(replyName(id), schemas) }
  const parameters = parametersOf(route)
  return {
    operationId: id,
    summary: route.summary,
    tags: [tagOf(route)],
    security: securityOf[route.access],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: { required: route.bodyOptional !== true, content: media(bodyName(route.body), schemas) },
    }),
    responses: {
      200: { description: 'Done', ...success },
      ...(route.created && { 201: { description: 'Made', ...success } }),
      ...refusals(route),
    },
  }
}

/** @returns the document; the same for the same table. */
export function openApi(): Json {
  const schemas = allSchemas()
  const rows = Object.entries(routes as Record<RouteId, Route>) as [RouteId, Route][]
  const paths: Record<string, Json> = {}
  for (const [id, route] of rows)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(id, route, schemas) }
  const used = new Set(rows.map(([, route]) => tagOf(route)))
  const told = new Set(rows.flatMap(([, route]) => codesOf(route)))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version: '1',
      description: 'PIN and password recovery by one-time code. Every reply has the same envelope.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers,
    tags: tags.filter(([name]) => used.has(name)).map(([name, , description]) => ({ name, description })),
    paths,
    components: {
      schemas,
      examples: Object.fromEntries([...told].sort().map((code) => [code, refusalExample(code)])),
      securitySchemes,
    },
  }
}
