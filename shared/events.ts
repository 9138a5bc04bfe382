/** What a step says happened: rows of the outbox, written in the transaction of the state they speak of. */
import type { Channel, FlowId, SubjectKind } from './contract/flows.ts'

export type EventType =
  | 'CODE_REQUESTED'
  | 'CODE_SENT'
  | 'CODE_NOT_SENT'
  | 'CODE_VERIFIED'
  | 'IDENTITY_VERIFIED'
  | 'PASSWORD_RESET'
  | 'PIN_SET'
  | 'PIN_RESET'
  | 'PIN_VERIFIED'
  | 'PIN_LOCKED'
  | 'LOGIN'
  | 'MFA_VERIFIED'
  | 'STEP_UP_VERIFIED'
  | 'LOGOUT'
  | 'CONSENT_ACCEPTED'
  | 'IDENTITY_CREATED'
  | 'IDENTITY_CHANGED'
  | 'RECOVERY_FROZEN'
  | 'LIMIT_REACHED'
  | 'LEDGER_TAMPERED'
  | 'SMS_PAUSED'
  | 'SMS_RESUMED'
  | 'SMS_FLOOR_SET'
  | 'FLOW_STOPPED'
  | 'FLOW_STARTED'
  | 'ADDRESSES_SHOWN'

/** FRA factor groups. */
export type FactorGroup = 'KNOWLEDGE' | 'POSSESSION' | 'PRESENCE'

export interface Factor {
  readonly group: FactorGroup
  /** `password`, `pin`, `sms-otp`, `email-otp`. */
  readonly method: string
}

export interface Device {
  readonly id?: string
  readonly model?: string
  readonly os?: string
  readonly osVersion?: string
  readonly appVersion?: string
}

/** A recovery code by SMS, for the count of those that are never given back. */
export interface SmsCode {
  /** ISO 3166 alpha-2. */
  readonly country: string
  /** When it was asked for (epoch ms): sent and verified are counted there. */
  readonly askedAt: number
  readonly what: 'sent' | 'verified'
}

/** Who was meant, as typed and normalised. `identity` stands for a userId that the service itself knows. */
export interface Subject {
  readonly kind: SubjectKind | 'identity'
  readonly value: string
}

/** One thing that happened. Becomes one ledger entry; holds no secret, and nothing typed but the subject. */
export interface LedgerEvent {
  readonly type: EventType
  /** Epoch milliseconds. */
  readonly time: number
  readonly actor: string
  readonly subject: Subject
  /** Set when the step knows it: bound by a challenge, or a session's. */
  readonly userId?: string
  readonly flow?: FlowId
  readonly outcome: 'success' | 'failure'
  readonly reason?: string
  readonly factors?: readonly Factor[]
  readonly otpVerified?: boolean
  readonly device?: Device
  readonly userAgent?: string
  /** Why an admin did it, in their words. */
  readonly note?: string
  readonly requestId: string
  /** IDENTITY_CHANGED: names of the changed fields; RECOVERY_FROZEN by its owner: of the secret made unusable. Never values. */
  readonly fields?: readonly string[]
  /** The agreement that was accepted or registered, as `agreementName` says it. */
  readonly consent?: string
  /** `skipped` when the breach service did not answer. */
  readonly breachCheck?: 'passed' | 'skipped'
  /** LIMIT_REACHED: which one. SMS_FLOOR_SET: the floor. */
  readonly limit?: string
  readonly channel?: Channel
  /** Failed guesses in a row over all aliases: this event adds one, or clears them. Not part of the entry. */
  readonly guess?: 'failed' | 'cleared'
  /** Counted per country with this event. Not part of the entry. */
  readonly smsCode?: SmsCode
}

/** Names of the messages; each has its texts in every language's catalogue. */
export type Template =
  | 'code'
  | 'passwordChanged'
  | 'pinChanged'
  | 'pinSet'
  | 'addressChanged'
  | 'mfaChanged'
  | 'wrongSignInCode'
  | 'loginLocked'
  | 'signInLocked'
  | 'secretsRefused'
  | 'recoveryFrozen'
  | 'resetRequired'
  | 'changeDisowned'

export interface Destination {
  readonly channel: Channel
  readonly address: string
}

/** A message whose addresses were known when it was written. */
export interface Message {
  readonly template: Exclude<Template, 'code'>
  readonly userId: string
  /** One text, one link, each address once. */
  readonly to: readonly Destination[]
  readonly locale: string
  /** Id of the ledger event it tells of, so that the person can point at the entry. */
  readonly eventId: string
  readonly time: number
  /** What the device that did it says of itself: as the caller likes, so that none of it may stand in a message as it is. */
  readonly from?: { readonly userAgent?: string; readonly os?: string }
}

/** As version 0.2.0 of before 27 November 2026 wrote it: a row for each address. */
export type MessageToOne = Omit<Message, 'to'> & Destination

/** A code to be made and sent, if the subject turns out to be someone. */
export interface CodeOrder {
  readonly flow: FlowId
  readonly challengeId: string
  /** What challenge and budget are kept under: a subject key, or the challenge's own id. */
  readonly key: string
  readonly subject: Subject
  /** The pair's other half (two-factor flow). */
  readonly phone?: string
  /** Credential epoch of what was shown before it was asked for: a password, or a session. */
  readonly epoch?: number
  /** Session that asked (step-up): the code counts in no other. */
  readonly sessionId?: string
  readonly requestId: string
  readonly time: number
}

interface Row {
  /** `S#` and the subject's key: rows of one typed subject, or of one session's identity, keep their order. */
  readonly pk: string
  /** The event's id: the call's idempotency key and a number; a worker adds to the id of what it goes on from. */
  readonly sk: string
  readonly createdAt: number
  /** Set when the row was put before the workers again; the entry is then marked `late`. */
  readonly redrivenAt?: number
}
export type EventRow = Row & { readonly kind: 'event'; readonly event: LedgerEvent }
export type MessageRow = Row & { readonly kind: 'message'; readonly message: Message | MessageToOne }
export type CodeRow = Row & { readonly kind: 'code'; readonly order: CodeOrder }
export type OutboxRow = EventRow | MessageRow | CodeRow
