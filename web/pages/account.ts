/** Signed in: what a person may change, where else they are signed in, and the ways out. */
import { maskEmail, maskPhone } from '#shared/domain/mask.ts'
import { type App, type Page, single, type View } from '../app/app.ts'
import { h, replaceChildren } from '../app/dom.ts'
import type { Failure, SessionData, SessionRow } from '../client.ts'
import { backToProduct } from '../parts/back-to-product.ts'
import { deviceList } from '../parts/device-list.ts'
import { factorList } from '../parts/factor-list.ts'
import { ProblemArea } from '../parts/problem.ts'
import { SignOut } from '../parts/sign-out.ts'
import { verifyPinForm } from '../parts/verify-pin-form.ts'
import { pagePaths } from '../paths.ts'

export const openAccount = (app: App): Page => single((leaving) => accountView(app, leaving))

interface Loaded {
  readonly session: SessionData
  readonly sessions: readonly SessionRow[]
}

function accountView(app: App, leaving: AbortSignal): View {
  const { account, common } = app.catalogue.texts
  const problem = new ProblemArea(app, leaving)
  const body = h('div', {}, h('p', { class: 'lead' }, common.loading))
  const again = { label: common.tryAgain, run: () => app.go(pagePaths.account, { replace: true }) }
  const show = (loaded: Loaded | Failure | undefined) => {
    if (loaded === undefined || leaving.aborted) return
    body.replaceChildren()
    if ('ok' in loaded) problem.show(loaded, { actions: [again] })
    else {
      const signOut = new SignOut(app, leaving)
      replaceChildren(body, ...sections(app, leaving, loaded), signOut.element)
    }
  }
  load(app, leaving).then(show, () => {
    // The view went while it was loading.
  })
  return { title: account.title, content: [problem.element, body] }
}

/** @returns undefined when the session is over. */
async function load(app: App, signal: AbortSignal): Promise<Loaded | Failure | undefined> {
  const [session, list] = await Promise.all([
    app.session.call('getSession', { signal }),
    app.session.call('listSessions', { signal }),
  ])
  if (session === undefined || list === undefined) return undefined
  if (!session.ok) return session
  return list.ok ? { session: session.data, sessions: list.data.sessions } : list
}

function sections(app: App, leaving: AbortSignal, { session, sessions }: Loaded): readonly HTMLElement[] {
  const { account } = app.catalogue.texts
  const { factors } = session
  const back = backToProduct(app)
  const section = (title: string, ...content: readonly HTMLElement[]) =>
    h('section', {}, h('h2', {}, title), ...content)
  return [
    h('p', { class: 'lead' }, app.fill(account.signedInAs, { name: maskedName(app.identifier) })),
    ...(back === undefined ? [] : [back]),
    section(account.security, securityLinks(app)),
    section(account.verifyPin, ...verifyPinForm(app, leaving, factors)),
    section(account.devices, deviceList(app, leaving, sessions)),
    section(account.factors, factorList(app, factors)),
  ]
}

/** What was typed at the sign-in, as replies show it: enough for its owner, and not for who looks on. */
const maskedName = (typed: string) =>
  typed.includes('@') ? maskEmail(typed) : typed.startsWith('+') ? maskPhone(typed, '') : typed

function securityLinks(app: App): HTMLElement {
  const { account } = app.catalogue.texts
  return h(
    'nav',
    { 'aria-label': account.security },
    h('a', { href: pagePaths.changePassword }, account.changePassword),
    h('a', { href: pagePaths.setPin }, account.setPin),
    h('a', { href: pagePaths.resetPin }, account.resetPin),
  )
}
