/** Puts one emulated service on a port of this machine: books its calls, holds functions to their rights, applies faults. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { foreignMessage, headerPairs, isForeign } from '../foreign.ts'
import { type Invocation, invocationHeader, invocationOf } from './attribution.ts'
import { readBody } from './body.ts'
import type { Calls } from './calls.ts'
import type { Fault, Faults } from './faults.ts'
import type { Iam } from './iam.ts'
import { nearby } from './nearby.ts'
import {
  type Contention,
  type Service,
  ServiceError,
  type WireCall,
  type WireReply,
  type WireRequest,
} from './wire.ts'

export interface Listener {
  readonly url: string
  close(): Promise<void>
}

interface Books {
  readonly calls: Calls
  readonly faults: Faults
  /** Hosts that may ask beside the loopback. */
  readonly trustedHosts: readonly string[]
  readonly iam: Iam
}

/** Listens on 127.0.0.1, on a port the system chooses. */
export async function listen(service: Service, books: Books): Promise<Listener> {
  const server = createServer((incoming, outgoing) => {
    // A reply that cannot be written is none.
    answer(service, books, incoming, outgoing).catch(() => outgoing.destroy())
  })
  // An SDK client would now and then write on a connection that is being closed, and count a call twice.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  nearby.set(port, (request, invocation) => {
    if (books.faults.pending().length > 0) return undefined
    return answerNearby(service, books, request, invocation)
  })
  const close = () => {
    nearby.delete(port)
    return closeServer(server)
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

async function answerNearby(
  service: Service,
  books: Books,
  request: WireRequest,
  invocation: Invocation | undefined,
): Promise<WireReply> {
  try {
    const reply = await withFaults(service, books, request, invocation)
    if (typeof reply === 'string') throw new Error('A fault came in between')
    return reply
  } catch (error) {
    if (error instanceof ServiceError) return service.refuse(error)
    console.error(`The emulated ${service.name} failed:`, error)
    return service.refuse(service.broken)
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function answer(
  service: Service,
  books: Books,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  let reply: WireReply | 'torn' | 'silence'
  try {
    reply = await judged(service, books, incoming)
  } catch (error) {
    // The caller has gone.
    if (incoming.destroyed && !incoming.complete) return
    console.error(`The emulated ${service.name} failed:`, error)
    reply = service.refuse(service.broken)
  }
  // The client gives up on silence by itself, and the connection goes with it.
  if (reply === 'silence') return
  if (reply === 'torn') incoming.socket.resetAndDestroy()
  else send(outgoing, reply)
}

const foreign = new ServiceError(403, 'AccessDeniedException', foreignMessage)

/** A call that the service refuses is neither made to fail nor, where it cannot even be told what it is, booked. */
async function judged(
  service: Service,
  books: Books,
  incoming: IncomingMessage,
): Promise<WireReply | 'torn' | 'silence'> {
  if (isForeign(headerPairs(incoming.rawHeaders), books.trustedHosts)) return service.refuse(foreign)
  try {
    const invocation = invocationOf(incoming.headers)
    return await withFaults(service, books, await readRequest(incoming), invocation)
  } catch (error) {
    if (error instanceof ServiceError) return service.refuse(error)
    throw error
  }
}

async function withFaults(
  service: Service,
  books: Books,
  request: WireRequest,
  invocation: Invocation | undefined,
): Promise<WireReply | 'torn' | 'silence'> {
  const call = service.identify(request)
  if (call === undefined) return perform(service, request, call)
  const { operation, table } = call
  books.calls.record(invocation, { service: service.name, operation, ...(table !== undefined && { table }) })
  const refusal = books.iam.refusalOf(service.name, request, call, invocation)
  if (refusal !== undefined) return deny(service, refusal)
  const fault = books.faults.take(service.name, call, invocation)
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false })
  return fault === undefined ? perform(service, request, call) : suffer(fault, service, request, call)
}

/** Told on the console too: a step only answers that it is unavailable. */
function deny(service: Service, refusal: string): WireReply {
  console.error(refusal)
  const [status, code] = service.denied ?? [403, 'AccessDenied']
  return service.refuse(new ServiceError(status, code, refusal))
}

/** What comes of a call that a fault hits. */
async function suffer(
  { mode }: Fault,
  service: Service,
  request: WireRequest,
  call: WireCall,
): Promise<WireReply | 'torn' | 'silence'> {
  switch (mode) {
    case 'fail-before':
      return service.refuse(service.broken)
    case 'hang':
      return 'silence'
    case 'reset-before':
      return 'torn'
    case 'throttle':
    case 'conflict':
    case 'capacity':
      return contended(mode, service, request, call)
  }
  const reply = await perform(service, request, call)
  if (mode === 'fail-after') return service.refuse(service.broken)
  return mode === 'reset-after' ? 'torn' : reply
}

const contended = (kind: Contention, service: Service, request: WireRequest, call: WireCall) =>
  service.contended?.(kind, request, call) ?? service.refuse(service.throttled)

async function perform(
  service: Service,
  request: WireRequest,
  call: WireCall | undefined,
): Promise<WireReply> {
  try {
    return await service.perform(request, call)
  } catch (error) {
    if (error instanceof ServiceError) return service.refuse(error)
    throw error
  }
}

async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  // Taken apart by hand: URL would resolve dots and double slashes, which may stand in an object's key.
  const [path = '/', query] = (incoming.url ?? '/').split('?', 2)
  const { [invocationHeader]: _taken, ...headers } = incoming.headers
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers,
    body: await readBody(incoming),
  }
}

function send(outgoing: ServerResponse, reply: WireReply): void {
  const body = reply.body ?? ''
  outgoing.writeHead(reply.status, {
    'x-amzn-requestid': randomUUID(),
    'content-length': Buffer.byteLength(body),
    ...(reply.headers as Record<string, string | string[] | number> | undefined),
    // By the moved clock: the SDK takes a difference of minutes for skew, and repeats refused calls because of it.
    date: new Date().toUTCString(),
  })
  outgoing.end(body)
}
