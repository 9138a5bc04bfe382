/** What the two ways to a new password share: code, new password, success. */
import type { App, Page, View } from '../app/app.ts'
import { type Child, h } from '../app/dom.ts'
import type { Failure, Result } from '../client.ts'
import { type Challenge, earlierChallenge, isSpent, newChallenge } from '../parts/challenge.ts'
import { codeForm } from '../parts/code-form.ts'
import { createForm } from '../parts/form.ts'
import { newPassword } from '../parts/new-password.ts'
import type { PasswordRule } from '../parts/password-rules.ts'
import type { Explanation } from '../parts/problem.ts'
import { progress, type StepName } from '../parts/progress.ts'
import { type PagePath, pagePaths } from '../paths.ts'

interface Asked {
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
  /** @param mask undefined when the code was sent before this page was loaded */
  sentTo(mask: string | undefined): readonly Child[]
}

export interface Recovery {
  /** Asks for a code, or goes on with the one that is on its way. */
  send(): Promise<Failure | undefined>
  /** The furthest step that may be shown in place of one after the code was asked for. */
  step(asked: string | undefined): 'code' | 'password' | 'done' | undefined
  readonly views: Readonly<Record<'code' | 'password' | 'done', (leaving: AbortSignal) => View>>
}

export function recovery(app: App, flow: RecoveryFlow): Recovery {
  let subject = ''
  let mask: string | undefined
  let challenge: Challenge | undefined
  let token: string | undefined
  let finished = false
  /** The answer to a reset was lost: it may have worked. */
  let unheard = false

  const required = () => {
    if (challenge === undefined) throw new Error('There is no code yet')
    return challenge
  }
  const forget = () => {
    challenge = undefined
    token = undefined
    unheard = false
  }
  const startAgain = {
    label: app.catalogue.texts.common.startAgain,
    run: () => app.go(flow.path, { replace: true }),
  }

  async function ask(resend: boolean): Promise<Result<Asked>> {
    const result = await flow.ask(resend)
    if (result.ok) {
      challenge = newChallenge(flow.flow, result.data)
      mask = result.data.maskedEmail ?? result.data.maskedPhone
    }
    return result
  }

  async function send(): Promise<Failure | undefined> {
    const typed = flow.identifiers().join('\n')
    const isSame = typed === subject
    finished = false
    if (isSame && token !== undefined) return void app.toStep('password')
    if (isSame && challenge !== undefined && !isSpent(challenge) && challenge.resendAt > Date.now())
      return void app.toStep('code')
    const result = await ask(false)
    if (!result.ok && result.code !== 'RESEND_TOO_SOON') return result
    subject = typed
    token = undefined
    if (result.ok) return void app.toStep('code')
    mask = undefined
    challenge = earlierChallenge(flow.flow, result.retryAfterSeconds ?? 0)
    app.toStep('code', { notice: app.catalogue.texts.code.sentBefore })
  }

  const codeView = (leaving: AbortSignal): View => {
    const { auth } = app.catalogue.texts
    const minutes = Math.round(required().lifeSeconds / 60)
    const form = codeForm(app, leaving, {
      challenge: required,
      sms: flow.sms,
      resend: () => ask(true),
      async verify(code) {
        const result = await flow.verify(code, required())
        if (!result.ok) return result
        token = result.data
        if (!leaving.aborted) app.toStep('password', { replace: true })
      },
      below: [backButton(app)],
    })
    return {
      title: auth.verifyOTP,
      content: [
        progress(app, flow.steps, flow.steps.indexOf('code')),
        ...flow.sentTo(mask),
        form.element,
        h('p', { class: 'safe' }, app.fill(auth.otpSecure, { minutes })),
      ],
      focus: form.focus,
    }
  }

  const explainReset = ({ code }: Failure): Explanation | undefined => {
    const { password, signIn } = app.catalogue.texts
    if (code !== 'TOKEN_INVALID' && code !== 'OTP_INVALID') return undefined
    const toSignIn = { label: signIn.title, run: () => app.go(pagePaths.signIn) }
    if (!unheard) return { text: app.catalogue.errors.TOKEN_INVALID, actions: [startAgain] }
    return { text: [password.maybeChanged, password.maybeChangedNext], actions: [toSignIn, startAgain] }
  }

  const passwordView = (leaving: AbortSignal): View => {
    const { auth, password, common } = app.catalogue.texts
    const fields = newPassword(app, flow.rule, flow.identifiers())
    const form = createForm(app, leaving, {
      fields: fields.fields,
      content: [savedUnder(flow.identifiers()[0] ?? ''), ...fields.content],
      submit: auth.resetPassword,
      busy: common.saving,
      async send() {
        const result = await flow.reset(token ?? '', fields.value, required())
        if (!result.ok) {
          unheard ||= ['OFFLINE', 'TIMED_OUT', 'UNAVAILABLE'].includes(result.code)
          return result
        }
        fields.clear()
        forget()
        finished = true
        if (!leaving.aborted) app.toStep('done', { replace: true })
      },
      explain: (failure) => fields.explain(failure) ?? explainReset(failure),
      below: [backButton(app)],
    })
    return {
      title: auth.resetPassword,
      content: [
        progress(app, flow.steps, flow.steps.indexOf('password')),
        h('p', { class: 'lead' }, password.subtitle),
        form.element,
      ],
    }
  }

  const doneView = (): View => {
    const { auth, password, signIn } = app.catalogue.texts
    return {
      title: auth.passwordResetSuccess,
      content: [
        progress(app, flow.steps, flow.steps.length),
        h('p', { class: 'notice good' }, auth.passwordResetSuccessMessage),
        h('p', { class: 'hint' }, password.endsSessions),
        h('a', { class: 'main', href: pagePaths.signIn }, signIn.title),
      ],
    }
  }

  return {
    send,
    step(asked) {
      if (asked === 'done' && finished) return 'done'
      if ((asked === 'password' || asked === 'code') && token !== undefined) return 'password'
      return asked === 'code' && challenge !== undefined ? 'code' : undefined
    },
    views: { code: codeView, password: passwordView, done: doneView },
  }
}

/** Password managers store a new password under the name beside it. */
const savedUnder = (identifier: string) =>
  h('input', { type: 'text', autocomplete: 'username', value: identifier, readonly: true, hidden: true })

export const backButton = (app: App) =>
  h(
    'button',
    { type: 'button', class: 'second', click: () => history.back() },
    app.catalogue.texts.common.back,
  )

/** A page whose first steps are its own and whose last ones are the recovery's. */
export function recoveryPage<Step extends string>(
  shared: Recovery,
  step: (asked: string | undefined) => Step,
  views: Readonly<Record<Step, (leaving: AbortSignal) => View>>,
): Page {
  const all: Readonly<Record<string, (leaving: AbortSignal) => View>> = { ...views, ...shared.views }
  return {
    step: (asked) => shared.step(asked) ?? step(asked),
    view(name, leaving) {
      const view = all[name]
      if (view === undefined) throw new Error(`There is no step ${name}`)
      return view(leaving)
    },
  }
}
