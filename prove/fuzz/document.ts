/** What the OpenAPI document allows, judged by a JSON Schema validator that knows nothing of the service. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { type Code, codes } from '#shared/contract/codes.ts'
import { openApi } from '#shared/contract/openapi.ts'
import { codesOf, type Route, type RouteId, routes } from '#shared/contract/routes.ts'
import { securityHeaders } from '#shared/edge/headers.ts'
import type { WireReply, WireRequest } from '../http/wire.ts'

interface Media {
  readonly content: { readonly 'application/json': { readonly schema: object } }
}
interface Operation {
  readonly requestBody?: Media
  readonly responses: Readonly<Record<string, Media & { readonly headers: Readonly<Record<string, object>> }>>
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

const document = openApi() as unknown as Document
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

const ajv = new Ajv2020({ strict: false, allErrors: false })
ajv.addFormat('date-time', dateTime)
// The names of rules that no pattern says in full: nothing is refused by them here.
const formats = [...JSON.stringify(document).matchAll(/"format":"([^"]+)"/g)].map(([, name]) => name ?? '')
for (const format of new Set(formats)) if (format !== 'date-time') ajv.addFormat(format, true)
ajv.addSchema({ $id: 'document', components: document.components })

const compiled = new WeakMap<object, ValidateFunction>()
function validatorOf(schema: object): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  const text = JSON.stringify(schema).replaceAll('"#/components', '"document#/components')
  const made = ajv.compile(JSON.parse(text) as object)
  compiled.set(schema, made)
  return made
}

const patternOf = (path: string) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`)
const resources = Object.keys(document.paths)
  .map((path) => ({ path, pattern: patternOf(path) }))
  .sort((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')))

export interface Meant {
  /** As the document names it. */
  readonly path: string
  readonly operation: Operation | undefined
  readonly route: Route | undefined
}

/** The path and operation of the document that a request means, if any. */
export function meantBy({ method, target }: Pick<WireRequest, 'method' | 'target'>): Meant | undefined {
  const asked = target.split('?', 1)[0] ?? ''
  const path = resources.find(({ pattern }) => pattern.test(asked))?.path
  if (path === undefined) return undefined
  const rows = Object.values(routes as Record<RouteId, Route>)
  const route = rows.find((row) => row.path === path && row.method === method)
  const operation = route && document.paths[path]?.[method.toLowerCase()]
  return { path, operation, route }
}

/** @returns whether the document's schema takes the body; undefined where the operation has none. */
export function takesBody({ operation }: Meant, text: string): boolean | undefined {
  const schema = operation?.requestBody?.content['application/json'].schema
  return schema && validatorOf(schema)(JSON.parse(text))
}

const stackTrace = /node_modules|\bat (?:async )?[\w.<>]+ \(|file:\/\/|\.ts:\d|[A-Z]\w+Error\b/

/** What is wrong with a reply wherever it comes from. */
function faultsOfAny(reply: WireReply, request: WireRequest): string[] {
  const faults: string[] = []
  const missing = Object.keys(securityHeaders).filter(
    (name) => reply.headers[name.toLowerCase()] === undefined,
  )
  if (reply.status >= 500) faults.push(`status ${reply.status}`)
  if (reply.headers['x-request-id'] === undefined) faults.push('no x-request-id')
  if (missing.length > 0) faults.push(`without ${missing.join(', ')}`)
  if (stackTrace.test(reply.body)) faults.push('something of a stack trace')
  if (request.method === 'HEAD' && reply.body !== '') faults.push('a body to HEAD')
  return faults
}

/** A failure has the one envelope, a code of its status, and says when to come back where it has to. */
function faultsOfFailure(reply: WireReply, allowed: readonly Code[]): string[] {
  const body = JSON.parse(reply.body) as { error: { code: Code }; requestId: string }
  const isFailure = validatorOf(document.components.schemas['Failure'] ?? {})
  if (!isFailure(body)) return [`not the envelope of failures: ${ajv.errorsText(isFailure.errors)}`]
  const { code } = body.error
  const faults: string[] = []
  if (codes[code][0] !== reply.status) faults.push(`${code} with ${reply.status}`)
  if (!allowed.includes(code)) faults.push(`${code} is not a refusal of this route`)
  if (body.requestId !== reply.headers['x-request-id']) faults.push('requestId differs from x-request-id')
  return faults
}

function faultsOfOperation(operation: Operation, route: Route, reply: WireReply): string[] {
  const said = operation.responses[String(reply.status)]
  if (said === undefined) return [`status ${reply.status} is not in the document`]
  if (reply.status >= 400) {
    const isOwed = Object.keys(said.headers).filter((name) => reply.headers[name.toLowerCase()] === undefined)
    const retry = reply.headers['retry-after']
    return [
      ...faultsOfFailure(reply, codesOf(route)),
      ...isOwed.map((name) => `no ${name}`),
      ...(retry !== undefined && !/^[1-9][0-9]*$/.test(retry) ? [`Retry-After: ${retry}`] : []),
    ]
  }
  const validate = validatorOf(said.content['application/json'].schema)
  return validate(JSON.parse(reply.body)) ? [] : [`body: ${ajv.errorsText(validate.errors)}`]
}

/** What the gateway itself answers: wrong methods, unknown paths, and what is too large or no HTTP. */
const gatewayCodes: readonly Code[] = [
  'METHOD_NOT_ALLOWED',
  'NOT_FOUND',
  'BODY_TOO_LARGE',
  'VALIDATION_FAILED',
]

/** Bytes beyond ASCII in a target, or more headers than a server reads, are no HTTP: no operation is meant by them. */
const isNoHttp = ({ status, body }: WireReply) => status === 400 && body.includes('"field":"request"')

/** Everything in which a reply deviates from the document; empty where nothing does. */
export function faultsOf(request: WireRequest, reply: WireReply): string[] {
  const any = faultsOfAny(reply, request)
  if (reply.status === 204) return any
  const type = reply.headers['content-type'] ?? ''
  // Paths that name no route may name a hosted page.
  if (meantBy(request) === undefined && /^text\/(html|javascript|css)/.test(type)) return any
  if (type !== 'application/json; charset=utf-8') return [...any, `content-type ${type}`]
  if (request.method === 'HEAD') return any
  try {
    const meant = isNoHttp(reply) ? undefined : meantBy(request)
    const { operation, route } = meant ?? {}
    if (operation && route && reply.status !== 404)
      return [...any, ...faultsOfOperation(operation, route, reply)]
    const allowed = route ? [...codesOf(route), 'NOT_FOUND' as const] : gatewayCodes
    return [...any, ...faultsOfFailure(reply, allowed)]
  } catch (error) {
    return [...any, `unreadable: ${String(error)}`]
  }
}
