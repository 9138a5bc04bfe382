/** Replies as tests read them: a field that is not there is undefined, and the test that counts on it fails. */
import type { Code, Detail } from '#shared/contract/codes.ts'
import type { Device, Factor } from '#shared/events.ts'
import type { Entry } from '#shared/ledger/entry.ts'

/** All that the routes give, together. */
export interface ReplyData {
  readonly flowId: string
  readonly challengeId: string
  readonly expiresInSeconds: number
  readonly resendAfterSeconds: number
  readonly maskedEmail: string
  readonly maskedPhone: string
  readonly identifier: string
  readonly token: string
  readonly resetToken: string
  readonly accessToken: string
  readonly mfaRequired: boolean
  readonly active: boolean
  readonly userId: string
  readonly email: string
  readonly username: string
  readonly phone: string
  readonly locale: string
  readonly status: string
  readonly mfaEnabled: boolean
  readonly factors: readonly (Factor & { readonly at: string; readonly expiresAt: string })[]
  readonly consent: { readonly document: string; readonly version: string }
  readonly device: Device
  readonly createdAt: string
  readonly expiresAt: string
  readonly sessions: readonly { readonly id: string; readonly device: Device; readonly current: boolean }[]
  readonly frozenUntil: string
  readonly hasPin: boolean
  readonly pinTriesLeft: number | null
  readonly recent: readonly { readonly what: string; readonly at: string }[]
  readonly lastCode: { readonly flow: string; readonly state: string; readonly reason: string | null }
  readonly entries: readonly Entry[]
  readonly nextCursor: string | undefined
  readonly smsToday: { readonly country: string; readonly sent: Readonly<Record<string, number>> } | null
}

/** The one envelope of all routes. */
export interface Envelope {
  readonly success: boolean
  readonly message: string
  readonly data: ReplyData
  readonly token: string
  readonly resetToken: string
  readonly error: {
    readonly code: Code
    readonly message: string
    readonly details: readonly Detail[]
    readonly retryAfterSeconds: number
  }
  readonly requestId: string
}

export interface Response<Body = Envelope> {
  readonly status: number
  /** Text where the reply is not JSON. */
  readonly body: Body
  readonly headers: Headers
}
