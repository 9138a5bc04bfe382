/**
 * Calls to DynamoDB and KMS go to the emulated services of this process without a socket between, and unsigned, since no
 * emulator reads a signature: client and server of HTTP and HMACs are more than half the CPU of a call, and are not what is tested. While a fault waits, and where calls are watched on the wire, they go the
 * usual way; so does everything to S3, SES and SNS.
 */
import { createRequire } from 'node:module'
import { currentInvocation } from '#local/services/attribution.ts'
import { nearby } from '#local/services/nearby.ts'

type Sign = (this: unknown, request: Call, identity: unknown, properties: object) => Promise<Call>

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
const { AwsSdkSigV4Signer } = load('@aws-sdk/core/httpAuthSchemes') as {
  AwsSdkSigV4Signer: { prototype: { sign: Sign } }
}
const { HttpResponse } = load('@smithy/core/protocols') as { HttpResponse: new (given: object) => object }

const { handle } = NodeHttpHandler.prototype
const { sign } = AwsSdkSigV4Signer.prototype
let short = false

/** Those of services that are spoken to in JSON: S3, SES and SNS are signed and sent as always. */
const isJson = (headers: Readonly<Record<string, string>>) =>
  headers['content-type']?.startsWith('application/x-amz-json') === true

/** What the engine wants to see of a signature, which it does not check. Moto, in its place, finds out by it which service is meant. */
const unsigned = {
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
}

/** @param on whether calls take the short way from now on: a test's own world alone does (`useWorld`) */
export function takeShortWay(on: boolean): void {
  short = on
}

/** The service that a call is for. Services have their ports at one address; the engine, at another, may have one of the same number. */
const serviceOf = ({ hostname, port }: Call) =>
  short && hostname === '127.0.0.1' && port !== undefined ? nearby.get(port) : undefined

AwsSdkSigV4Signer.prototype.sign = function (request, identity, properties) {
  if (serviceOf(request) === undefined || !isJson(request.headers))
    return sign.call(this, request, identity, properties)
  // It notes there when it signed, to learn of clocks that differ: there is one clock here.
  Object.assign(properties, { _skipClockSkewSampling: true })
  return Promise.resolve({ ...request, headers: { ...request.headers, ...unsigned } })
}

NodeHttpHandler.prototype.handle = async function (call, ...rest) {
  const service = serviceOf(call)
  const headers = Object.fromEntries(
    Object.entries(call.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const { method, path, body } = call
  // What is no JSON in one piece goes as it always does.
  const reply =
    isJson(headers) && (typeof body === 'string' || body instanceof Uint8Array)
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
