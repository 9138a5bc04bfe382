/**
 * Calls to DynamoDB and KMS go to the emulated services of this process without a socket between: client and server of HTTP
 * are half the CPU of a call, and are not what is tested. While a fault waits, and where calls are watched on the wire, they go the
 * usual way; so does everything to S3, SES and SNS.
 */
import { createRequire } from 'node:module'
import { currentInvocation } from '#local/services/attribution.ts'
import { nearby } from '#local/services/nearby.ts'

interface Call {
  readonly hostname: string
  readonly port?: number
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: unknown
}
type Handle = (this: unknown, call: Call, ...rest: unknown[]) => Promise<{ response: object }>

const load = createRequire(import.meta.url)
// The copies that the clients have.
const { NodeHttpHandler } = load('@smithy/node-http-handler') as {
  NodeHttpHandler: { prototype: { handle: Handle } }
}
const { HttpResponse } = load('@smithy/core/protocols') as { HttpResponse: new (given: object) => object }

const { handle } = NodeHttpHandler.prototype
let short = false

/** @param on whether calls take the short way from now on: a test's own world alone does (`useWorld`) */
export function takeShortWay(on: boolean): void {
  short = on
}

NodeHttpHandler.prototype.handle = async function (call, ...rest) {
  const service = short && call.port !== undefined ? nearby.get(call.port) : undefined
  const headers = Object.fromEntries(
    Object.entries(call.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  // What is no JSON in one piece goes as it always does.
  const isJson = headers['content-type']?.startsWith('application/x-amz-json') === true
  const { method, path, body } = call
  const reply =
    isJson && (typeof body === 'string' || body instanceof Uint8Array)
      ? service?.(
          { method, path, query: new URLSearchParams(), headers, body: Buffer.from(body) },
          currentInvocation(),
        )
      : undefined
  if (reply === undefined) return handle.call(this, call, ...rest)
  const { status, headers: told, body: said = '' } = await reply
  const date = new Date().toUTCString()
  return {
    response: new HttpResponse({ statusCode: status, headers: { ...told, date }, body: Buffer.from(said) }),
  }
}
