/** Who speaks: the session of a bearer token, live and of the identity's present epochs. */
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { type LoadedSession, loadSession } from '../stores/sessions.ts'

/** The token of `Authorization: Bearer`, RFC 6750 section 2.1. */
function bearerOf(event: APIGatewayProxyEvent): string | undefined {
  const header = Object.entries(event.headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  return /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header ?? '')?.[1]
}

/** @returns the live session and its identity, or undefined. One call to DynamoDB, none for what is no token. */
export async function authenticate(
  event: APIGatewayProxyEvent,
  now: number,
): Promise<LoadedSession | undefined> {
  const token = bearerOf(event)
  return token === undefined ? undefined : loadSession(token, now)
}
