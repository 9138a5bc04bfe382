/** Requests as bytes on the wire, so that nothing a client library would forbid or mend is out of reach. */
import { Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'

export interface WireRequest {
  readonly method: string
  readonly target: string
  /** In order; a name may come more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** A string is sent in UTF-8, lone surrogates as U+FFFD. */
  readonly body: string | Uint8Array
  readonly chunked: boolean
  /** Of 127.0.0.0/8: where the request comes from. */
  readonly from?: string
}

export interface WireReply {
  readonly status: number
  /** Names in lower case; of several the last. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const agent = new Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 64 })
const noAnswerMs = 35_000

const headersOf = (raw: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    raw.flatMap((name, place) => (place % 2 === 0 ? [[name.toLowerCase(), raw[place + 1] ?? '']] : [])),
  )

/** A kept connection that the server closed just then was not read from: the request goes out once more, as clients do. */
class ClosedMeanwhile extends Error {}

/** @throws Error where no reply comes */
export async function send(url: string, wanted: WireRequest): Promise<WireReply> {
  for (;;)
    try {
      return await sendOnce(url, wanted)
    } catch (error) {
      if (!(error instanceof ClosedMeanwhile)) throw error
    }
}

function sendOnce(url: string, wanted: WireRequest): Promise<WireReply> {
  const { hostname, port, host } = new URL(url)
  const body = Buffer.from(wanted.body as string)
  const length = wanted.chunked ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(body.length)]
  const hasBody = body.length > 0 || !['GET', 'HEAD', 'OPTIONS', 'TRACE', 'DELETE'].includes(wanted.method)
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      hostname,
      port,
      agent,
      method: wanted.method,
      path: wanted.target,
      setDefaultHeaders: false,
      headers: ['Host', host, ...wanted.headers.flat(), ...(hasBody ? length : [])] as never,
      ...(wanted.from !== undefined && { localAddress: wanted.from }),
    })
    outgoing.setTimeout(noAnswerMs, () => outgoing.destroy(new Error('no answer')))
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      const isOld = outgoing.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '')
      reject(isOld ? new ClosedMeanwhile() : error)
    })
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.once('error', reject)
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: incoming.statusCode ?? 0, headers: headersOf(incoming.rawHeaders), body: text })
      })
    })
    // In several pieces, which only a chunked body shows.
    for (let at = 0; at < body.length; at += 4096) outgoing.write(body.subarray(at, at + 4096))
    outgoing.end()
  })
}

/** Sends text that may be no HTTP at all. @returns the reply; undefined where the connection just ended. */
export function sendRaw(url: string, text: string): Promise<WireReply | undefined> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.end(text, 'latin1'))
    let answer = ''
    socket.setTimeout(noAnswerMs, () => socket.destroy())
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.once('close', () => resolve(parse(answer)))
  })
}

function parse(answer: string): WireReply | undefined {
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const status = /^HTTP\/1\.1 ([0-9]{3}) /.exec(line)?.[1]
  if (status === undefined) return undefined
  const raw = lines.flatMap((each) => [
    each.slice(0, each.indexOf(':')),
    each.slice(each.indexOf(':') + 1).trim(),
  ])
  return { status: Number(status), headers: headersOf(raw), body: rest.join('\r\n\r\n') }
}
