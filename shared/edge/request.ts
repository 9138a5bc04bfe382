/** From the event of API Gateway to the call of a step. */
import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { Call } from '../call/call.ts'
import { recorderOf } from '../call/recorder.ts'
import { withoutFormatCharacters } from '../contract/format-characters.ts'
import type { Route } from '../contract/routes.ts'
import { newId } from '../crypto/tokens.ts'
import { sourceOf } from '../domain/source.ts'
import type { Device } from '../events.ts'
import type { LoadedSession } from '../stores/sessions.ts'

const longestUserAgent = 256

/** API Gateway takes a client's own `requestId` (X-Amzn-RequestId); the extended one is always the gateway's. */
export const requestIdOf = ({ requestContext }: APIGatewayProxyEvent): string =>
  requestContext.extendedRequestId ?? requestContext.requestId

const userAgentOf = ({ requestContext }: APIGatewayProxyEvent): string | undefined =>
  withoutFormatCharacters(requestContext.identity.userAgent?.replace(/\p{Cc}/gu, '') ?? '')
    .slice(0, longestUserAgent)
    .toWellFormed() || undefined

/**
 * The caller's address comes from the request context alone (G12).
 * @param now epoch ms when the request came
 * @param body as its schema read it
 * @param loaded on session routes, the session of the bearer token
 */
export function callOf(
  event: APIGatewayProxyEvent,
  route: Route,
  now: number,
  body: unknown,
  loaded: LoadedSession | undefined,
): Call {
  const { identity } = event.requestContext
  const callId = newId()
  const facts = {
    requestId: requestIdOf(event),
    flow: route.flow,
    userAgent: userAgentOf(event),
    device: (body as { device?: Device } | undefined)?.device ?? loaded?.session.device,
    note: (body as { reason?: string } | undefined)?.reason || undefined,
    actor: route.access === 'admin' ? (identity.userArn ?? 'unknown') : 'subject',
  }
  return {
    ...facts,
    ...recorderOf(callId, now, facts),
    route,
    body,
    path: { ...event.pathParameters } as Record<string, string>,
    query: { ...event.queryStringParameters } as Record<string, string>,
    callId,
    source: sourceOf(identity.sourceIp),
    session: loaded?.session,
    identity: loaded?.identity,
  }
}
