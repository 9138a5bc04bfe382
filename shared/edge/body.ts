/** Reads a body: JSON of one object, as strict as its schema. */
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { type Reply, refuse } from '../call/reply.ts'
import type { Route } from '../contract/routes.ts'
import { bodies } from '../contract/schemas.ts'
import type { Judged } from '../judged.ts'
import { policy } from '../policy.ts'

/** With or without parameters. Around it HTTP knows spaces and tabs alone, which a trim() would not leave it at. */
const jsonMedia = /^[ \t]*application\/json[ \t]*(?:;|$)/i

/** Refusals that come before the session is looked at: the gateway gives them too, for what it can see. */
export function refuseMedia(event: APIGatewayProxyEvent, route: Route): Reply | undefined {
  const body = event.body ?? ''
  const bytes = event.isBase64Encoded ? Math.floor((body.length * 3) / 4) : Buffer.byteLength(body)
  if (bytes > policy.bodyMaxBytes) return refuse('BODY_TOO_LARGE')
  if (route.body === undefined || (body === '' && route.bodyOptional)) return undefined
  const type = Object.entries(event.headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  return type !== undefined && jsonMedia.test(type) ? undefined : refuse('UNSUPPORTED_MEDIA_TYPE')
}

function textOf(event: APIGatewayProxyEvent): string {
  const body = event.body ?? ''
  if (!event.isBase64Encoded) return body
  // A byte order mark is no JSON (RFC 8259 section 8.1), whichever way a body comes.
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, 'base64'))
}

/** @returns the body, normalised by its schema, or the refusal. */
export function readBody(
  event: APIGatewayProxyEvent,
  route: Route,
): Judged<{ readonly value: unknown }, Reply> {
  if (route.body === undefined) return { value: undefined }
  let json: unknown
  try {
    const text = textOf(event)
    json = text === '' && route.bodyOptional ? {} : JSON.parse(text)
  } catch {
    return { refused: refuse('MALFORMED_JSON') }
  }
  const result = bodies[route.body].safeParse(json)
  if (result.success) return { value: result.data }
  const details = result.error.issues.flatMap((issue) => {
    const message = issue.code === 'invalid_type' ? `must be of type ${issue.expected}` : issue.message
    const fields = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => key.slice(0, 100)) : []
    const field = issue.path.map(String).join('.') || 'body'
    return fields.length > 0
      ? fields.map((key) => ({ field: key, message: 'is not known' }))
      : { field, message }
  })
  return { refused: refuse('VALIDATION_FAILED', { details: details.slice(0, 20) }) }
}
