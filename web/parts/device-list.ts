/** The sessions of a person, each with a way to end it. */
import type { App } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { dateTime } from '../app/language.ts'
import type { SessionRow } from '../client.ts'
import { browserName } from './browser-name.ts'
import { ProblemArea } from './problem.ts'

export function deviceList(app: App, leaving: AbortSignal, sessions: readonly SessionRow[]): HTMLElement {
  const { account } = app.catalogue.texts
  const problem = new ProblemArea(app, leaving)
  const list = h('ul', { class: 'list' })
  const end = async ({ id }: SessionRow, item: HTMLElement) => {
    const result = await app.session.call('endSession', { path: { id } })
    if (result === undefined || leaving.aborted) return
    // One that is no longer there has ended, which is what was wanted.
    if (!result.ok && result.code !== 'NOT_FOUND') return problem.show(result)
    item.remove()
    app.announce(account.ended)
    list.querySelector('li')?.focus()
  }
  for (const session of sessions) {
    const name = nameOf(app, session)
    const item = h('li', { tabindex: -1 })
    const label = app.fill(account.endNamed, { device: name })
    const button = h(
      'button',
      { type: 'button', class: 'second', 'aria-label': label, click: () => void end(session, item) },
      account.end,
    )
    item.append(
      h('strong', {}, name),
      session.current ? h('span', { class: 'badge' }, account.thisDevice) : button,
      h(
        'span',
        { class: 'hint' },
        app.fill(account.lastUsed, { time: dateTime(app.catalogue, session.lastUsedAt) }),
      ),
      h(
        'span',
        { class: 'hint' },
        app.fill(account.signedIn, { time: dateTime(app.catalogue, session.createdAt) }),
      ),
    )
    list.append(item)
  }
  return h('div', {}, problem.element, list)
}

/** What the app said of the device, else what its browser says. */
function nameOf(app: App, { device, userAgent }: SessionRow): string {
  const named = [device?.model, device?.os].filter(Boolean).join(', ')
  return named !== '' ? named : browserName(app, userAgent)
}
