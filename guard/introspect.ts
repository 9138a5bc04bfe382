/** Asks Latchkey whose session a token opens: `POST /admin/sessions/introspect`. */
import { type Post, plainPost, signedPost } from './signed-fetch.ts'

export interface GuardedFactor {
  readonly group: 'KNOWLEDGE' | 'POSSESSION' | 'PRESENCE'
  readonly method: string
  /** ISO 8601. */
  readonly at: string
  readonly expiresAt: string
}

/** Who asks, and what they proved. */
export interface GuardedSession {
  readonly userId: string
  readonly factors: readonly GuardedFactor[]
  /** The agreement that opens the PIN gate, where it was accepted. */
  readonly consent: {
    readonly document: string
    readonly version: string
    readonly acceptedAt: string
  } | null
  readonly device: Readonly<
    Partial<Record<'id' | 'model' | 'os' | 'osVersion' | 'appVersion', string>>
  > | null
  readonly expiresAt: string
}

export type Introspection = { readonly active: false } | ({ readonly active: true } & GuardedSession)
export type Introspect = (token: string) => Promise<Introspection>

/** A guard that waits for longer keeps its own callers waiting. */
const timeoutMs = 3000
const loopback = ['localhost', '127.0.0.1', '[::1]']

/** Where Latchkey's API is, and how it is asked. */
export interface Place {
  /** Its origin; a path before its routes (`/live`) is kept. */
  readonly url: string
  /** Of its API Gateway; AWS_REGION where it is not given. */
  readonly region?: string
  /** Makes the requests, and signs them where that is needed. Without it they are signed with this process's credentials. */
  readonly fetch?: (url: URL, init: RequestInit) => Promise<Response>
}

/** @throws Error for an address that tokens must not be sent to */
function postTo(url: URL, { region = process.env['AWS_REGION'], fetch }: Place): Post {
  if (fetch !== undefined) return plainPost(fetch)
  if (url.protocol === 'https:') {
    if (!region) throw new Error('guard: name the region of Latchkey, or set AWS_REGION.')
    return signedPost(region)
  }
  if (url.protocol === 'http:' && loopback.includes(url.hostname)) return plainPost()
  throw new Error('guard: url must be https, or http on this machine. Elsewhere give a fetch of your own.')
}

/**
 * @returns asks once for each token that it is given
 * @throws Error where the address or the region cannot be used
 */
export function introspectAt(place: Place): Introspect {
  const url = new URL(`${place.url.replace(/\/+$/, '')}/admin/sessions/introspect`)
  const post = postTo(url, place)
  return async (token) => {
    const reply = await post(url, JSON.stringify({ token }), AbortSignal.timeout(timeoutMs))
    if (reply.status !== 200) throw new Error(`Latchkey answered ${reply.status}`)
    return ((await reply.json()) as { readonly data: Introspection }).data
  }
}
