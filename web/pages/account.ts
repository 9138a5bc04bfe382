/** Signed in: how, where, and the ways out. */
import { type App, type Page, single } from '../app/app.ts'
import { h, replaceChildren } from '../app/dom.ts'
import type { SessionData, SessionRow } from '../client.ts'
import { deviceList } from '../parts/device-list.ts'
import { factorList } from '../parts/factor-list.ts'
import { ProblemArea } from '../parts/problem.ts'
import { verifyPinForm } from '../parts/verify-pin-form.ts'
import { pagePaths } from '../paths.ts'

interface Loaded {
  readonly session: SessionData
  readonly sessions: readonly SessionRow[]
}

export function openAccount(app: App): Page {
  return single((leaving) => {
    const { account, common } = app.catalogue.texts
    const problem = new ProblemArea(app, leaving)
    const body = h('div', {}, h('p', { class: 'lead' }, common.loading))
    const load = async () => {
      const [session, list] = await Promise.all([
        app.session.call('getSession', { signal: leaving }),
        app.session.call('listSessions', { signal: leaving }),
      ])
      if (session === undefined || list === undefined || leaving.aborted) return
      if (session.ok && list.ok) return show({ session: session.data, sessions: list.data.sessions })
      body.replaceChildren()
      const failure = session.ok ? list : session
      if (!failure.ok)
        problem.show(failure, {
          actions: [{ label: common.tryAgain, run: () => app.go(pagePaths.account, { replace: true }) }],
        })
    }
    const show = ({ session, sessions }: Loaded) => {
      replaceChildren(
        body,
        h('p', { class: 'lead' }, app.fill(account.signedInAs, { userId: session.userId })),
        section(account.factors, factorList(app, session.factors)),
        section(account.verifyPin, ...verifyPinForm(app, leaving, session.factors)),
        section(account.devices, deviceList(app, leaving, sessions)),
        section(account.security, securityLinks(app)),
        leave(app, leaving, problem),
      )
    }
    load().catch(() => {
      // The view went while it was loading.
    })
    return { title: account.title, content: [problem.element, body] }
  })
}

const section = (title: string, ...content: readonly (Node | string)[]) =>
  h('section', {}, h('h2', {}, title), ...content)

function securityLinks(app: App) {
  const { account } = app.catalogue.texts
  return h(
    'nav',
    { 'aria-label': account.security },
    h('a', { href: pagePaths.changePassword }, account.changePassword),
    h('a', { href: pagePaths.setPin }, account.setPin),
    h('a', { href: pagePaths.resetPin }, account.resetPin),
  )
}

/** Signing out here, and everywhere once that was said again. */
function leave(app: App, leaving: AbortSignal, problem: ProblemArea) {
  const { account, signIn, common } = app.catalogue.texts
  let busy = false
  const out = async (everywhere: boolean) => {
    if (busy) return
    busy = true
    const result = await app.session.call('logout', { body: { everywhere } })
    if (result === undefined || leaving.aborted) return
    busy = false
    if (!result.ok) return problem.show(result)
    app.session.end()
    app.go(pagePaths.signIn, {
      notice: everywhere ? signIn.signedOutEverywhere : signIn.signedOut,
      replace: true,
    })
  }
  const button = (label: string, kind: string, run: () => void) =>
    h('button', { type: 'button', class: kind, click: run }, label)
  const place = h('div', { class: 'leave' })
  const first = () => {
    const everywhere = button(account.everywhere, 'danger', second)
    replaceChildren(
      place,
      button(account.signOut, 'second', () => void out(false)),
      everywhere,
    )
    return everywhere
  }
  const second = () => {
    const sure = button(account.everywhere, 'danger', () => void out(true))
    const cancel = button(common.cancel, 'second', () => first().focus())
    replaceChildren(place, h('p', { role: 'status' }, account.everywhereAsk), sure, cancel)
    sure.focus()
  }
  first()
  return place
}
