/** The code that proves the mailbox or the phone. */
import type { View } from '../../app/app.ts'
import { h } from '../../app/dom.ts'
import { backButton } from '../../parts/back-button.ts'
import { codeForm } from '../../parts/code-form.ts'
import { icon } from '../../parts/icon.ts'
import { progress } from '../../parts/progress.ts'
import { safetyNote } from '../../parts/safety-note.ts'
import type { RecoveryState } from './state.ts'

export function codeView(state: RecoveryState, leaving: AbortSignal): View {
  const { app, flow, mask } = state
  const { auth, code } = app.catalogue.texts
  const { over, proved, atHand } = state.challenge
  const isUsedUp = over === true && proved === true
  const [title, sentence] = flow.sentTo(mask ?? flow.mask())
  const said = isUsedUp
    ? code.refusedOften
    : atHand
      ? code.newest
      : mask === undefined
        ? code.sentBefore
        : title
  const notice = h(
    'div',
    { class: 'notice told' },
    icon(isUsedUp ? 'warning' : flow.sms ? 'phone' : 'mail'),
    h('div', {}, h('strong', {}, said), !isUsedUp && !atHand && h('p', {}, sentence)),
  )
  const form = codeForm(app, leaving, {
    challenge: () => state.challenge,
    sms: flow.sms,
    // That the code is used up goes on to be so.
    ...(!isUsedUp && { notice }),
    async resend() {
      const result = await state.ask(true)
      // What stands above is no longer so.
      if (isUsedUp && state.challenge.over !== true && !leaving.aborted) app.toStep('code', { replace: true })
      return result
    },
    useAtHand: (refusal) => state.useAtHand(refusal),
    async verify(otp) {
      const failure = await state.verify(otp)
      // In place of the code, which is used: back leads to the step before it.
      if (failure === undefined && !leaving.aborted) app.toStep('password', { replace: true })
      return failure
    },
    below: [backButton(app)],
  })
  return {
    title: auth.verifyOTP,
    content: [
      progress(app, flow.steps, flow.steps.indexOf('code')),
      notice,
      form.element,
      safetyNote(app, state.challenge),
    ],
    // The title, so that what stands above is heard.
    ...(!isUsedUp && { focus: form.focus }),
  }
}
