/** Forgot password: a code by email. A username goes on to the way by phone. */
import { maskEmail } from '#shared/domain/mask.ts'
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { flowIdOf } from '../parts/challenge.ts'
import { textField } from '../parts/field.ts'
import { createForm } from '../parts/form.ts'
import { parseEmail, parseEmailOrUsername, parseUsername } from '../parts/identifiers.ts'
import { progress } from '../parts/progress.ts'
import { pagePaths } from '../paths.ts'
import { type RecoveryFlow, recovery, recoveryPage } from './recovery.ts'

const steps = ['email', 'code', 'password'] as const

export function openForgotPassword(app: App): Page {
  let email = ''
  const flow: RecoveryFlow = {
    flow: 'password-email',
    path: pagePaths.forgotPassword,
    sms: false,
    rule: 'enterprise',
    steps,
    identifiers: () => [email],
    ask: (resend) =>
      app.client.call(resend ? 'resendPasswordResetOtp' : 'requestPasswordReset', { body: { email } }),
    async verify(otp, challenge) {
      const body = { email, otp, ...flowIdOf(challenge) }
      const result = await app.client.call('verifyPasswordResetOtp', { body })
      return result.ok ? { ...result, data: result.data.token } : result
    },
    reset: (token, newPassword, challenge) =>
      app.client.call('resetPasswordEmail', { body: { email, token, newPassword, ...flowIdOf(challenge) } }),
    sentTo(mask = maskEmail(email)) {
      const { auth } = app.catalogue.texts
      return [
        h(
          'div',
          { class: 'notice' },
          h('strong', {}, auth.resetEmailSent),
          h('p', {}, app.fill(auth.resetEmailSentMessage, { email: mask })),
        ),
      ]
    },
  }
  const shared = recovery(app, flow)

  const emailView = (leaving: AbortSignal): View => {
    const { auth, forgot, common } = app.catalogue.texts
    const field = textField(app, {
      name: 'email',
      label: forgot.identifier,
      value: email || app.identifier,
      autocomplete: 'username',
      inputMode: 'email',
      hint: forgot.identifierHint,
      invalid: forgot.invalidEmail,
      parse: parseEmailOrUsername,
    })
    const isUsername = () => parseUsername(field.input.value) !== undefined
    const nameButton = () => {
      form.button.textContent = isUsername() ? common.next : auth.sendResetLink
    }
    const byPhone = (going: { readonly step?: string }) => {
      app.identifier = field.value
      app.go(pagePaths.resetByPhone, going)
    }
    const form = createForm(app, leaving, {
      fields: [
        { ...field, check: () => (field.input.value.trim() === '' ? auth.enterEmail : field.check()) },
      ],
      content: [field.element],
      submit: auth.sendResetLink,
      busy: common.sending,
      async send() {
        if (isUsername()) return void byPhone({ step: 'phone' })
        email = parseEmail(field.value) ?? ''
        app.identifier = email
        return shared.send()
      },
      below: [h('button', { type: 'button', class: 'link', click: () => byPhone({}) }, forgot.usePhone)],
    })
    field.input.addEventListener('input', nameButton)
    nameButton()
    return {
      title: auth.forgotPassword,
      content: [
        progress(app, steps, 0),
        h('p', { class: 'lead' }, auth.forgotPasswordSubtitle),
        form.element,
        h('p', { class: 'safe' }, auth.passwordResetSecure),
        h('nav', {}, h('a', { href: pagePaths.signIn }, app.catalogue.texts.signIn.title)),
      ],
    }
  }
  return recoveryPage(shared, () => 'email', { email: emailView })
}
