/** People as the stack has them: their state in words, what an admin can do to them, and what happened. */
import type { Identity } from '#shared/domain/identity.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { policy } from '#shared/policy.ts'
import { entryInWords } from '#shared/words/entry.ts'
import { developerPage } from './developer.ts'
import { html, type Markup, moment } from './html.ts'

interface State {
  readonly words: string
  /** Something stands in the way of this person. */
  readonly hinders?: true
}

/** What a person can and cannot do now. @param now epoch ms */
export function statesOf(identity: Identity, now: number): readonly State[] {
  const { status, password, resetRequired, pin, pinFailures, recoveryFrozenUntil = 0 } = identity
  const states: (State | false | undefined)[] = [
    status === 'active' ? { words: 'active' } : { words: 'suspended', hinders: true },
    resetRequired === true
      ? { words: 'password must be reset', hinders: true }
      : password === undefined
        ? { words: 'no password: one is set by code', hinders: true }
        : { words: password.imported === true ? 'password of another system' : 'password set' },
    identity.breachCheckDue === true && { words: 'breach check still due' },
    identity.mfaEnabled && { words: 'signs in with a code' },
    pin === undefined
      ? { words: 'no PIN' }
      : identity.pinResetRequired === true
        ? { words: 'PIN must be reset', hinders: true }
        : pinFailures >= policy.pinFailuresBeforeLock
          ? { words: 'PIN locked', hinders: true }
          : { words: pinFailures === 0 ? 'PIN set' : `PIN set, ${pinFailures} wrong in a row` },
    recoveryFrozenUntil > now && {
      words: `no recovery codes until ${new Date(recoveryFrozenUntil).toISOString()}`,
      hinders: true,
    },
  ]
  return states.filter((state) => state !== undefined && state !== false)
}

const chips = (identity: Identity, now: number) =>
  statesOf(identity, now).map(
    ({ words, hinders }) => html`<li class="${hinders === true ? 'chip hinders' : 'chip'}">${words}</li>`,
  )

const personPath = (userId: string) => `/_local/people?userId=${encodeURIComponent(userId)}`

/** @param now epoch ms by the stack's clock */
export function peoplePage(people: readonly Identity[], now: number): string {
  const rows = people
    .toSorted((a, b) => a.userId.localeCompare(b.userId))
    .map(
      (person) => html`<li><h2><a href="${personPath(person.userId)}">${person.userId}</a></h2>
<p>${[person.email, person.username, person.phone].filter((each) => each !== undefined).join(' · ')}</p>
<ul class="chips">${chips(person, now)}</ul></li>`,
    )
  const count = people.length === 1 ? '1 person' : `${people.length} people`
  return developerPage(
    '/_local/people',
    `People: ${count}`,
    html`<h1>People</h1><p class="hint">${count}. The test accounts of a fresh stack have the password <code>password123</code>.</p>
<ul class="entries">${rows}</ul>
${newPerson}`,
  )
}

/** What a person may be made of; all but one address may be left empty. */
const newPerson = html`<section><h2>Add a person</h2><form class="bar" data-json data-method="POST" action="/_local/identities">
<label>Email <input type="email" name="email" autocomplete="off" placeholder="kim@example.com"></label>
<label>Username <input name="username" autocomplete="off" autocapitalize="none" spellcheck="false"></label>
<label>Phone <input type="tel" name="phone" autocomplete="off" placeholder="+201001234567"></label>
<label>Language <select name="locale"><option>en</option><option>ar</option><option>hi</option></select></label>
<label>Password <input name="password" autocomplete="off" autocapitalize="none" spellcheck="false"></label>
<label>PIN <input name="pin" inputmode="numeric" autocomplete="off"></label>
<label>Signs in with a code <select name="mfaEnabled" data-boolean><option value="">no</option><option value="true">yes</option></select></label>
<button>Add</button></form></section>`

const acts = [
  { method: 'POST', path: '/unlock', name: 'Unlock' },
  { method: 'POST', path: '/require-reset', name: 'Require a reset' },
  { method: 'POST', path: '/sign-out', name: 'Sign out everywhere' },
  { method: 'DELETE', path: '', name: 'Erase', asks: 'Erase this person for good?' },
] as const

function actions({ userId, status }: Identity): Markup {
  const path = `/admin/identities/${encodeURIComponent(userId)}`
  const buttons = acts.map(
    (act) =>
      html`<form data-json data-method="${act.method}" action="${path}${act.path}"${'asks' in act && html` data-asks="${act.asks}"`}><button class="second">${act.name}</button></form>`,
  )
  const next = status === 'active' ? 'suspended' : 'active'
  return html`<div class="bar">${buttons}<form data-json data-method="PUT" action="${path}">
<input type="hidden" name="status" value="${next}"><button class="second">${status === 'active' ? 'Suspend' : 'Resume'}</button></form></div>`
}

/** What an entry says beside its sentence, by the names that an export has. */
const detailsOf = ({ reason, flow, limit, fields, note, actor }: Entry) =>
  [reason, flow, limit, fields?.join(', '), note, actor === 'subject' ? undefined : `by ${actor}`]
    .filter((part) => part !== undefined)
    .join(' · ')

/**
 * @param identity undefined for one that was erased or never was: the ledger may still know them
 * @param entries oldest first
 */
export function personPage(
  userId: string,
  identity: Identity | undefined,
  entries: readonly Entry[],
  now: number,
): string {
  const lines = entries.toReversed().map(
    (
      entry,
    ) => html`<li><p><b class="${entry.outcome === 'failure' ? 'failure' : 'success'}">${entry.type}</b> ${entryInWords(entry)}</p>
<p class="hint">${moment(new Date(entry.time).toISOString())} · <a href="/_local/stack?requestId=${encodeURIComponent(entry.requestId)}">AWS calls</a>${detailsOf(entry) !== '' && html` · <bdi>${detailsOf(entry)}</bdi>`}</p></li>`,
  )
  const facts =
    identity === undefined
      ? html`<p>Nobody has this userId now.</p>`
      : html`<ul class="chips">${chips(identity, now)}</ul>
<dl><dt>Email</dt><dd>${identity.email ?? 'none'}</dd><dt>Username</dt><dd>${identity.username ?? 'none'}</dd>
<dt>Phone</dt><dd>${identity.phone ?? 'none'}</dd><dt>Locale</dt><dd>${identity.locale}</dd></dl>${actions(identity)}`
  return developerPage(
    '/_local/people',
    userId,
    html`<p><a href="/_local/people">All people</a> · <a href="/_local/support#user=${encodeURIComponent(userId)}">As support sees them</a> · <a href="/_local/bus?userId=${encodeURIComponent(userId)}">Events</a></p><h1>${userId}</h1>${facts}
<h2>Ledger, newest first</h2>
<ol class="entries ledger">${lines}</ol>`,
  )
}
