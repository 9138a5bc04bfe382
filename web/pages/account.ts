/** Signed in: what a person may change, where else they are signed in, and the ways out. */
import { type App, type Page, single, type View } from '../app/app.ts'
import { h, replaceChildren } from '../app/dom.ts'
import type { AccountData, Failure, SessionData, SessionRow } from '../client.ts'
import { activityList } from '../parts/activity-list.ts'
import { backToProduct } from '../parts/back-to-product.ts'
import { deviceList } from '../parts/device-list.ts'
import { factorList } from '../parts/factor-list.ts'
import { ProblemArea } from '../parts/problem.ts'
import { SignOut } from '../parts/sign-out.ts'
import { verifyPinForm } from '../parts/verify-pin-form.ts'
import { pagePaths } from '../paths.ts'

export const openAccount = (app: App): Page => single((leaving) => accountView(app, leaving))

interface Loaded {
  readonly account: AccountData
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
  const [account, session, list] = await Promise.all([
    app.session.call('getAccount', { signal }),
    app.session.call('getSession', { signal }),
    app.session.call('listSessions', { signal }),
  ])
  if (account === undefined || session === undefined || list === undefined) return undefined
  if (!account.ok) return account
  if (!session.ok) return session
  return list.ok ? { account: account.data, session: session.data, sessions: list.data.sessions } : list
}

function sections(app: App, leaving: AbortSignal, loaded: Loaded): readonly HTMLElement[] {
  const { account } = app.catalogue.texts
  const { factors } = loaded.session
  // One that is locked is reset, not tried.
  const canTryPin = (loaded.account.pinTriesLeft ?? 0) > 0
  const back = backToProduct(app)
  const section = (title: string, ...content: readonly HTMLElement[]) =>
    h('section', {}, h('h2', {}, title), ...content)
  return [
    h('p', { class: 'lead' }, app.fill(account.signedInAs, { name: nameOf(loaded.account) })),
    ...(back === undefined ? [] : [back]),
    section(account.security, ...security(app, loaded.account)),
    section(account.details, details(app, loaded.account)),
    ...(canTryPin ? [section(account.verifyPin, ...verifyPinForm(app, leaving, factors))] : []),
    section(account.devices, deviceList(app, leaving, loaded.sessions)),
    section(account.recent, ...activityList(app, loaded.account.recent)),
    section(account.factors, factorList(app, factors)),
  ]
}

const nameOf = ({ username, maskedEmail, maskedPhone, userId }: AccountData) =>
  username ?? maskedEmail ?? maskedPhone ?? userId

function security(app: App, { hasPin, pinTriesLeft }: AccountData): readonly HTMLElement[] {
  const { account } = app.catalogue.texts
  const { PIN_LOCKED } = app.catalogue.errors
  const state = !hasPin ? account.pinUnset : pinTriesLeft === 0 ? PIN_LOCKED.join(' ') : account.pinSet
  return [
    h('p', {}, state),
    h(
      'nav',
      { 'aria-label': account.security },
      h('a', { href: pagePaths.changePassword }, account.changePassword),
      hasPin
        ? h('a', { href: pagePaths.resetPin }, account.resetPin)
        : h('a', { href: pagePaths.setPin }, account.setPin),
    ),
  ]
}

/** Masked: its owner knows the rest, and who looks on learns nothing. */
function details({ catalogue }: App, { maskedEmail, maskedPhone, userId }: AccountData): HTMLElement {
  const { progress, pin } = catalogue.texts
  const rows = [
    [progress.email, maskedEmail],
    [progress.phone, maskedPhone],
    [pin.userId, userId],
  ] as const
  const items = rows.map(([label, value]) =>
    value === null ? false : h('li', {}, h('strong', {}, label), h('bdi', { dir: 'ltr' }, value)),
  )
  return h('ul', { class: 'list' }, ...items)
}
