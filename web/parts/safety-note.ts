/** How long a code is good for, and that it is nobody else's business. */
import type { App } from '../app/app.ts'
import { h } from '../app/dom.ts'
import type { Challenge } from './challenge.ts'

export function safetyNote(app: App, { lifeSeconds }: Challenge): HTMLElement {
  const minutes = Math.round(lifeSeconds / 60)
  return h('p', { class: 'safe' }, app.fill(app.catalogue.texts.auth.otpSecure, { minutes }))
}
