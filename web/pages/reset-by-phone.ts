/** Reset by phone: email or username, the phone that belongs to it, a code by SMS, a new password. */
import { maskPhone } from '#shared/domain/mask.ts'
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { backButton } from '../parts/back-button.ts'
import { namesOf } from '../parts/challenge.ts'
import { codeAtHand } from '../parts/code-at-hand.ts'
import { textField } from '../parts/field.ts'
import { Form } from '../parts/form.ts'
import { parseEmailOrUsername } from '../parts/identifiers.ts'
import { phoneField } from '../parts/phone-field.ts'
import { progress } from '../parts/progress.ts'
import { pagePaths } from '../paths.ts'
import type { RecoveryFlow } from './recovery/flow.ts'
import { recoveryPage } from './recovery/page.ts'
import { RecoveryState } from './recovery/state.ts'

const steps = ['identifier', 'phone', 'code', 'password'] as const

interface Typed {
  identifier: string
  phone: string
}

export function openResetByPhone(app: App): Page {
  const typed: Typed = { identifier: parseEmailOrUsername(app.identifier) ?? '', phone: '' }
  const state = new RecoveryState(app, phoneFlow(app, typed))
  const step = (asked: string | undefined) =>
    asked !== undefined && asked !== 'identifier' && typed.identifier !== '' ? 'phone' : 'identifier'
  return recoveryPage(state, step, {
    identifier: (leaving) => identifierView(app, typed, leaving),
    phone: (leaving) => phoneView(state, typed, leaving),
  })
}

function phoneFlow(app: App, typed: Typed): RecoveryFlow {
  const { client } = app
  return {
    flow: 'password-two-factor',
    path: pagePaths.resetByPhone,
    sms: true,
    rule: 'standard',
    steps,
    identifiers: () => [typed.identifier, typed.phone],
    ask: () => client.call('requestTwoFactor', { body: { ...typed } }),
    async verify(otp, challenge) {
      const result = await client.call('verifyOtpTwoFactor', {
        body: { ...typed, otp, ...namesOf(challenge) },
      })
      return result.ok ? { ...result, data: result.data.resetToken } : result
    },
    reset(resetToken, newPassword, challenge) {
      const body = { ...typed, resetToken, newPassword, ...namesOf(challenge) }
      return client.call('resetPasswordTwoFactor', { body })
    },
    sentTo(mask) {
      const { phone } = app.catalogue.texts
      return [phone.checkPhone, app.fill(phone.sentTo, { phone: mask })]
    },
    mask: () => maskPhone(typed.phone, ''),
  }
}

function identifierView(app: App, typed: Typed, leaving: AbortSignal): View {
  const { phone, forgot, common, signIn } = app.catalogue.texts
  const field = textField(app, {
    name: 'identifier',
    label: forgot.identifier,
    value: typed.identifier,
    autocomplete: 'username',
    inputMode: 'email',
    invalid: forgot.invalidEmail,
    parse: parseEmailOrUsername,
  })
  const form = new Form(app, leaving, {
    fields: [field],
    content: [field.element],
    submit: common.next,
    busy: common.next,
    async send() {
      typed.identifier = field.value
      app.identifier = field.value
      return void app.toStep('phone')
    },
    below: [h('a', { class: 'link', href: pagePaths.forgotPassword }, forgot.useEmail)],
  })
  return {
    title: phone.title,
    content: [
      progress(app, steps, 0),
      h('p', { class: 'lead' }, phone.subtitle),
      form.element,
      h('nav', {}, h('a', { href: pagePaths.signIn }, signIn.title)),
    ],
  }
}

function phoneView(state: RecoveryState, typed: Typed, leaving: AbortSignal): View {
  const { app } = state
  const { phone: texts, common } = app.catalogue.texts
  const field = phoneField(app, texts.label, typed.phone)
  const form = new Form(app, leaving, {
    fields: [field],
    content: field.content,
    submit: texts.submit,
    busy: common.sending,
    send() {
      typed.phone = field.value
      return state.send(leaving)
    },
    explain: (failure) =>
      failure.code === 'CREDENTIALS_INVALID'
        ? { text: [texts.mismatch, texts.mismatchNext] }
        : codeAtHand(app, failure, (refusal) => state.useAtHand(refusal)),
    below: [backButton(app)],
  })
  return {
    title: texts.title,
    content: [
      progress(app, steps, 1),
      h('p', { class: 'lead' }, app.fill(texts.hint, { identifier: typed.identifier })),
      form.element,
    ],
  }
}
