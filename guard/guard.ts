/**
 * The guard of a team's own API: whose request is it, and have they proved what this action needs? On the web-standard
 * `Request`, so for any Node server. Each check asks Latchkey, so that what is ended there is ended here at the next call (G6).
 */
import { type RefusalExtras, refuse } from '../shared/call/reply.ts'
import { bearerToken, tokenMaxLength } from '../shared/contract/bearer.ts'
import type { Code } from '../shared/contract/codes.ts'
import { needs as allNeeds, type Need, unmet } from '../shared/domain/needs.ts'
import { cacheFor } from './cache.ts'
import { type GuardedSession, type Introspect, introspectAt, type Place } from './introspect.ts'

export type { Need } from '../shared/domain/needs.ts'
export type { GuardedFactor, GuardedSession, Introspect, Introspection, Place } from './introspect.ts'

/** Where sessions are asked about: at an address, or by a function of the team's own. */
type Source =
  | (Place & { readonly introspect?: never })
  | ({ readonly introspect: Introspect } & { readonly [Name in keyof Place]?: never })

export type GuardOptions = Source & {
  /** What every request must have proved; a check may name its own. */
  readonly needs?: readonly Need[]
  /**
   * How long an answer is good for; 0, the default: for one request. With more, a session that was ended by a reset, a
   * sign-out or a suspension passes for as long. Factors end when they end, in any case.
   */
  readonly cacheSeconds?: number
  /** Told why Latchkey could not be asked; `console.error` by default. No token is in it. */
  readonly report?: (problem: string) => void
}

/** The session of a request that goes on. */
export type Allowed = GuardedSession & { readonly ok: true }
/** What to answer in place of what was asked for. */
export type Refused = Response & { readonly ok: false }

/**
 * `if (!checked.ok) return checked`. Both say by `ok` what they are, so nobody has to ask for a class: a server may put a `Response`
 * of its own in place of Node's (Hono's does), and then no refusal is an `instanceof Response`.
 */
export type Checked = Allowed | Refused

export type Check = (request: Request, more?: { readonly needs?: readonly Need[] }) => Promise<Checked>

const howToMeet: Readonly<Record<Need, string>> = {
  POSSESSION: 'prove a code: /api/auth/step-up/request',
  PIN: 'prove the PIN: /api/pin/verify',
}

/** A refusal as Latchkey itself gives it; a `Response` of its status says `ok: false` by itself. */
function refusal(code: Code, extras: RefusalExtras = {}): Refused {
  const { status, body, headers } = refuse(code, extras)
  const response = Response.json(
    { ...body, requestId: crypto.randomUUID() },
    {
      status,
      headers: {
        'Cache-Control': 'no-store',
        ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
        ...headers,
      },
    },
  )
  return response as Refused
}

function live(session: GuardedSession, now: number): GuardedSession {
  const factors = session.factors.filter(({ expiresAt }) => Date.parse(expiresAt) > now)
  return { ...session, factors }
}

function checkNeeds(needs: readonly Need[]): void {
  const unknown = needs.filter((need) => !allNeeds.includes(need))
  if (unknown.length > 0)
    throw new Error(`guard: there is no need ${unknown.join(', ')}; there are ${allNeeds.join(' and ')}.`)
}

/**
 * @returns a check for requests: 401 `SESSION_INVALID` without a live session, 403 `SECOND_FACTOR_REQUIRED` where something
 * that is needed was not proved lately, 503 `UNAVAILABLE` where Latchkey could not be asked
 * @throws Error for options that cannot be used, at once and not at the first request
 */
export function guard(options: GuardOptions): Check {
  const { needs: usual = [], cacheSeconds = 0, report = console.error } = options
  checkNeeds(usual)
  if (!(cacheSeconds >= 0)) throw new Error('guard: cacheSeconds must be 0 or more.')
  const introspect = options.introspect ?? introspectAt(options)
  const cache = cacheFor(cacheSeconds)

  /** A session that lacks something may have proved it meanwhile: then a kept answer is not good enough. */
  async function sessionOf(token: string, wanted: readonly Need[]): Promise<GuardedSession | undefined> {
    const now = Date.now()
    const kept = cache.get(token, now)
    if (kept !== undefined && unmet(wanted, live(kept, now).factors).length === 0) return live(kept, now)
    const { active, ...session } = await introspect(token)
    if (!active) {
      cache.forget(token)
      return undefined
    }
    cache.keep(token, session as GuardedSession, now)
    return session as GuardedSession
  }

  return async (request, { needs: wanted = usual } = {}) => {
    checkNeeds(wanted)
    const token = bearerToken(request.headers.get('authorization'))
    if (token === undefined || token.length > tokenMaxLength) return refusal('SESSION_INVALID')
    const session = await sessionOf(token, wanted).catch((error: unknown) => {
      report(`guard: Latchkey could not be asked: ${error instanceof Error ? error.message : typeof error}`)
      return null
    })
    if (session === null) return refusal('UNAVAILABLE')
    if (session === undefined) return refusal('SESSION_INVALID')
    const missing = unmet(wanted, session.factors)
    if (missing.length === 0) return { ...session, ok: true }
    const details = missing.map((field) => ({ field, message: howToMeet[field] }))
    return refusal('SECOND_FACTOR_REQUIRED', { details })
  }
}
