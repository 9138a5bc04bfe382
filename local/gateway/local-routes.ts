/** The routes under `/_local`: the inbox, and the handles by which tests and developers move the stack. Plain JSON. */
import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import * as z from 'zod/mini'
import { securityHeaders } from '#shared/edge/headers.ts'
import { policy } from '#shared/policy.ts'
import { BadRequest } from '../bad-request.ts'
import { foreignMessage, isForeign } from '../foreign.ts'
import { Content } from '../pages/content.ts'
import { developerPolicy } from '../pages/developer.ts'
import { supportPath, type ViewPorts, viewsOf } from '../pages/views.ts'
import { type Faults, InvalidFault } from '../services/faults.ts'
import type { Inbox } from '../services/inbox.ts'
import type { GatewayRequest, GatewayResponse } from './message.ts'
import { messagesFor } from './messages.ts'

export interface LocalPorts extends ViewPorts {
  /** Hosts that may ask beside the loopback. */
  readonly trustedHosts?: readonly string[]
  readonly inbox: Pick<Inbox, 'messages' | 'placeOf' | 'added' | 'clear'>
  /** The stack ends: nobody waits any more. */
  readonly closing: AbortSignal
  readonly faults: Pick<Faults, 'post'>
  /** @returns where the clock stands now. @throws RangeError for a move it cannot make. */
  advanceClock(seconds: number): Promise<{ readonly now: string; readonly offsetSeconds: number }>
  setThrottling(enabled: boolean): void
  setSourceIp(ip: string): void
  /** @throws BadRequest that says what is wrong with the person asked for. */
  addIdentity(asked: unknown): Promise<unknown>
  /** What proves an entry of a person, for the support page. */
  receipt(userId: string, seq: string): Promise<{ readonly receipt: unknown } | { readonly problem: string }>
  /** Everything as at the start. */
  reset(): Promise<void>
  deadLetters(): readonly unknown[]
  dropDeadLetters(): void
  /** What a client of the emulated services needs in its environment. */
  environment(): Readonly<Record<string, string>>
}

type Answer = (request: GatewayRequest, query: URLSearchParams) => unknown

const routesOf = (ports: LocalPorts): Record<string, Readonly<Record<string, Answer>>> => ({
  ...Object.fromEntries(
    Object.entries(viewsOf(ports)).map(([path, view]) => [
      path,
      { GET: (_request: GatewayRequest, query: URLSearchParams) => view(query) },
    ]),
  ),
  '/_local/messages': {
    GET: (_request, query) => messagesFor(ports.inbox, query, ports.closing),
    DELETE: () => {
      ports.inbox.clear()
      return {}
    },
  },
  '/_local/events': { GET: (_request, query) => ports.events(query.get('userId') || undefined) },
  '/_local/clock': {
    POST: async (request) => advance(ports, read(request, z.strictObject({ advanceSeconds: z.number() }))),
  },
  '/_local/faults': { POST: (request) => ({ pending: ports.faults.post(parse(request)) }) },
  '/_local/calls': { GET: (_request, query) => calls(ports, query) },
  '/_local/throttle': {
    POST: (request) => {
      const { enabled } = read(request, z.strictObject({ enabled: z.boolean() }))
      ports.setThrottling(enabled)
      return { enabled }
    },
  },
  '/_local/source-ip': {
    PUT: (request) => {
      const { ip } = read(request, z.strictObject({ ip: z.string() }))
      if (isIP(ip) === 0) throw new BadRequest('ip: must be an IPv4 or IPv6 address')
      ports.setSourceIp(ip)
      return { ip }
    },
  },
  '/_local/identities': { POST: (request) => ports.addIdentity(parse(request)) },
  '/_local/reset': {
    POST: async (request) => {
      if (request.body.length > 0) read(request, z.strictObject({}))
      await ports.reset()
      return { reset: true }
    },
  },
  '/_local/dead-letters': {
    GET: () => ports.deadLetters(),
    DELETE: () => {
      ports.dropDeadLetters()
      return { dropped: true }
    },
  },
  [`${supportPath}/receipt`]: { GET: (_request, query) => receipt(ports, query) },
  '/_local/environment': { GET: () => ports.environment() },
})

/** @returns what answers the paths `/_local` and below; it never rejects. */
export function createLocalRoutes(ports: LocalPorts): (request: GatewayRequest) => Promise<GatewayResponse> {
  const routes = routesOf(ports)
  return async (request) => {
    if (isForeign(request.headers, ports.trustedHosts)) return json(403, { error: foreignMessage })
    const [asked = '', ...rest] = request.target.split('?')
    const path = asked.replace(/\/$/, '')
    if (request.body.length > policy.bodyMaxBytes)
      return json(413, { error: 'The body is larger than 10 KB.' })
    const methods = Object.hasOwn(routes, path) ? routes[path] : undefined
    if (methods === undefined) return json(404, { error: `There is nothing at ${path}.` })
    const answer = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
    if (answer === undefined) {
      const allowed = Object.keys(methods).join(', ')
      return json(405, { error: `${path} takes ${allowed}.` }, { Allow: allowed })
    }
    try {
      const value = await answer(request, new URLSearchParams(rest.join('?')))
      return value instanceof Content ? shown(value) : json(200, value)
    } catch (error) {
      const isClients = error instanceof BadRequest || error instanceof InvalidFault
      if (isClients) return json(400, { error: error.message })
      return json(500, { error: 'The local stack failed.' })
    }
  }
}

function parse(request: GatewayRequest): unknown {
  try {
    return JSON.parse(request.body.toString())
  } catch {
    throw new BadRequest('The body must be JSON.')
  }
}

function read<T extends z.ZodMiniType>(request: GatewayRequest, schema: T): z.output<T> {
  const result = schema.safeParse(parse(request))
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
  throw new BadRequest(problems.join('; '))
}

async function receipt(ports: LocalPorts, query: URLSearchParams): Promise<unknown> {
  const found = await ports.receipt(query.get('userId') ?? '', query.get('seq') ?? '')
  if ('problem' in found) throw new BadRequest(found.problem)
  return found.receipt
}

function calls(ports: LocalPorts, query: URLSearchParams): unknown {
  const requestId = query.get('requestId')
  const name = query.get('function')
  if (requestId !== null && name === null) return ports.calls.byRequest(requestId)
  if (name !== null && requestId === null) return ports.calls.byFunction(name)
  throw new BadRequest('Give either requestId or function.')
}

async function advance(ports: LocalPorts, body: { advanceSeconds: number }): Promise<unknown> {
  try {
    return await ports.advanceClock(body.advanceSeconds)
  } catch (error) {
    if (error instanceof RangeError) throw new BadRequest(`advanceSeconds: ${error.message}`)
    throw error
  }
}

function json(status: number, value: unknown, more: Record<string, string> = {}): GatewayResponse {
  const type = { 'Content-Type': 'application/json; charset=utf-8', 'x-request-id': randomUUID() }
  return { status, headers: { ...securityHeaders, ...type, ...more }, body: JSON.stringify(value) }
}

function shown({ type, body, policy: own = developerPolicy }: Content): GatewayResponse {
  const headers = { 'Content-Type': type, 'Content-Security-Policy': own }
  return { status: 200, headers: { ...securityHeaders, ...headers, 'x-request-id': randomUUID() }, body }
}
