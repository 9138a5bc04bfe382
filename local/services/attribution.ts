/**
 * Tells which function made a call on the wire, without the function knowing: every outgoing HTTP request to this
 * machine made inside {@link runInvocation} carries a header with the invocation, which the listener takes off again.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingHttpHeaders } from 'node:http'

export interface Invocation {
  readonly function: string
  readonly requestId: string
}

export const invocationHeader = 'x-latchkey-invocation'

const current = new AsyncLocalStorage<string>()
let listening = false

/** Runs a function so that the calls it makes, now or later, are its own. */
export function runInvocation<T>(invocation: Invocation, run: () => T): T {
  markRequests()
  const { function: name, requestId } = invocation
  return current.run(`${encodeURIComponent(name)};${encodeURIComponent(requestId)}`, run)
}

/** @returns undefined for a call made outside any invocation. */
export const invocationOf = (headers: IncomingHttpHeaders): Invocation | undefined =>
  read(headers[invocationHeader])

/** The invocation that is running here. */
export const currentInvocation = (): Invocation | undefined => read(current.getStore())

function read(value: string | string[] | undefined): Invocation | undefined {
  const [name, requestId] = typeof value === 'string' ? value.split(';') : []
  if (name === undefined || requestId === undefined) return undefined
  try {
    return { function: decodeURIComponent(name), requestId: decodeURIComponent(requestId) }
  } catch {
    // Not one that was written here.
    return undefined
  }
}

/** Covers node:http and node:https, which the AWS SDK uses, and fetch. */
function markRequests(): void {
  if (listening) return
  listening = true
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest }
    const mark = current.getStore()
    if (mark === undefined || request.host !== '127.0.0.1') return
    // Whoever sends `Expect` has its headers written before this. A call that nobody can be held to is not made.
    if (request.headersSent) request.destroy(new Error('A request with the header Expect cannot be marked.'))
    else request.setHeader(invocationHeader, mark)
  })
  subscribe('undici:request:create', (message) => {
    const { request } = message as {
      request: { origin: string; addHeader(name: string, value: string): void }
    }
    const mark = current.getStore()
    if (mark !== undefined && isLocal(request.origin)) request.addHeader(invocationHeader, mark)
  })
}

function isLocal(origin: string): boolean {
  return URL.parse(origin)?.hostname === '127.0.0.1'
}
