/** The routes under `/_local`: the inbox, and the handles by which tests and developers move the stack. Plain JSON. */
import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import * as z from 'zod/mini'
import { securityHeaders } from '#shared/edge/headers.ts'
import { policy } from '#shared/policy.ts'
import { foreignMessage, isForeign } from '../foreign.ts'
import { inboxPage, inboxPagePolicy } from '../pages/inbox.ts'
import type { Calls } from '../services/calls.ts'
import { type Faults, InvalidFault } from '../services/faults.ts'
import type { Inbox } from '../services/inbox.ts'
import type { GatewayRequest, GatewayResponse } from './message.ts'

export interface LocalPorts {
  /** Hosts that may ask beside the loopback. */
  readonly trustedHosts?: readonly string[]
  readonly inbox: Pick<Inbox, 'messages'>
  readonly faults: Pick<Faults, 'post'>
  readonly calls: Pick<Calls, 'byRequest' | 'byFunction'>
  /** @returns where the clock stands now. @throws RangeError for a move it cannot make. */
  advanceClock(seconds: number): Promise<{ readonly now: string; readonly offsetSeconds: number }>
  setThrottling(enabled: boolean): void
  setSourceIp(ip: string): void
  deadLetters(): readonly unknown[]
  dropDeadLetters(): void
  /** What a client of the emulated services needs in its environment. */
  environment(): Readonly<Record<string, string>>
}

/** What was asked for is not as it should be; the message says how. */
class BadRequest extends Error {}

type Answer = (request: GatewayRequest, query: URLSearchParams) => unknown

const page = Symbol('page')

const routesOf = (ports: LocalPorts): Record<string, Readonly<Record<string, Answer>>> => ({
  '/_local': { GET: () => page },
  '/_local/messages': { GET: (_request, query) => messages(ports, query) },
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
  '/_local/dead-letters': {
    GET: () => ports.deadLetters(),
    DELETE: () => {
      ports.dropDeadLetters()
      return { dropped: true }
    },
  },
  '/_local/environment': { GET: () => ports.environment() },
})

/** @returns what answers the paths `/_local` and below; it never rejects. */
export function createLocalRoutes(ports: LocalPorts): (request: GatewayRequest) => Promise<GatewayResponse> {
  const routes = routesOf(ports)
  return async (request) => {
    if (isForeign(request.headers, ports.trustedHosts)) return json(403, { error: foreignMessage })
    const [path = '', ...rest] = request.target.split('?')
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
      return value === page ? html(inboxPage(ports.inbox.messages())) : json(200, value)
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

/** A `+` that was not encoded arrives as a space, which stands in no address. */
function messages(ports: LocalPorts, query: URLSearchParams): unknown {
  return ports.inbox.messages(query.get('to')?.replaceAll(' ', '+').toLowerCase())
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

function html(body: string): GatewayResponse {
  const type = { 'Content-Type': 'text/html; charset=utf-8', 'x-request-id': randomUUID() }
  return {
    status: 200,
    headers: { ...securityHeaders, ...type, 'Content-Security-Policy': inboxPagePolicy },
    body,
  }
}
