/** Forgot password: a code by email. A username goes on to the way by phone. */
import { maskEmail } from '#shared/domain/mask.ts'
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { namesOf } from '../parts/challenge.ts'
import { codeAtHand } from '../parts/code-at-hand.ts'
import { type TextField, textField } from '../parts/field.ts'
import { Form } from '../parts/form.ts'
import { parseEmail, parseEmailOrUsername, parseUsername } from '../parts/identifiers.ts'
import { progress } from '../parts/progress.ts'
import { pagePaths } from '../paths.ts'
import type { RecoveryFlow } from './recovery/flow.ts'
import { recoveryPage } from './recovery/page.ts'
import { RecoveryState } from './recovery/state.ts'

const steps = ['email', 'code', 'password'] as const

interface Typed {
  email: string
}

export function openForgotPassword(app: App): Page {
  const typed: Typed = { email: '' }
  const state = new RecoveryState(app, emailFlow(app, typed))
  return recoveryPage(state, () => 'email', { email: (leaving) => emailView(state, typed, leaving) })
}

function emailFlow(app: App, typed: Typed): RecoveryFlow {
  const { client } = app
  return {
    flow: 'password-email',
    path: pagePaths.forgotPassword,
    sms: false,
    rule: 'enterprise',
    steps,
    identifiers: () => [typed.email],
    ask: (resend) =>
      client.call(resend ? 'resendPasswordResetOtp' : 'requestPasswordReset', {
        body: { email: typed.email },
      }),
    async verify(otp, challenge) {
      const body = { email: typed.email, otp, ...namesOf(challenge) }
      const result = await client.call('verifyPasswordResetOtp', { body })
      return result.ok ? { ...result, data: result.data.token } : result
    },
    reset(token, newPassword, challenge) {
      const body = { email: typed.email, token, newPassword, ...namesOf(challenge) }
      return client.call('resetPasswordEmail', { body })
    },
    sentTo(mask) {
      const { auth } = app.catalogue.texts
      return [auth.resetEmailSent, app.fill(auth.resetEmailSentMessage, { email: mask })]
    },
    mask: () => maskEmail(typed.email),
  }
}

function emailView(state: RecoveryState, typed: Typed, leaving: AbortSignal): View {
  const { app } = state
  const { auth, forgot, common, signIn } = app.catalogue.texts
  const field = emailField(app, typed)
  const isUsername = () => parseUsername(field.input.value) !== undefined
  const byPhone = (going: { readonly step?: string }) => {
    app.identifier = field.value
    app.go(pagePaths.resetByPhone, going)
  }
  const form = new Form(app, leaving, {
    fields: [field],
    content: [field.element],
    submit: auth.sendResetLink,
    busy: common.sending,
    async send() {
      if (isUsername()) return void byPhone({ step: 'phone' })
      typed.email = parseEmail(field.value) ?? ''
      app.identifier = typed.email
      return state.send(leaving)
    },
    explain: (failure) => codeAtHand(app, failure, (refusal) => state.useAtHand(refusal)),
    below: [h('button', { type: 'button', class: 'link', click: () => byPhone({}) }, forgot.usePhone)],
  })
  const nameButton = () => {
    form.label = isUsername() ? common.next : auth.sendResetLink
  }
  field.input.addEventListener('input', nameButton)
  nameButton()
  return {
    title: auth.forgotPassword,
    content: [
      progress(app, steps, 0),
      h('p', { class: 'lead' }, auth.forgotPasswordSubtitle),
      form.element,
      h('p', { class: 'safe' }, auth.passwordResetSecure),
      h('nav', {}, h('a', { href: pagePaths.signIn }, signIn.title)),
    ],
  }
}

function emailField(app: App, { email }: Typed): TextField {
  const { auth, forgot } = app.catalogue.texts
  return textField(app, {
    name: 'email',
    label: forgot.identifier,
    value: email || app.identifier,
    autocomplete: 'username',
    inputMode: 'email',
    hint: forgot.identifierHint,
    missing: auth.enterEmail,
    invalid: forgot.invalidEmail,
    parse: parseEmailOrUsername,
  })
}
