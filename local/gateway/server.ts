/** The HTTP server before the gateway: reads requests within bounds, writes responses, answers what is no HTTP. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { type AddressInfo, isIPv6, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { policy } from '#shared/policy.ts'
import { headerPairs } from '../foreign.ts'
import { describeProblem } from '../problem.ts'
import { type Dispatch, failedResponse, malformedResponse } from './dispatch.ts'
import type { GatewayRequest, GatewayResponse } from './message.ts'

/** What is still read, unseen, of a body that was refused: a connection closed on it would lose the reply. */
const discardBytes = 1024 * 1024
/** On a busy machine a second passes before what has arrived is read. */
const discardMs = 5000
/** Connections that wait while the process is busy: past them the system drops or resets what a client sends. */
const backlog = 4096
/** A stack that was killed, or whose npm was, lets its port go in less. */
const busyMs = 3000
const lookEveryMs = 50

export interface ServerOptions {
  /** 0: one that is free. */
  readonly port: number
  /** Name or address to listen on; 127.0.0.1 by default. */
  readonly host?: string
  /** The address that a request appears to come from. */
  readonly sourceIp: (socketAddress: string) => string
  readonly answer: Dispatch
  /** Takes one line for whoever runs the server, when `answer` failed. */
  readonly report: (problem: string) => void
}

export interface GatewayServer {
  readonly url: string
  close(): Promise<void>
}

/** Of a server that listens on every address, one that leads to it from this machine. */
const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '127.0.0.1' }

/**
 * @throws the system's error, such as EADDRINUSE, when the port cannot be had.
 */
export async function startServer(options: ServerOptions): Promise<GatewayServer> {
  const { host = '127.0.0.1' } = options
  const server = createServer()
  const respond = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    void handle(incoming, outgoing, options)
  }
  server.on('request', respond)
  // A client that asks first is not told to go on with a body that will be refused.
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!announcesTooMuch(incoming)) outgoing.writeContinue()
    respond(incoming, outgoing)
  })
  server.on('connect', (incoming: IncomingMessage, socket: Duplex) => {
    void answerRaw(socket, [incoming.method ?? '', incoming.url ?? ''], options)
  })
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
    else {
      const unknownMethod = error.code === 'HPE_INVALID_METHOD' ? requestLineOf(error.rawPacket) : undefined
      if (unknownMethod === undefined) writeRaw(socket, malformedResponse())
      else void answerRaw(socket, unknownMethod, options)
    }
  })
  await listening(server, options.port, host)
  const { port } = server.address() as AddressInfo
  const reached = everywhere[host] ?? host
  return {
    url: `http://${isIPv6(reached) ? `[${reached}]` : reached}:${port}`,
    close: () => closeServer(server),
  }
}

/** Waits for a port that a stack which is just ending still has. */
async function listening(server: Server, port: number, host: string): Promise<void> {
  const until = performance.now() + busyMs
  for (;;) {
    try {
      server.listen({ port, host, backlog })
      await once(server, 'listening')
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || performance.now() > until) throw error
    }
    await sleep(lookEveryMs)
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  try {
    const body = await readBody(incoming)
    send(incoming, outgoing, await answered(requestOf(incoming, body, options), options))
  } catch {
    // The client went away, or the response cannot be written: nobody is there to tell.
    outgoing.destroy()
  }
}

/** A client that gets no reply cannot tell a defect from a network that failed. */
function answered(request: GatewayRequest, { answer, report }: ServerOptions): Promise<GatewayResponse> {
  return answer(request).catch((error: unknown) => {
    report(`gateway: ${describeProblem(error)}`)
    return failedResponse()
  })
}

function requestOf(incoming: IncomingMessage, body: Buffer, options: ServerOptions): GatewayRequest {
  return {
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    headers: headerPairs(incoming.rawHeaders),
    body,
    sourceIp: options.sourceIp(incoming.socket.remoteAddress ?? ''),
  }
}

const announcesTooMuch = (incoming: IncomingMessage) =>
  Number(incoming.headers['content-length'] ?? 0) > policy.bodyMaxBytes

/** @returns the body; of one that is too large, one byte more than the limit and no more. */
function readBody(incoming: IncomingMessage): Promise<Buffer> {
  if (announcesTooMuch(incoming)) return Promise.resolve(Buffer.alloc(policy.bodyMaxBytes + 1))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const finish = () => {
      incoming.off('data', take)
      resolve(Buffer.concat(chunks).subarray(0, policy.bodyMaxBytes + 1))
    }
    const take = (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > policy.bodyMaxBytes) {
        incoming.pause()
        finish()
      }
    }
    incoming.on('data', take)
    incoming.once('end', finish)
    incoming.once('error', reject)
    incoming.once('close', () => reject(new Error('the client went away')))
  })
}

function send(incoming: IncomingMessage, outgoing: ServerResponse, response: GatewayResponse): void {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, value as string | string[]]),
  )
  const length = Buffer.byteLength(response.body)
  outgoing.writeHead(response.status, {
    ...headers,
    ...(response.status !== 204 && { 'Content-Length': length }),
    ...(!incoming.complete && { Connection: 'close' }),
  })
  if (incoming.complete || incoming.method === 'HEAD') {
    outgoing.end(response.body)
    return
  }
  outgoing.write(response.body)
  discard(incoming, () => outgoing.end())
}

/** Lets the client finish what it is sending, within bounds, so that it gets to read the reply. */
function discard(incoming: IncomingMessage, then: () => void): void {
  let bytes = 0
  const stop = () => {
    clearTimeout(timer)
    incoming.off('data', count)
    incoming.off('end', stop)
    incoming.off('close', stop)
    then()
  }
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > discardBytes) stop()
  }
  const timer = setTimeout(stop, discardMs)
  incoming.on('data', count)
  incoming.once('end', stop)
  incoming.once('close', stop)
  incoming.resume()
}

/** A method that Node does not know is still a method, and gets the answer of its path. */
function requestLineOf(packet: Buffer | undefined): [method: string, target: string] | undefined {
  const [, method, target] = /^([A-Z-]+) (\S+) HTTP\/1\.[01]\r\n/.exec(packet?.toString('latin1') ?? '') ?? []
  return method === undefined || target === undefined ? undefined : [method, target]
}

/** Answers where Node gives no response object. */
async function answerRaw(
  socket: Duplex,
  [method, target]: readonly [string, string],
  options: ServerOptions,
): Promise<void> {
  const sourceIp = options.sourceIp((socket as Socket).remoteAddress ?? '')
  writeRaw(socket, await answered({ method, target, headers: [], body: Buffer.alloc(0), sourceIp }, options))
}

function writeRaw(socket: Duplex, response: GatewayResponse): void {
  const headers = Object.entries(response.headers).map(([name, value]) => `${name}: ${String(value)}`)
  const status = `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`
  const length = `Content-Length: ${Buffer.byteLength(response.body)}`
  socket.end([status, ...headers, length, 'Connection: close', '', response.body].join('\r\n'))
}
