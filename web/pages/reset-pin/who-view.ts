/** Whose PIN it is: by phone number, or by user ID. */
import type { App, View } from '../../app/app.ts'
import { h } from '../../app/dom.ts'
import { codeAtHand } from '../../parts/code-at-hand.ts'
import { type TextField, textField } from '../../parts/field.ts'
import { Form } from '../../parts/form.ts'
import { parseUserId } from '../../parts/identifiers.ts'
import { phoneField } from '../../parts/phone-field.ts'
import { progress } from '../../parts/progress.ts'
import { pagePaths } from '../../paths.ts'
import { type PinResetState, steps } from './state.ts'

export function whoView(state: PinResetState, leaving: AbortSignal): View {
  const { app } = state
  const { pin, common, signIn } = app.catalogue.texts
  const isPhone = state.by === 'phone'
  const phone = phoneField(app, pin.phone, isPhone ? state.typed : '')
  const field = isPhone ? phone : userIdField(app, state.typed)
  const turn = () => {
    state.by = isPhone ? 'userId' : 'phone'
    state.typed = ''
    app.toStep('who', { replace: true })
  }
  const form = new Form(app, leaving, {
    fields: [field],
    content: isPhone ? phone.content : [field.element],
    submit: pin.send,
    busy: common.sending,
    send() {
      state.typed = field.value
      return state.send(leaving)
    },
    explain: (failure) => codeAtHand(app, failure, (refusal) => state.useAtHand(refusal)),
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

function userIdField(app: App, value: string): TextField {
  const { pin } = app.catalogue.texts
  return textField(app, {
    name: 'userId',
    label: pin.userId,
    value,
    autocomplete: 'username',
    invalid: pin.invalidUserId,
    parse: parseUserId,
  })
}
