/** Whose PIN is reset, and the code that was asked for. */
import { maskPhone } from '#shared/domain/mask.ts'
import type { App } from '../../app/app.ts'
import { type Failure, isUnheard } from '../../client.ts'
import {
  type Challenge,
  challengeAfter,
  challengeAtHand,
  isStanding,
  namesOf,
  newChallenge,
} from '../../parts/challenge.ts'

export const steps = ['identifier', 'pin'] as const

export class PinResetState {
  readonly app: App
  by: 'phone' | 'userId' = 'phone'
  #typed = ''
  #challenge: Challenge | undefined
  #mask: string | undefined
  #earlier = false
  #unheard = false
  #finished = false

  constructor(app: App) {
    this.app = app
  }

  get typed(): string {
    return this.#typed
  }

  set typed(value: string) {
    if (value !== this.#typed) this.#forget()
    this.#typed = value
  }

  /** @throws Error where no code was asked for: its view is not shown then. */
  get challenge(): Challenge {
    if (this.#challenge === undefined) throw new Error('There is no code yet')
    return this.#challenge
  }

  /** Undefined for a user ID, which shows nothing. */
  get mask(): string | undefined {
    return this.#mask
  }

  /** Whether the code was sent before this page asked. */
  get earlier(): boolean {
    return this.#earlier
  }

  /** Whether the answer to a reset with this code was lost: it may have worked. */
  get unheard(): boolean {
    return this.#unheard
  }

  step(asked: string | undefined): 'who' | 'pin' | 'done' {
    if (asked === 'done' && this.#finished) return 'done'
    return asked === 'pin' && this.#challenge !== undefined ? 'pin' : 'who'
  }

  async send(leaving: AbortSignal): Promise<Failure | undefined> {
    this.#finished = false
    // No other could be asked for.
    if (isStanding(this.#challenge)) return void this.app.toStep('pin')
    const result = await this.ask()
    if (!result.ok) {
      if (result.code !== 'RESEND_TOO_SOON') return result
      this.#earlier = true
      this.#mask = this.by === 'phone' ? maskPhone(this.typed, '') : undefined
    }
    if (!leaving.aborted) this.app.toStep('pin')
    return undefined
  }

  async ask() {
    const result = await this.app.client.call('requestPinReset', { body: this.#who() })
    if (result.ok) {
      this.#challenge = newChallenge('pin-reset', result.data)
      this.#mask = result.data.maskedPhone
      this.#earlier = false
      this.#unheard = false
    } else this.#challenge = challengeAfter(result, 'pin-reset', this.#challenge)
    return result
  }

  /** Goes on with the code on the phone. @param refusal of another one */
  useAtHand(refusal: Failure): void {
    this.#challenge = challengeAtHand('pin-reset', refusal)
    this.#mask = undefined
    this.app.toStep('pin', { replace: history.state?.step === 'pin' })
  }

  async reset(otp: string, newPin: string): Promise<Failure | undefined> {
    const body = { ...this.#who(), otp, newPin, ...namesOf(this.challenge) }
    const result = await this.app.client.call('resetPin', { body })
    if (!result.ok) {
      this.#unheard ||= isUnheard(result)
      return result
    }
    this.#forget()
    this.#finished = true
    return undefined
  }

  #forget(): void {
    this.#challenge = undefined
    this.#unheard = false
  }

  #who() {
    return this.by === 'phone' ? { phone: this.typed } : { userId: this.typed }
  }
}
