/** What a step is given: facts that the edge has checked, and the means to record what happened. */
import type { FlowId } from '../contract/flows.ts'
import type { Route, RouteId, routes, StepId } from '../contract/routes.ts'
import type { Body, BodyId } from '../contract/schemas.ts'
import type { Device } from '../events.ts'
import type { Identity } from '../stores/identities.ts'
import type { Session } from '../stores/sessions.ts'
import type { Recorder } from './recorder.ts'

type RowOf<S extends StepId> = Extract<(typeof routes)[RouteId], { readonly step: S }>
type BodyIdOf<R> = R extends { readonly body: infer Id extends BodyId } ? Id : never
/** The body of a step: of any route that leads to it. */
export type BodyOf<S extends StepId> =
  BodyIdOf<RowOf<S>> extends infer Id extends BodyId ? Body<Id> : undefined
type FlowOf<S extends StepId> = RowOf<S> extends { readonly flow: infer F extends FlowId } ? F : undefined

export interface Call<Body = unknown, Flow = FlowId | undefined> extends Recorder {
  readonly route: Route
  readonly flow: Flow
  readonly body: Body
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Epoch ms when the request came. One moment for all its rules. */
  readonly now: number
  /** For people to find the request by. */
  readonly requestId: string
  /** Idempotency key of this call, 128 random bits: never one that a client could choose. */
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
}

export type StepCall<S extends StepId> = Call<BodyOf<S>, FlowOf<S>>
/** A call on a session route. */
export type SessionCall<S extends StepId> = StepCall<S> & {
  readonly session: Session
  readonly identity: Identity
}
