/** A client of the API, typed by the table of routes. It holds no state and no secret, and works wherever `fetch` does. */
import type * as z from 'zod/mini'
import type { Code, Detail } from '#shared/contract/codes.ts'
import type { ReplyData } from '#shared/contract/replies.ts'
import type { routes } from '#shared/contract/routes.ts'
import type { bodies } from '#shared/contract/schemas.ts'
import { type ClientRouteId, clientRoutes } from './routes.ts'

export type { ClientRouteId } from './routes.ts'

/** `data` of each route's success. Times are ISO 8601. */
export type Replies = { readonly [Id in ClientRouteId]: ReplyData<Id> }
export type SessionData = Replies['getSession']
export type AccountData = Replies['getAccount']
export type ProvedFactor = SessionData['factors'][number]
export type SessionRow = Replies['listSessions']['sessions'][number]

type Table = typeof routes
type Bodies = { readonly [Id in keyof typeof bodies]: z.input<(typeof bodies)[Id]> }

/** The JSON body of a route, as a caller writes it. */
export type BodyOf<Id extends ClientRouteId> = Table[Id] extends {
  readonly body: infer B extends keyof Bodies
}
  ? Bodies[B]
  : never

type BodyPart<Id extends ClientRouteId> = Table[Id] extends { readonly bodyOptional: true }
  ? { readonly body?: BodyOf<Id> }
  : Table[Id] extends { readonly body: string }
    ? { readonly body: BodyOf<Id> }
    : { readonly body?: never }
type TokenPart<Id extends ClientRouteId> = Table[Id]['access'] extends 'session'
  ? { readonly token: string }
  : { readonly token?: never }
type PathPart<Id extends ClientRouteId> = Table[Id]['path'] extends `${string}{${infer Name}}${string}`
  ? { readonly path: Readonly<Record<Name, string>> }
  : { readonly path?: never }

/** What a call of a route needs: its body, a session's token, the parts of its path. */
export type Given<Id extends ClientRouteId> = BodyPart<Id> &
  TokenPart<Id> &
  PathPart<Id> & {
    /** Gives the call up; it then rejects with the signal's reason. */
    readonly signal?: AbortSignal
  }

/** The service's refusals, and the two ways in which it cannot be heard at all. */
export type FailureCode = Code | 'OFFLINE' | 'TIMED_OUT'

export interface Success<Data> {
  readonly ok: true
  readonly message: string
  readonly data: Data
}

export interface Failure {
  readonly ok: false
  readonly code: FailureCode
  /** The service's sentence, in English; empty when there was no reply. */
  readonly message: string
  readonly details: readonly Detail[]
  /** Seconds; with each 429 and 503. */
  readonly retryAfterSeconds: number | undefined
  readonly requestId: string | undefined
}

/** Whether a call may have worked all the same: its answer was lost, or something broke on the way to it. */
export const isUnheard = ({ code }: Failure) =>
  code === 'OFFLINE' || code === 'TIMED_OUT' || code === 'UNAVAILABLE'

export type Result<Data> = Success<Data> | Failure

export interface ClientOptions {
  /** Origin of the API, such as `https://api.example.com`; empty for the page's own. */
  readonly origin?: string
  /** Past this a call is `TIMED_OUT`. */
  readonly timeoutMs?: number
  readonly fetch?: typeof fetch
}

export interface Client {
  /**
   * Calls a route once; whether to call again is the caller's to decide.
   * @returns the data or the refusal: it rejects only when `signal` gives up.
   */
  call<Id extends ClientRouteId>(id: Id, given: Given<Id>): Promise<Result<Replies[Id]>>
}

const defaultTimeoutMs = 15_000

export function createClient(options: ClientOptions = {}): Client {
  const { origin = '', timeoutMs = defaultTimeoutMs, fetch: send = globalThis.fetch } = options
  return {
    async call<Id extends ClientRouteId>(id: Id, given: Given<Id>) {
      const { signal } = given
      signal?.throwIfAborted()
      // `AbortSignal.any` is newer than browsers that the pages are built for.
      const calling = new AbortController()
      const leave = () => calling.abort()
      const timer = setTimeout(leave, timeoutMs)
      signal?.addEventListener('abort', leave)
      try {
        const init = { ...requestOf(id, given), signal: calling.signal }
        const response = await send.call(globalThis, origin + pathOf(id, given.path), init)
        return await read<Replies[Id]>(response)
      } catch {
        signal?.throwIfAborted()
        return failure(calling.signal.aborted ? 'TIMED_OUT' : 'OFFLINE')
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', leave)
      }
    },
  }
}

function pathOf(id: ClientRouteId, parts: Readonly<Record<string, string>> = {}): string {
  return clientRoutes[id][1].replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''))
}

function requestOf(id: ClientRouteId, given: { body?: unknown; token?: string }): RequestInit {
  const { body, token } = given
  const [method] = clientRoutes[id]
  return {
    method,
    headers: {
      Accept: 'application/json',
      ...(method === 'POST' && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
  }
}

/** The envelope of all replies; each part may be missing in what something between answered. */
interface Envelope<Data> {
  readonly success?: boolean
  readonly message?: string
  readonly data?: Data
  readonly error?: {
    readonly code?: Code
    readonly message?: string
    readonly details?: readonly Detail[]
    readonly retryAfterSeconds?: number
  }
  readonly requestId?: string
}

async function read<Data>(response: Response): Promise<Result<Data>> {
  const text = await response.text()
  const body = parse<Data>(text)
  if (response.ok && body.success === true && body.data !== undefined)
    return { ok: true, message: body.message ?? '', data: body.data }
  const { code = codeOf(response.status), message, details, retryAfterSeconds } = body.error ?? {}
  const header = Number(response.headers.get('Retry-After') ?? Number.NaN)
  return failure(code, {
    message: message ?? '',
    details: details ?? [],
    retryAfterSeconds: retryAfterSeconds ?? (Number.isFinite(header) ? header : undefined),
    requestId: body.requestId,
  })
}

/** What came from a proxy and not from the service. */
const codeOf = (status: number): Code => (status === 429 ? 'RATE_LIMITED' : 'UNAVAILABLE')

function parse<Data>(text: string): Envelope<Data> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

const nothingSaid = { message: '', details: [], retryAfterSeconds: undefined, requestId: undefined }

function failure(code: FailureCode, said: Omit<Failure, 'ok' | 'code'> = nothingSaid): Failure {
  return { ok: false, code, ...said }
}
