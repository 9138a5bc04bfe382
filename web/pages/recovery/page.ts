/** A page whose first steps are its own and whose last ones all recoveries share. */
import type { Page, View } from '../../app/app.ts'
import { codeView } from './code-view.ts'
import { doneView } from './done-view.ts'
import { passwordView } from './password-view.ts'
import type { RecoveryState, RecoveryStep } from './state.ts'

type ShowView = (leaving: AbortSignal) => View

/** @param ownStep which of the page's own steps may be shown */
export function recoveryPage<Own extends string>(
  state: RecoveryState,
  ownStep: (asked: string | undefined) => Own,
  ownViews: Readonly<Record<Own, ShowView>>,
): Page {
  const shared: Readonly<Record<RecoveryStep, ShowView>> = {
    code: (leaving) => codeView(state, leaving),
    password: (leaving) => passwordView(state, leaving),
    done: () => doneView(state),
  }
  const views: Readonly<Record<string, ShowView>> = { ...ownViews, ...shared }
  return {
    step: (asked) => state.step(asked) ?? ownStep(asked),
    view(name, leaving) {
      const show = views[name]
      if (show === undefined) throw new Error(`There is no step ${name}`)
      return show(leaving)
    },
  }
}
