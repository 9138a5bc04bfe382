/** The one way in for all steps: request to call, reply to response. Steps neither parse nor catch. */
import { setTimeout as sleep } from 'node:timers/promises'
import middy from '@middy/core'
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda'
import { Unavailable } from '../aws/unavailable.ts'
import type { Call, SessionCall, StepCall } from '../call/call.ts'
import { errorFacts, log } from '../call/log.ts'
import { type Reply, refuse } from '../call/reply.ts'
import { type Route, type RouteId, routes, type StepId } from '../contract/routes.ts'
import type { Judged } from '../judged.ts'
import { settings } from '../settings.ts'
import { readBody, refuseMedia } from './body.ts'
import { crossOrigin, securityHeaders } from './headers.ts'
import { refuseQuery } from './query.ts'
import { callOf, requestIdOf } from './request.ts'
import { authenticate } from './session.ts'

/** Set by the stack for the step: the call, or the refusal that ends it before. */
interface EdgeContext extends Context {
  startedAt: number
  call?: Call
  refused?: Reply
}
type Request = middy.Request<APIGatewayProxyEvent, Reply | APIGatewayProxyResult, Error, EdgeContext>

/** Turns a reply into what API Gateway returns. */
function responseOf(reply: Reply, event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const requestId = requestIdOf(event)
  return {
    statusCode: reply.status,
    headers: {
      ...securityHeaders,
      ...crossOrigin(event.headers, settings().ALLOWED_ORIGINS),
      'Content-Type': 'application/json; charset=utf-8',
      'x-request-id': requestId,
      ...reply.headers,
    },
    body: JSON.stringify(reply.status >= 400 ? { ...reply.body, requestId } : reply.body),
  }
}

/** First in, last out: whatever happened becomes a response, and one log line. */
const respond = (step: StepId) => {
  const answer = (request: Request, reply: Reply) => {
    const { event, context } = request
    const requestId = requestIdOf(event)
    const ms = Math.round(performance.now() - context.startedAt)
    log.info('request', { step, path: event.resource, requestId, status: reply.status, code: reply.code, ms })
    request.response = responseOf(reply, event)
  }
  return {
    before: ({ context }: Request) => {
      context.startedAt = performance.now()
    },
    after: (request: Request) => answer(request, request.response as Reply),
    onError: (request: Request) => {
      const { error, event } = request
      log.error('failed', { step, requestId: requestIdOf(event), ...errorFacts(error) })
      const extras = error instanceof Unavailable ? { retryAfterSeconds: error.retryAfterSeconds } : {}
      answer(request, refuse('UNAVAILABLE', extras))
    },
  }
}

function routeOfEvent(step: StepId, event: APIGatewayProxyEvent): Route | undefined {
  return Object.values(routes as Record<RouteId, Route>).find(
    (route) => route.step === step && route.path === event.resource && route.method === event.httpMethod,
  )
}

/** Route, media type, session, query, body: in that order. */
async function admit(
  step: StepId,
  event: APIGatewayProxyEvent,
): Promise<Judged<{ readonly call: Call }, Reply>> {
  const route = routeOfEvent(step, event)
  if (route === undefined) return { refused: refuse('NOT_FOUND') }
  const refused = refuseMedia(event, route)
  if (refused) return { refused }
  const now = Date.now()
  const loaded = route.access === 'session' ? await authenticate(event, now) : undefined
  if (route.access === 'session' && loaded === undefined) return { refused: refuse('SESSION_INVALID') }
  const misasked = refuseQuery(event, route)
  if (misasked) return { refused: misasked }
  const read = readBody(event, route)
  return read.refused ? read : { call: callOf(event, route, now, read.value, loaded) }
}

const check = (step: StepId) => ({
  before: async ({ event, context }: Request) => {
    Object.assign(context, await admit(step, event))
  },
})

export interface EdgeOptions {
  /** The step's reply comes no sooner than this many milliseconds (G1). */
  readonly floorMs?: () => number
}

async function noSoonerThan(floorMs: number, work: Promise<Reply>): Promise<Reply> {
  const floor = sleep(floorMs)
  try {
    return await work
  } finally {
    await floor
  }
}

function stack(step: StepId, run: (call: Call) => Promise<Reply>, { floorMs }: EdgeOptions) {
  const handler = async (_event: APIGatewayProxyEvent, { call, refused }: EdgeContext): Promise<Reply> => {
    if (refused || call === undefined) return refused ?? refuse('UNAVAILABLE')
    return floorMs ? noSoonerThan(floorMs(), run(call)) : run(call)
  }
  return middy({ timeoutEarlyInMillis: 0 })
    .use(respond(step) as middy.MiddlewareObj)
    .use(check(step) as middy.MiddlewareObj)
    .handler(handler as never) as unknown as (
    event: APIGatewayProxyEvent,
    context: Context,
  ) => Promise<APIGatewayProxyResult>
}

/** The Lambda handler of a step. */
export const edge = <S extends StepId>(
  step: S,
  run: (call: StepCall<S>) => Promise<Reply>,
  options: EdgeOptions = {},
) => stack(step, run as (call: Call) => Promise<Reply>, options)

/** The Lambda handler of a step on a session route: the call comes with a live session and its identity. */
export const sessionEdge = <S extends StepId>(
  step: S,
  run: (call: SessionCall<S>) => Promise<Reply>,
  options: EdgeOptions = {},
) => stack(step, run as (call: Call) => Promise<Reply>, options)
