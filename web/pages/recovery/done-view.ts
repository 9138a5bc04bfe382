/** The password is reset; a sign-in comes next. */
import type { View } from '../../app/app.ts'
import { h } from '../../app/dom.ts'
import { waysOn } from '../../parts/back-to-product.ts'
import { progress } from '../../parts/progress.ts'
import { pagePaths } from '../../paths.ts'
import type { RecoveryState } from './state.ts'

export function doneView({ app, flow }: RecoveryState): View {
  const { auth, password, signIn } = app.catalogue.texts
  return {
    title: auth.passwordResetSuccess,
    emblem: 'done',
    content: [
      progress(app, flow.steps, flow.steps.length),
      h('p', { class: 'lead' }, auth.passwordResetSuccessMessage),
      h('p', { class: 'hint' }, password.endsSessions),
      ...waysOn(app, pagePaths.signIn, signIn.title),
    ],
  }
}
