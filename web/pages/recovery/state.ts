/** How far a recovery has come. Kept in memory while its page is open, and nowhere else. */
import type { App } from '../../app/app.ts'
import { type Failure, isUnheard, type Result } from '../../client.ts'
import {
  type Challenge,
  challengeAfter,
  challengeAtHand,
  isStanding,
  newChallenge,
  waitAfter,
} from '../../parts/challenge.ts'
import type { Asked, RecoveryFlow } from './flow.ts'

export type RecoveryStep = 'code' | 'password' | 'done'

export class RecoveryState {
  readonly app: App
  readonly flow: RecoveryFlow
  #subject = ''
  #mask: string | undefined
  #challenge: Challenge | undefined
  #token: string | undefined
  #unheard = false
  #finished = false

  constructor(app: App, flow: RecoveryFlow) {
    this.app = app
    this.flow = flow
  }

  /** @throws Error where no code was asked for: no view of these steps is shown then. */
  get challenge(): Challenge {
    if (this.#challenge === undefined) throw new Error('There is no code yet')
    return this.#challenge
  }

  /** Undefined when the code was sent before this page asked. */
  get mask(): string | undefined {
    return this.#mask
  }

  /** Whether the answer to a reset was lost: it may have worked. */
  get unheard(): boolean {
    return this.#unheard
  }

  /** @returns the step that may be shown of those after the code was asked for. */
  step(asked: string | undefined): RecoveryStep | undefined {
    if (asked === 'done' && this.#finished) return 'done'
    if ((asked === 'password' || asked === 'code') && this.#token !== undefined) return 'password'
    return asked === 'code' && this.#challenge !== undefined ? 'code' : undefined
  }

  /** Asks for a code, or goes on with the one that is on its way. */
  async send(leaving: AbortSignal): Promise<Failure | undefined> {
    const typed = this.flow.identifiers().join('\n')
    if (typed !== this.#subject) this.#forget()
    this.#subject = typed
    this.#finished = false
    if (this.#token !== undefined) return void this.app.toStep('password')
    // No other could be asked for.
    if (isStanding(this.#challenge)) return void this.app.toStep('code')
    const result = await this.ask(false)
    if (!result.ok) {
      if (result.code !== 'RESEND_TOO_SOON') return result
      this.#mask = undefined
    }
    if (!leaving.aborted) this.app.toStep('code')
    return undefined
  }

  async ask(resend: boolean): Promise<Result<Asked>> {
    const result = await this.flow.ask(resend)
    if (result.ok) {
      const { maskedEmail, maskedPhone } = result.data
      this.#challenge = newChallenge(this.flow.flow, result.data)
      this.#mask = maskedEmail ?? maskedPhone
    } else this.#challenge = challengeAfter(result, this.flow.flow, this.#challenge)
    return result
  }

  /** Goes on with the code in the mailbox. @param refusal of another one */
  useAtHand(refusal: Failure): void {
    this.#challenge = challengeAtHand(this.flow.flow, refusal)
    this.#mask = undefined
    this.app.toStep('code', { replace: history.state?.step === 'code' })
  }

  async verify(otp: string): Promise<Failure | undefined> {
    const result = await this.flow.verify(otp, this.challenge)
    if (!result.ok) return result
    this.#token = result.data
    return undefined
  }

  async reset(newPassword: string): Promise<Failure | undefined> {
    const result = await this.flow.reset(this.#token ?? '', newPassword, this.challenge)
    if (!result.ok) {
      this.#unheard ||= isUnheard(result)
      if (result.code === 'TRIES_EXHAUSTED') this.#spend(result)
      return result
    }
    this.#forget()
    this.#finished = true
    return undefined
  }

  /** Too many new passwords were refused after the right code. */
  #spend(refusal: Failure): void {
    this.#token = undefined
    Object.assign(this.challenge, { proved: true, over: true, triesLeft: 0 })
    waitAfter(this.challenge, refusal)
  }

  #forget(): void {
    this.#challenge = undefined
    this.#token = undefined
    this.#mask = undefined
    this.#unheard = false
  }
}
