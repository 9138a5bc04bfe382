/** Every request of a run and its reply, for counting afterwards. */
import { performance } from 'node:perf_hooks'
import { type RouteId, routeOf } from '#shared/contract/routes.ts'
import { send, type WireRequest } from '../http/wire.ts'

export type Who = 'honest' | 'abuse'

export interface Record {
  readonly who: Who
  readonly route: RouteId
  /** What the limits count by, as typed. */
  readonly subject: string
  readonly phone: string
  readonly from: string
  readonly startedAt: number
  readonly endedAt: number
  /** 0 where no reply came. */
  readonly status: number
  /** `OK`, `MFA` where a login waits for a code, the code of a refusal, or why no reply came. */
  readonly outcome: string
  readonly requestId: string
  readonly retryAfter: string | undefined
}

export interface Reply {
  readonly ok: boolean
  readonly outcome: string
  readonly data: { readonly [name: string]: string }
}

export interface Caller {
  readonly who: Who
  readonly from: string
}

interface Asked {
  readonly token?: string
  readonly userId?: string
  /** In place of the body's JSON. */
  readonly raw?: Pick<WireRequest, 'body' | 'headers'>
}

const outcomeOf = (status: number, body: { error?: { code: string }; data?: { mfaRequired?: boolean } }) =>
  status >= 400 ? (body.error?.code ?? String(status)) : body.data?.mfaRequired === true ? 'MFA' : 'OK'

function requestOf(route: RouteId, from: string, body: object | undefined, asked: Asked): WireRequest {
  const { method, path } = routeOf(route)
  const { token, userId = '', raw } = asked
  return {
    method,
    target: path.replace('{userId}', userId),
    chunked: false,
    from,
    headers: [
      ...(token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const]),
      ...(raw?.headers ?? (body === undefined ? [] : [['Content-Type', 'application/json'] as const])),
    ],
    body: raw?.body ?? (body === undefined ? '' : JSON.stringify(body)),
  }
}

export class Records {
  readonly all: Record[] = []
  readonly #url: string
  #open = 0

  constructor(url: string) {
    this.#url = url
  }

  /** Requests in the air. */
  get open(): number {
    return this.#open
  }

  async call(
    caller: Caller,
    route: RouteId,
    body?: { [name: string]: unknown },
    asked: Asked = {},
  ): Promise<Reply> {
    const startedAt = performance.now()
    const named = { email: body?.['email'], identifier: body?.['identifier'], phone: body?.['phone'] }
    const about = {
      who: caller.who,
      route,
      from: caller.from,
      startedAt,
      subject: String(named.email ?? named.identifier ?? named.phone ?? asked.userId ?? asked.token ?? ''),
      phone: String(named.phone ?? ''),
    }
    this.#open += 1
    try {
      const {
        status,
        headers,
        body: text,
      } = await send(this.#url, requestOf(route, caller.from, body, asked))
      const parsed = JSON.parse(text || '{}') as { data?: Reply['data'] }
      const outcome = outcomeOf(status, parsed)
      const requestId = headers['x-request-id'] ?? ''
      const retryAfter = headers['retry-after']
      this.all.push({ ...about, endedAt: performance.now(), status, outcome, requestId, retryAfter })
      return { ok: status < 300, outcome, data: parsed.data ?? {} }
    } catch (error) {
      const outcome = `no reply: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`
      this.all.push({
        ...about,
        endedAt: performance.now(),
        status: 0,
        outcome,
        requestId: '',
        retryAfter: undefined,
      })
      return { ok: false, outcome, data: {} }
    } finally {
      this.#open -= 1
    }
  }

  /** The newest code sent to an address, once it is there. @returns undefined where none comes */
  async codeTo(address: string, seen: number, patienceMs = 30_000): Promise<string | undefined> {
    const until = performance.now() + patienceMs
    for (let waitMs = 150; performance.now() < until; waitMs = Math.min(1000, waitMs * 1.5)) {
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      const messages = await this.#messages(address).catch(() => [])
      const codes = messages.flatMap(({ text }) => /(?<![0-9])[0-9]{6}(?![0-9])/.exec(text)?.[0] ?? [])
      if (codes.length > seen) return codes.at(-1)
    }
    return undefined
  }

  async #messages(address: string): Promise<readonly { readonly text: string }[]> {
    const target = `/_local/messages?to=${encodeURIComponent(address)}`
    const reply = await send(this.#url, { method: 'GET', target, headers: [], body: '', chunked: false })
    return JSON.parse(reply.body) as { text: string }[]
  }
}
