/** The code that proves the mailbox or the phone. */
import type { View } from '../../app/app.ts'
import { h } from '../../app/dom.ts'
import { backButton } from '../../parts/back-button.ts'
import { codeForm } from '../../parts/code-form.ts'
import { progress } from '../../parts/progress.ts'
import { safetyNote } from '../../parts/safety-note.ts'
import type { RecoveryState } from './state.ts'

export function codeView(state: RecoveryState, leaving: AbortSignal): View {
  const { app, flow, mask } = state
  const { auth, code } = app.catalogue.texts
  const [title, sentence] = flow.sentTo(mask ?? flow.mask())
  const form = codeForm(app, leaving, {
    challenge: () => state.challenge,
    sms: flow.sms,
    resend: () => state.ask(true),
    async verify(otp) {
      const failure = await state.verify(otp)
      // In place of the code, which is used: back leads to the step before it.
      if (failure === undefined && !leaving.aborted) app.toStep('password', { replace: true })
      return failure
    },
    below: [backButton(app)],
  })
  const sent = h('strong', {}, mask === undefined ? code.sentBefore : title)
  return {
    title: auth.verifyOTP,
    content: [
      progress(app, flow.steps, flow.steps.indexOf('code')),
      h('div', { class: 'notice' }, sent, h('p', {}, sentence)),
      form.element,
      safetyNote(app, state.challenge),
    ],
    focus: form.focus,
  }
}
