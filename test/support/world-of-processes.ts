/** A world whose routes are served by several processes over one set of services: requests go to them in turns. */
import { request as open } from 'node:http'
import { clientEnvironment } from '#local/environment.ts'
import { type Gateways, startGateways } from '#local/gateway/processes.ts'
import { startStack } from '#local/stack.ts'
import type { Response } from './reply.ts'
import { type Caller, type CallOptions, type World, worldOf } from './world.ts'

export interface WorldOfProcesses extends World {
  readonly processes: number
}

export async function createWorldOfProcesses(
  processes: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<WorldOfProcesses> {
  const given = { LOGIN_FLOOR_MS: '0', ...settings }
  const stack = await startStack({ api: false, throttling: false, settings: given })
  const gateways = await startGateways(processes, clientEnvironment(stack.services.environment)).catch(
    async (error: unknown) => {
      await stack.close()
      throw error
    },
  )
  const world = worldOf(stack, caller(stack.url, gateways))
  return {
    ...world,
    processes,
    async advance(seconds) {
      await gateways.advance(seconds)
      return world.advance(seconds)
    },
    async close() {
      await gateways.close()
      await stack.close()
    },
  }
}

/** Requests to the local routes go to the stack itself, all others to the gateways in turns. */
function caller(stackUrl: string, { urls }: Gateways): Caller {
  const addressOf = addresses()
  let turn = 0
  return <Body>(method: string, path: string, body?: unknown, given: CallOptions = {}) => {
    turn += 1
    const url = path.startsWith('/_local') ? stackUrl : (urls[turn % urls.length] ?? stackUrl)
    return send<Body>(url + path, { method, localAddress: addressOf(given.ip) }, body, given)
  }
}

/** Gives each address that a test thinks of one of 127.0.0.0/8, from which its requests then come. */
function addresses(): (ip: string | undefined) => string {
  const known = new Map<string, string>()
  return (ip) => {
    if (ip === undefined) return '127.0.0.1'
    const number = known.size + 1
    const address = known.get(ip) ?? `127.${1 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`
    known.set(ip, address)
    return address
  }
}

function send<Body>(
  url: string,
  options: { readonly method: string; readonly localAddress: string },
  body: unknown,
  { token, headers }: CallOptions,
): Promise<Response<Body>> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const outgoing = open(url, {
      ...options,
      // A connection that is kept may be closed as the next request goes out on it.
      agent: false,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        'content-length': Buffer.byteLength(text),
        ...headers,
      },
    })
    outgoing.once('error', reject)
    outgoing.once('response', async (incoming) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
      const answer = Buffer.concat(chunks).toString()
      const headersGot = new Headers(
        Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
      )
      const isJson = headersGot.get('content-type')?.startsWith('application/json') === true
      const status = incoming.statusCode ?? 0
      resolve({ status, body: (isJson ? JSON.parse(answer) : answer) as Body, headers: headersGot })
    })
    outgoing.end(text)
  })
}
