/** Reset PIN: phone or user ID, then code and new PIN together, since one call takes both. */
import { maskPhone } from '#shared/domain/mask.ts'
import type { App, Page, View } from '../app/app.ts'
import { h } from '../app/dom.ts'
import type { Failure } from '../client.ts'
import { type Challenge, earlierChallenge, flowIdOf, newChallenge } from '../parts/challenge.ts'
import { codePanel } from '../parts/code-panel.ts'
import { textField } from '../parts/field.ts'
import { createForm } from '../parts/form.ts'
import { parsePhone, parseUserId } from '../parts/identifiers.ts'
import { newPin } from '../parts/new-pin.ts'
import { progress } from '../parts/progress.ts'
import { pagePaths } from '../paths.ts'
import { backButton } from './recovery.ts'

const steps = ['identifier', 'pin'] as const

export function openResetPin(app: App): Page {
  let by: 'phone' | 'userId' = 'phone'
  let typed = ''
  let mask: string | undefined
  let challenge: Challenge | undefined
  let finished = false

  const who = () => (by === 'phone' ? { phone: typed } : { userId: typed })
  const required = () => {
    if (challenge === undefined) throw new Error('There is no code yet')
    return challenge
  }

  async function ask() {
    const result = await app.client.call('requestPinReset', { body: who() })
    if (result.ok) {
      challenge = newChallenge('pin-reset', result.data)
      mask = result.data.maskedPhone
    }
    return result
  }

  async function send(): Promise<Failure | undefined> {
    finished = false
    const result = await ask()
    if (result.ok) return void app.toStep('pin')
    if (result.code !== 'RESEND_TOO_SOON') return result
    challenge ??= earlierChallenge('pin-reset', result.retryAfterSeconds ?? 0)
    mask ??= by === 'phone' ? maskPhone(typed, '') : undefined
    app.toStep('pin', { notice: app.catalogue.texts.code.sentBefore })
  }

  const whoView = (leaving: AbortSignal): View => {
    const { pin, phone, common, signIn } = app.catalogue.texts
    const isPhone = by === 'phone'
    const field = textField(app, {
      name: by,
      label: isPhone ? pin.phone : pin.userId,
      type: isPhone ? 'tel' : 'text',
      value: typed,
      autocomplete: isPhone ? 'tel' : 'username',
      ...(isPhone && { inputMode: 'tel' as const, hint: phone.format }),
      invalid: isPhone ? phone.invalid : pin.invalidUserId,
      parse: isPhone ? parsePhone : parseUserId,
    })
    const turn = () => {
      by = isPhone ? 'userId' : 'phone'
      typed = ''
      challenge = undefined
      app.toStep('who', { replace: true })
    }
    const form = createForm(app, leaving, {
      fields: [field],
      content: [field.element],
      submit: pin.send,
      busy: common.sending,
      send() {
        if (typed !== field.value) challenge = undefined
        typed = field.value
        return send()
      },
      below: [
        h('button', { type: 'button', class: 'link', click: turn }, isPhone ? pin.useUserId : pin.usePhone),
      ],
    })
    return {
      title: pin.resetTitle,
      content: [
        progress(app, steps, 0),
        h('p', { class: 'lead' }, pin.resetSubtitle),
        form.element,
        h('nav', {}, h('a', { href: pagePaths.signIn }, signIn.title)),
      ],
    }
  }

  const pinView = (leaving: AbortSignal): View => {
    const { auth, code, pin, common } = app.catalogue.texts
    const fields = newPin(app, 'newPin')
    const panel = codePanel(app, leaving, {
      challenge: required,
      sms: true,
      resend: ask,
      complete: fields.focus,
      problem: () => form.problem,
    })
    const form = createForm(app, leaving, {
      fields: [panel, ...fields.fields],
      content: [panel.element, ...fields.content],
      submit: pin.reset,
      busy: common.saving,
      async send() {
        const body = { ...who(), otp: panel.code, newPin: fields.value, ...flowIdOf(required()) }
        const result = await app.client.call('resetPin', { body })
        if (!result.ok) return result
        fields.clear()
        challenge = undefined
        finished = true
        if (!leaving.aborted) app.toStep('done', { replace: true })
      },
      explain(failure) {
        if (panel.refused(failure)) return 'shown'
        const { code: refusal } = failure
        if (refusal === 'PIN_FORMAT' || refusal === 'PIN_TRIVIAL' || refusal === 'PIN_REUSED') {
          fields.showError(app.catalogue.errors[refusal].join(' '))
          return 'shown'
        }
        if (refusal !== 'NOT_ELIGIBLE') return undefined
        return { actions: [{ label: pin.setTitle, run: () => app.go(pagePaths.setPin) }] }
      },
      blocked: () => !panel.usable(),
      below: [backButton(app)],
    })
    const sent = mask === undefined ? code.neutral : app.fill(code.neutralSms, { phone: mask })
    return {
      title: pin.enterCodeAndPin,
      content: [
        progress(app, steps, 1),
        h('p', { class: 'notice' }, sent),
        form.element,
        h(
          'p',
          { class: 'safe' },
          app.fill(auth.otpSecure, { minutes: Math.round(required().lifeSeconds / 60) }),
        ),
      ],
      focus: panel.focus,
    }
  }

  const doneView = (): View => {
    const { pin, signIn } = app.catalogue.texts
    return {
      title: pin.resetDone,
      content: [
        progress(app, steps, 2),
        h('p', { class: 'notice good' }, pin.resetDoneMessage),
        h('a', { class: 'main', href: pagePaths.signIn }, signIn.title),
      ],
    }
  }

  return {
    step(asked) {
      if (asked === 'done' && finished) return 'done'
      return asked === 'pin' && challenge !== undefined ? 'pin' : 'who'
    },
    view: (step, leaving) =>
      step === 'done' ? doneView() : step === 'pin' ? pinView(leaving) : whoView(leaving),
  }
}
