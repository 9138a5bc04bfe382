/** What happened lately to an account, newest first, and what to do where its owner knows nothing of it. */
import type { App } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { dateTime } from '../app/language.ts'
import type { AccountData } from '../client.ts'
import { browserName } from './browser-name.ts'

export function activityList(app: App, recent: AccountData['recent']): readonly HTMLElement[] {
  const { account, activity } = app.catalogue.texts
  if (recent.length === 0) return [h('p', { class: 'hint' }, account.recentNone)]
  const items = recent.map(({ what, at, userAgent, times }) =>
    h(
      'li',
      {},
      h('strong', {}, activity[what]),
      ...(times > 1 ? [h('span', { class: 'badge' }, `×${times}`)] : []),
      h('span', { class: 'hint' }, dateTime(app.catalogue, at)),
      // The service itself sends codes, and a backend changes accounts.
      ...(userAgent === null ? [] : [h('span', { class: 'hint' }, browserName(app, userAgent))]),
    ),
  )
  return [h('ul', { class: 'list' }, ...items), h('p', { class: 'hint' }, account.recentHelp)]
}
