/** What a step is given: facts that the edge has checked, and the means to record what happened. */
import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { FlowId } from '../contract/flows.ts'
import { withoutFormatCharacters } from '../contract/format-characters.ts'
import type { Route, RouteId, routes, StepId } from '../contract/routes.ts'
import type { Body, BodyId } from '../contract/schemas.ts'
import { newId } from '../crypto/tokens.ts'
import { sourceOf } from '../domain/source.ts'
import type { Device, LedgerEvent, Message } from '../events.ts'
import type { Write } from '../stores/database.ts'
import type { Identity } from '../stores/identities.ts'
import { eventRow, messageRow } from '../stores/outbox.ts'
import type { Session } from '../stores/sessions.ts'

type RowOf<S extends StepId> = Extract<(typeof routes)[RouteId], { readonly step: S }>
type BodyIdOf<R> = R extends { readonly body: infer Id extends BodyId } ? Id : never
/** The body of a step: of any route that leads to it. */
export type BodyOf<S extends StepId> =
  BodyIdOf<RowOf<S>> extends infer Id extends BodyId ? Body<Id> : undefined
type FlowOf<S extends StepId> = RowOf<S> extends { readonly flow: infer F extends FlowId } ? F : undefined

/** What a step says of an event; the call adds the rest. */
export type Happened = Pick<LedgerEvent, 'type' | 'subject' | 'outcome'> & Partial<LedgerEvent>

export interface Call<Body = unknown, Flow = FlowId | undefined> {
  readonly route: Route
  readonly flow: Flow
  readonly body: Body
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Epoch ms when the request came. One moment for all its rules. */
  readonly now: number
  /** For people to find the request by. */
  readonly requestId: string
  /** 128 random bits of this call. What must happen once, or once more, goes by it. */
  readonly callId: string
  /** IPv4 address or IPv6 /64. */
  readonly source: string
  readonly userAgent: string | undefined
  readonly device: Device | undefined
  /** `subject`, or the admin's ARN. */
  readonly actor: string
  /** Set on session routes. */
  readonly session: Session | undefined
  readonly identity: Identity | undefined
  /** An event as an outbox row, with its id. */
  event(happened: Happened): { readonly id: string; readonly write: Write }
  /** A message as an outbox row. */
  message(message: Omit<Message, 'time'>): Write
}

export type StepCall<S extends StepId> = Call<BodyOf<S>, FlowOf<S>>
/** A call on a session route. */
export type SessionCall<S extends StepId> = StepCall<S> & {
  readonly session: Session
  readonly identity: Identity
}

const longestUserAgent = 256

/** API Gateway takes a client's own `requestId` (X-Amzn-RequestId); the extended one is always the gateway's. */
export const requestIdOf = ({ requestContext }: APIGatewayProxyEvent): string =>
  requestContext.extendedRequestId ?? requestContext.requestId

/** Facts of the request that need no check of the body: the address comes from the request context alone (G12). */
export function callOf(event: APIGatewayProxyEvent, route: Route, now: number): Call {
  const requestId = requestIdOf(event)
  const { identity } = event.requestContext
  const callId = newId()
  const counter = { rows: 0 }
  const nextId = () => {
    counter.rows += 1
    return `${callId}#${counter.rows}`
  }
  const call: Call = {
    route,
    flow: route.flow,
    body: undefined,
    path: { ...event.pathParameters } as Record<string, string>,
    query: { ...event.queryStringParameters } as Record<string, string>,
    now,
    requestId,
    callId,
    source: sourceOf(identity.sourceIp),
    userAgent:
      withoutFormatCharacters(identity.userAgent?.replace(/\p{Cc}/gu, '') ?? '')
        .slice(0, longestUserAgent)
        .toWellFormed() || undefined,
    device: undefined,
    actor: route.access === 'admin' ? (identity.userArn ?? 'unknown') : 'subject',
    session: undefined,
    identity: undefined,
    event(happened) {
      const id = nextId()
      const { actor, flow, userAgent, device } = this
      const facts = { time: now, actor, requestId, flow, userAgent, device }
      return { id, write: eventRow({ ...facts, ...happened } as LedgerEvent, id) }
    },
    message: (message) => messageRow({ ...message, time: now }, nextId()),
  }
  return call
}
