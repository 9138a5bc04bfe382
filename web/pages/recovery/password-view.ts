/** The new password. */
import type { View } from '../../app/app.ts'
import { h } from '../../app/dom.ts'
import type { Failure } from '../../client.ts'
import { backButton } from '../../parts/back-button.ts'
import { Form } from '../../parts/form.ts'
import { maybeDone } from '../../parts/maybe-done.ts'
import { NewPassword } from '../../parts/new-password.ts'
import type { Explanation } from '../../parts/problem.ts'
import { progress } from '../../parts/progress.ts'
import { savedUnder } from '../../parts/saved-under.ts'
import type { RecoveryState } from './state.ts'

export function passwordView(state: RecoveryState, leaving: AbortSignal): View {
  const { app, flow } = state
  const { auth, password, common } = app.catalogue.texts
  const identifiers = flow.identifiers()
  const fields = new NewPassword(app, flow.rule, identifiers)
  const form = new Form(app, leaving, {
    fields: fields.fields,
    content: [savedUnder(identifiers[0] ?? ''), ...fields.content],
    submit: auth.resetPassword,
    busy: common.saving,
    async send() {
      const failure = await state.reset(fields.value)
      // The code is used up: its view leads to a new one.
      if (failure?.code === 'TRIES_EXHAUSTED' && !leaving.aborted)
        return void app.toStep('code', { replace: true })
      if (failure !== undefined) return failure
      fields.clear()
      if (!leaving.aborted) app.toStep('done', { replace: true })
    },
    explain: (failure) => fields.explain(failure) ?? explainProof(state, failure),
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

/** The token is over: too late, used in another tab, or used by a reset whose answer was lost. */
function explainProof({ app, flow, unheard }: RecoveryState, { code }: Failure): Explanation | undefined {
  const { password, common } = app.catalogue.texts
  if (code !== 'TOKEN_INVALID' && code !== 'OTP_INVALID') return undefined
  if (unheard) return maybeDone(app, [password.maybeChanged, password.maybeChangedNext], flow.path)
  const startAgain = { label: common.startAgain, run: () => app.go(flow.path, { replace: true }) }
  return { text: app.catalogue.errors.TOKEN_INVALID, actions: [startAgain] }
}
