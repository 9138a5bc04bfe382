/** Leads to the step before, as the browser's own does. */
import type { App } from '../app/app.ts'
import { h } from '../app/dom.ts'

export const backButton = (app: App) =>
  h(
    'button',
    { type: 'button', class: 'second', click: () => history.back() },
    app.catalogue.texts.common.back,
  )
