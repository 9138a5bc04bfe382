/** Who speaks: the session of a bearer token, live and of the identity's present epochs. */
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { bearerToken, headerOf } from '../contract/bearer.ts'
import { type LoadedSession, loadSession } from '../stores/sessions.ts'

/** @returns the live session and its identity, or undefined. One call to DynamoDB, none for what is no token. */
export async function authenticate(
  event: APIGatewayProxyEvent,
  now: number,
): Promise<LoadedSession | undefined> {
  const token = bearerToken(headerOf(event.headers, 'authorization'))
  return token === undefined ? undefined : loadSession(token, now)
}
