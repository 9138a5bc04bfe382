/** Code and new PIN together, since one call takes both. */
import type { App, View } from '../../app/app.ts'
import { type Child, h } from '../../app/dom.ts'
import type { Failure } from '../../client.ts'
import { backButton } from '../../parts/back-button.ts'
import { CodePanel } from '../../parts/code-panel.ts'
import { Form } from '../../parts/form.ts'
import { icon } from '../../parts/icon.ts'
import { maybeDone } from '../../parts/maybe-done.ts'
import { newPin } from '../../parts/new-pin.ts'
import { progress } from '../../parts/progress.ts'
import { safetyNote } from '../../parts/safety-note.ts'
import { pagePaths } from '../../paths.ts'
import { type PinResetState, steps } from './state.ts'

export function pinView(state: PinResetState, leaving: AbortSignal): View {
  const { app } = state
  const { pin, common } = app.catalogue.texts
  const fields = newPin(app, 'newPin')
  const notice = sentNotice(state)
  const panel = new CodePanel(app, leaving, {
    challenge: () => state.challenge,
    sms: true,
    notice,
    resend: () => state.ask(),
    useAtHand: (refusal) => state.useAtHand(refusal),
    sendsItself: false,
    complete: fields.focus,
  })
  const form = new Form(app, leaving, {
    fields: [...panel.fields, ...fields.fields],
    content: [panel.element, ...fields.content],
    submit: pin.reset,
    busy: common.saving,
    async send() {
      const failure = await state.reset(panel.code, fields.value)
      if (failure !== undefined) return failure
      fields.clear()
      if (!leaving.aborted) app.toStep('done', { replace: true })
    },
    explain(failure) {
      // Perhaps used by the reset whose answer was lost.
      if (state.unheard && failure.code === 'OTP_INVALID')
        return maybeDone(app, [pin.maybeReset, pin.maybeResetNext], pagePaths.resetPin)
      return panel.refused(failure) || fields.refused(failure) ? 'shown' : explain(app, failure)
    },
    blocked: () => !panel.usable(),
    below: [backButton(app)],
  })
  panel.follow((isSpent) => {
    form.quiet = isSpent
  })
  return {
    title: pin.enterCodeAndPin,
    content: [progress(app, steps, 1), notice, form.element, panel.help, safetyNote(app, state.challenge)],
    focus: () => panel.focus(),
  }
}

/** The first PIN is set after a sign-in. */
function explain(app: App, { code }: Failure) {
  if (code !== 'NOT_ELIGIBLE') return undefined
  return { actions: [{ label: app.catalogue.texts.pin.setTitle, run: () => app.go(pagePaths.setPin) }] }
}

function sentNotice({ app, mask, earlier, challenge }: PinResetState): HTMLElement {
  const { code } = app.catalogue.texts
  const said = (...content: readonly Child[]) =>
    h('div', { class: 'notice told' }, icon('phone'), h('div', {}, ...content))
  if (challenge.atHand) return said(h('strong', {}, code.newest))
  const sent = mask === undefined ? code.neutral : app.fill(code.neutralSms, { phone: mask })
  return said(earlier && h('strong', {}, code.sentBefore), h('p', {}, sent))
}
