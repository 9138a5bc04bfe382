/** Reset by phone: email or username, the phone that belongs to it, a code by SMS, a new password. */
import { maskPhone } from '#shared/domain/mask.ts'
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { flowIdOf } from '../parts/challenge.ts'
import { textField } from '../parts/field.ts'
import { createForm } from '../parts/form.ts'
import { parseEmailOrUsername, parsePhone } from '../parts/identifiers.ts'
import { progress } from '../parts/progress.ts'
import { pagePaths } from '../paths.ts'
import { backButton, type RecoveryFlow, recovery, recoveryPage } from './recovery.ts'

const steps = ['identifier', 'phone', 'code', 'password'] as const

export function openResetByPhone(app: App): Page {
  let identifier = parseEmailOrUsername(app.identifier) ?? ''
  let phone = ''
  const flow: RecoveryFlow = {
    flow: 'password-two-factor',
    path: pagePaths.resetByPhone,
    sms: true,
    rule: 'standard',
    steps,
    identifiers: () => [identifier, phone],
    ask: () => app.client.call('requestTwoFactor', { body: { identifier, phone } }),
    async verify(otp, challenge) {
      const body = { identifier, phone, otp, ...flowIdOf(challenge) }
      const result = await app.client.call('verifyOtpTwoFactor', { body })
      return result.ok ? { ...result, data: result.data.resetToken } : result
    },
    reset(resetToken, newPassword, challenge) {
      const body = { identifier, phone, resetToken, newPassword, ...flowIdOf(challenge) }
      return app.client.call('resetPasswordTwoFactor', { body })
    },
    sentTo(mask = maskPhone(phone, '')) {
      const { phone: texts } = app.catalogue.texts
      return [
        h(
          'div',
          { class: 'notice' },
          h('strong', {}, texts.checkPhone),
          h('p', {}, app.fill(texts.sentTo, { phone: mask })),
        ),
      ]
    },
  }
  const shared = recovery(app, flow)

  const identifierView = (leaving: AbortSignal): View => {
    const { phone: texts, forgot, common } = app.catalogue.texts
    const field = textField(app, {
      name: 'identifier',
      label: forgot.identifier,
      value: identifier,
      autocomplete: 'username',
      inputMode: 'email',
      invalid: forgot.invalidEmail,
      parse: parseEmailOrUsername,
    })
    const form = createForm(app, leaving, {
      fields: [field],
      content: [field.element],
      submit: common.next,
      busy: common.next,
      async send() {
        identifier = field.value
        app.identifier = identifier
        return void app.toStep('phone')
      },
      below: [h('a', { class: 'link', href: pagePaths.forgotPassword }, forgot.useEmail)],
    })
    return {
      title: texts.title,
      content: [
        progress(app, steps, 0),
        h('p', { class: 'lead' }, texts.subtitle),
        form.element,
        h('nav', {}, h('a', { href: pagePaths.signIn }, app.catalogue.texts.signIn.title)),
      ],
    }
  }

  const phoneView = (leaving: AbortSignal): View => {
    const { phone: texts, common } = app.catalogue.texts
    const field = textField(app, {
      name: 'phone',
      label: texts.label,
      type: 'tel',
      value: phone,
      autocomplete: 'tel',
      inputMode: 'tel',
      hint: texts.format,
      invalid: texts.invalid,
      parse: parsePhone,
    })
    const form = createForm(app, leaving, {
      fields: [field],
      content: [field.element],
      submit: texts.submit,
      busy: common.sending,
      send() {
        phone = field.value
        return shared.send()
      },
      explain: ({ code }) =>
        code === 'CREDENTIALS_INVALID' ? { text: [texts.mismatch, texts.mismatchNext] } : undefined,
      below: [backButton(app)],
    })
    return {
      title: texts.title,
      content: [
        progress(app, steps, 1),
        h('p', { class: 'lead' }, app.fill(texts.hint, { identifier })),
        form.element,
      ],
    }
  }

  const step = (asked: string | undefined) =>
    asked !== undefined && asked !== 'identifier' && identifier !== '' ? 'phone' : 'identifier'
  return recoveryPage(shared, step, { identifier: identifierView, phone: phoneView })
}
