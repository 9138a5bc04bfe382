/** One call on the wire, as the listener hands it to an emulated service, and the service's answer. */
import type { IncomingHttpHeaders } from 'node:http'

export const serviceNames = [
  'dynamodb',
  'kms',
  'ses',
  'sns',
  's3',
  'events',
  'lambda',
  'wafv2',
  'hibp',
] as const
export type ServiceName = (typeof serviceNames)[number]

export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface WireReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[] | number>>
  readonly body?: string | Buffer
}

/** What a call asks for, in the service's own words. */
export interface WireCall {
  readonly operation: string
  /** Logical table, such as `challenges`; several are joined by `+`. */
  readonly table?: string
}

export interface Service {
  readonly name: ServiceName
  /** @returns undefined for calls that are neither booked nor made to fail. */
  identify(request: WireRequest): WireCall | undefined
  /** @throws ServiceError for what the service refuses. */
  perform(request: WireRequest, call: WireCall | undefined): WireReply | Promise<WireReply>
  /** The service's answer to a refusal, in its own protocol. */
  refuse(error: ServiceError): WireReply
  /** What AWS answers when the service itself is broken. */
  readonly broken: ServiceError
  /** What AWS answers who calls more often than it may. */
  readonly throttled: ServiceError
  /** What AWS answers who may not: status and code. */
  readonly denied?: readonly [status: number, code: string]
  /** In place of `throttled`, for a service that refuses for want of room in several forms. */
  contended?(kind: Contention, request: WireRequest, call: WireCall): WireReply | Promise<WireReply>
}

/** `conflict`: another transaction holds the item; `capacity`: its partition is too busy; `throttle`: the caller is. */
export type Contention = 'throttle' | 'conflict' | 'capacity'

/** A name from outside may be one that every object has, such as `constructor`. */
export const ownValue = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

/** An error that the service's protocol has a code for. */
export class ServiceError extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'ServiceError'
    this.status = status
    this.code = code
  }
}
