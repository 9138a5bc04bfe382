/** Reset PIN: who, then code and new PIN, then done. */
import type { App, Page, View } from '../../app/app.ts'
import { h } from '../../app/dom.ts'
import { waysOn } from '../../parts/back-to-product.ts'
import { progress } from '../../parts/progress.ts'
import { pagePaths } from '../../paths.ts'
import { pinView } from './pin-view.ts'
import { PinResetState, steps } from './state.ts'
import { whoView } from './who-view.ts'

export function openResetPin(app: App): Page {
  const state = new PinResetState(app)
  return {
    step: (asked) => state.step(asked),
    view(step, leaving) {
      if (step === 'done') return doneView(app)
      return step === 'pin' ? pinView(state, leaving) : whoView(state, leaving)
    },
  }
}

function doneView(app: App): View {
  const { pin, signIn } = app.catalogue.texts
  return {
    title: pin.resetDone,
    emblem: 'done',
    content: [
      progress(app, steps, steps.length),
      h('p', { class: 'lead' }, pin.resetDoneMessage),
      ...waysOn(app, pagePaths.signIn, signIn.title),
    ],
  }
}
