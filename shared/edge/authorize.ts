/**
 * Answers API Gateway for a team's own API: may this request go on? A Lambda authorizer of type REQUEST, for REST APIs and
 * for HTTP APIs by payload 1.0 (answers in policies) and 2.0 (simple answers).
 */
import type { APIGatewayRequestAuthorizerEvent, APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda'
import { errorFacts, log } from '../call/log.ts'
import { bearerToken, headerOf } from '../contract/bearer.ts'
import type { Code } from '../contract/codes.ts'
import { type Need, unmet } from '../domain/needs.ts'
import { liveFactors } from '../domain/session.ts'
import { settings } from '../settings.ts'
import { type LoadedSession, loadSession } from '../stores/sessions.ts'

/** A REST API's event has no version. */
type PolicyEvent = APIGatewayRequestAuthorizerEvent & { readonly version?: '1.0' }
export type AuthorizerEvent = PolicyEvent | (APIGatewayRequestAuthorizerEventV2 & { readonly version: '2.0' })

/** For the team's function, in `requestContext.authorizer`: texts alone, for REST APIs take nothing else. */
type Facts = Readonly<Record<string, string>>

const isSimple = (event: AuthorizerEvent): event is APIGatewayRequestAuthorizerEventV2 & { version: '2.0' } =>
  event.version === '2.0'

/** Of an HTTP API: the route where no other fits. By payload 1.0 it comes as a path. */
const fallback = '$default'

/** `/path/{parameter}` as the route is written, or `$default`. */
const pathOf = (event: AuthorizerEvent): string =>
  (isSimple(event) ? event.routeKey : event.resource).replace(/^[A-Z]+ /, '')

/** The request's own, which a route of ANY does not say. */
const methodOf = (event: AuthorizerEvent): string =>
  isSimple(event) ? event.requestContext.http.method : event.httpMethod

/** `METHOD /path/{parameter}`, or `$default`. */
function routeOf(event: AuthorizerEvent): string {
  const path = pathOf(event)
  return path === fallback ? path : `${methodOf(event)} ${path}`
}

/** What is said of the request's own method, else of its path by any method, else of all. */
function needsOf(event: AuthorizerEvent): readonly Need[] {
  const said = settings().AUTHORIZE_NEEDS
  const name = [routeOf(event), `ANY ${pathOf(event)}`, '*'].find((each) => Object.hasOwn(said, each))
  return name === undefined ? [] : (said[name] ?? [])
}

type Verdict = { readonly facts: Facts; readonly refused?: Code }

function judge(loaded: LoadedSession | undefined, needs: readonly Need[], now: number): Verdict {
  if (loaded === undefined) return { facts: {}, refused: 'SESSION_INVALID' }
  const { session, identity } = loaded
  const factors = liveFactors(session, now)
  const missing = unmet(needs, factors)
  const facts = {
    userId: identity.userId,
    methods: factors.map(({ method }) => method).join(','),
    expiresAt: new Date(session.expiresAt).toISOString(),
  }
  if (missing.length === 0) return { facts }
  return { facts: { ...facts, missing: missing.join(',') }, refused: 'SECOND_FACTOR_REQUIRED' }
}

/** Good for this one method and path: the team's own cache keeps the answers of each apart. */
function policyOf(event: PolicyEvent, { facts, refused }: Verdict) {
  const effect = refused === undefined ? 'Allow' : 'Deny'
  const statement = { Action: 'execute-api:Invoke', Effect: effect, Resource: event.methodArn }
  return {
    principalId: facts['userId'] ?? 'nobody',
    policyDocument: { Version: '2012-10-17', Statement: [statement] },
    context: { ...facts, ...(refused && { code: refused }) },
  }
}

function answerOf(event: AuthorizerEvent, verdict: Verdict) {
  const { facts, refused } = verdict
  if (isSimple(event))
    return { isAuthorized: refused === undefined, context: { ...facts, ...(refused && { code: refused }) } }
  // The only way to a 401 that a REST API has; whoever is refused by a policy gets a 403.
  if (refused === 'SESSION_INVALID' && event.version === undefined) throw new Error('Unauthorized')
  return policyOf(event, verdict)
}

/**
 * @returns what API Gateway takes for an answer
 * @throws Error `Unauthorized`, a 401, where a REST API is asked without a live session; Unavailable, a 500, where sessions
 * cannot be read: nobody is let through unseen
 */
export async function authorizeRequest(event: AuthorizerEvent) {
  const now = Date.now()
  const route = routeOf(event)
  const token = bearerToken(headerOf(event.headers, 'authorization'))
  const loaded =
    token === undefined
      ? undefined
      : await loadSession(token, now).catch((error: unknown) => {
          log.error('failed', { step: 'authorize', path: route, ...errorFacts(error) })
          throw error
        })
  const verdict = judge(loaded, needsOf(event), now)
  log.info('authorize', { step: 'authorize', path: route, code: verdict.refused })
  return answerOf(event, verdict)
}
