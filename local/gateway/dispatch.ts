/** From request to response: the routes' functions, and the gateway's own answers in the same envelope. */
import { randomUUID } from 'node:crypto'
import type { APIGatewayProxyResult } from 'aws-lambda'
import { type Reply, refuse } from '#shared/call/reply.ts'
import type { Detail } from '#shared/contract/codes.ts'
import type { Route, StepId } from '#shared/contract/routes.ts'
import { isStopped } from '#shared/contract/stops.ts'
import { refuseMedia } from '#shared/edge/body.ts'
import { crossOrigin, securityHeaders } from '#shared/edge/headers.ts'
import { policy } from '#shared/policy.ts'
import { isForeign } from '../foreign.ts'
import { describeProblem } from '../problem.ts'
import { type Handler, invoke } from '../runtime.ts'
import type { GatewayRequest, GatewayResponse } from './message.ts'
import { proxyEvent } from './proxy-event.ts'
import { matchRoute } from './router.ts'
import { sourceHeader } from './source.ts'
import type { Throttle } from './throttle.ts'

/** API Gateway waits no longer for a function. */
const longestStepMs = 29_000

export interface DispatchOptions {
  readonly steps: Readonly<Partial<Record<StepId, Handler>>>
  readonly throttle: Throttle
  /** Patterns of the paths that the firewall answers by itself. */
  readonly stopped?: () => readonly string[]
  readonly allowedOrigins: readonly string[]
  /** Hosts that admin routes are open to beside the loopback. */
  readonly trustedHosts?: readonly string[]
  /** Told when the function answered: what it still does is not counted to the request. */
  readonly replied: (requestId: string) => void
  /** Takes one line for whoever runs the stack. */
  readonly report: (problem: string) => void
  /** For tests. */
  readonly stepTimeoutMs?: number
}

export type Dispatch = (request: GatewayRequest) => Promise<GatewayResponse>

/** As the firewall says it. */
const stoppedReply = refuse('UNAVAILABLE', { retryAfterSeconds: 300 })

/** A browser asks whether it may send a header. The one that names an address is of this stack alone, so nothing deployed allows it. */
function withSource(headers: Readonly<Record<string, string>>, cors: Readonly<Record<string, string>>) {
  const name = 'Access-Control-Allow-Headers'
  return { ...headers, ...(cors[name] !== undefined && { [name]: `${cors[name]}, ${sourceHeader}` }) }
}

/** @returns what answers requests to the routes; it never rejects. */
export function createDispatch(options: DispatchOptions): Dispatch {
  return async (request) => {
    const requestId = randomUUID()
    const cors = crossOrigin(Object.fromEntries(request.headers), options.allowedOrigins)
    const own = (reply: Reply) => envelope(reply, requestId, cors)
    // The firewall counts before anything is routed, so a large body is the same everywhere.
    if (request.body.length > policy.bodyMaxBytes) return own(refuse('BODY_TOO_LARGE'))
    const path = request.target.split('?', 1)[0] ?? ''
    if (request.method !== 'OPTIONS' && isStopped(options.stopped?.() ?? [], path)) return own(stoppedReply)
    const match = matchRoute(request.method, path)
    if (match === undefined) return own(refuse('NOT_FOUND'))
    if (match.found === 'path') {
      const headers = { Allow: match.allowed.join(', ') }
      if (request.method === 'OPTIONS')
        return own({ status: 204, body: {}, headers: withSource(headers, cors) })
      return own({ ...refuse('METHOD_NOT_ALLOWED'), headers })
    }
    const { route, pathParameters } = match
    // IAM stands before these when deployed; here only that the caller is on this machine.
    if (route.access === 'admin' && isForeign(request.headers, options.trustedHosts))
      return own(refuse('FORBIDDEN'))
    if (!options.throttle.admit(route)) return own(refuse('RATE_LIMITED'))
    const event = proxyEvent(request, route, pathParameters, requestId)
    const refused = refuseMedia(event, route)
    if (refused !== undefined) return own(refused)
    const reply = await options.throttle.run(async () => {
      return (await runStep(route, event, requestId, options)) ?? own(refuse('UNAVAILABLE'))
    })
    return reply ?? own(refuse('RATE_LIMITED'))
  }
}

/** @returns undefined when the function failed, took too long, or answered what is no response. */
async function runStep(
  route: Route,
  event: unknown,
  requestId: string,
  options: DispatchOptions,
): Promise<GatewayResponse | undefined> {
  try {
    const handler = options.steps[route.step as StepId]
    if (handler === undefined) throw new Error('there is no such function')
    const timeoutMs = options.stepTimeoutMs ?? longestStepMs
    const result = await invoke(handler, event, { function: route.step, requestId, timeoutMs })
    return responseOf(result as APIGatewayProxyResult, requestId)
  } catch (error) {
    options.report(`${route.step}: ${describeProblem(error)}`)
    return undefined
  } finally {
    options.replied(requestId)
  }
}

function responseOf(result: APIGatewayProxyResult | null | undefined, requestId: string): GatewayResponse {
  if (!Number.isInteger(result?.statusCode)) throw new Error('the function returned no response')
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = result as APIGatewayProxyResult
  const single = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)] as const)
  const multiple = Object.entries(multiValueHeaders ?? {}).map(
    ([name, values]) => [name, values.map(String)] as const,
  )
  return {
    status: statusCode,
    headers: { 'x-request-id': requestId, ...Object.fromEntries([...single, ...multiple]) },
    body: isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  }
}

const notHttp = { field: 'request', message: 'is not valid HTTP, or its headers are too large' }

/** The answer to what is no HTTP request, or says of itself what cannot be. */
export function malformedResponse(detail: Detail = notHttp): GatewayResponse {
  const details = [detail]
  return envelope(refuse('VALIDATION_FAILED', { details }), randomUUID(), {})
}

/** The answer where the stack itself failed. */
export const failedResponse = (): GatewayResponse => envelope(refuse('UNAVAILABLE'), randomUUID(), {})

function envelope(
  reply: Reply,
  requestId: string,
  corsHeaders: Readonly<Record<string, string>>,
): GatewayResponse {
  const empty = reply.status === 204
  return {
    status: reply.status,
    headers: {
      ...securityHeaders,
      ...corsHeaders,
      ...(!empty && { 'Content-Type': 'application/json; charset=utf-8' }),
      'x-request-id': requestId,
      ...reply.headers,
    },
    body: empty ? '' : JSON.stringify({ ...reply.body, requestId }),
  }
}
