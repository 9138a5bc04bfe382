/** What the routes give on success, as a client reads it. Times are ISO 8601. */

interface Asked {
  /** Sent with every later call of the flow: its guesses are then counted apart from strangers'. */
  readonly flowId: string
  readonly expiresInSeconds: number
  readonly resendAfterSeconds: number
}

interface Masked {
  readonly maskedEmail?: string
  readonly maskedPhone?: string
}

interface Expiring {
  readonly expiresInSeconds: number
}

interface SignedIn extends Expiring {
  readonly outcome: 'SIGNED_IN'
  readonly mfaRequired: false
  readonly accessToken: string
}

interface CodeAsked extends Asked, Masked {
  readonly outcome: 'MFA_REQUIRED'
  readonly mfaRequired: true
  readonly challengeId: string
}

interface Device {
  readonly id?: string
  readonly model?: string
  readonly os?: string
  readonly osVersion?: string
  readonly appVersion?: string
}

interface Consent {
  readonly document: string
  readonly version: string
  readonly acceptedAt: string
}

export interface ProvedFactor {
  readonly group: string
  readonly method: string
  readonly at: string
  readonly expiresAt: string
}

export interface SessionRow {
  readonly id: string
  readonly current: boolean
  readonly device: Device | null
  readonly userAgent: string | null
  readonly createdAt: string
  readonly lastUsedAt: string
  readonly expiresAt: string
}

export interface SessionData {
  readonly userId: string
  readonly factors: readonly ProvedFactor[]
  /** The one that opens the PIN gate, or null. */
  readonly consent: Consent | null
  readonly device: Device | null
  readonly createdAt: string
  readonly expiresAt: string
}

type Nothing = Readonly<Record<never, never>>

/** By route; `data` of the reply. */
export interface Replies {
  readonly requestPasswordReset: Asked & Masked
  readonly resendPasswordResetOtp: Asked & Masked
  readonly verifyPasswordResetOtp: Expiring & { readonly token: string }
  readonly resetPasswordEmail: Nothing
  readonly forgotPassword: Asked & Masked
  readonly verifyResetOtp: Expiring
  readonly resetPasswordBasic: Nothing
  readonly verifyIdentity: Masked & { readonly identifier: string }
  readonly requestTwoFactor: Asked & Masked & { readonly identifier: string }
  readonly verifyOtpTwoFactor: Expiring & { readonly resetToken: string }
  readonly resetPasswordTwoFactor: Nothing
  readonly requestPinReset: Asked & Masked
  readonly resetPin: Nothing
  readonly notMe: {
    readonly frozenUntil: string
    readonly passwordDisabled?: true
    readonly pinLocked?: true
  }
  readonly setPin: Nothing
  readonly verifyPin: Expiring
  readonly acceptConsent: Consent
  readonly requestStepUp: Asked & Masked
  readonly verifyStepUp: Expiring
  readonly login: SignedIn | CodeAsked
  readonly verifyLogin: SignedIn
  readonly getSession: SessionData
  readonly logout: Nothing
  readonly listSessions: { readonly sessions: readonly SessionRow[] }
  readonly endSession: Nothing
  readonly changePassword: Nothing
  readonly health: Nothing
}
