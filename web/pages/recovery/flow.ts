/** What differs between the ways to a new password. */
import type { Result } from '../../client.ts'
import type { Challenge } from '../../parts/challenge.ts'
import type { PasswordRule } from '../../parts/password-rules.ts'
import type { StepName } from '../../parts/progress.ts'
import type { PagePath } from '../../paths.ts'

export interface Asked {
  readonly flowId: string
  readonly expiresInSeconds: number
  readonly resendAfterSeconds: number
  readonly maskedEmail?: string
  readonly maskedPhone?: string
}

/** One flow: its numbers, its routes, and the words for where the code went. */
export interface RecoveryFlow {
  readonly flow: 'password-email' | 'password-two-factor'
  readonly path: PagePath
  readonly sms: boolean
  readonly rule: PasswordRule
  readonly steps: readonly StepName[]
  /** What was typed of the person's own. */
  identifiers(): readonly string[]
  ask(resend: boolean): Promise<Result<Asked>>
  /** @returns the reset token. */
  verify(otp: string, challenge: Challenge): Promise<Result<string>>
  reset(token: string, newPassword: string, challenge: Challenge): Promise<Result<unknown>>
  /** What is said of the code, and where it went. */
  sentTo(mask: string): readonly [title: string, sentence: string]
  /** Of what was typed. */
  mask(): string
}
