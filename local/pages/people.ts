/** People as the stack has them: their state in words, what an admin can do to them, and what happened. */
import type { Identity } from '#shared/domain/identity.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { policy } from '#shared/policy.ts'
import { developerPage } from './developer.ts'
import { html, type Markup } from './html.ts'

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
      (person) => html`<tr><th scope="row"><a href="${personPath(person.userId)}">${person.userId}</a></th>
<td>${[person.email, person.username, person.phone].filter((each) => each !== undefined).join(' · ')}</td>
<td><ul class="chips">${chips(person, now)}</ul></td></tr>`,
    )
  const count = people.length === 1 ? '1 person' : `${people.length} people`
  return developerPage(
    '/_local/people',
    `People: ${count}`,
    html`<h1>People</h1><p class="hint">${count}. The test accounts of a fresh stack have the password <code>password123</code>.</p>
<div class="wide"><table><thead><tr><th scope="col">userId</th><th scope="col">Addresses</th><th scope="col">State</th></tr></thead>
<tbody>${rows}</tbody></table></div>`,
  )
}

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

/** What an entry says beside type and outcome. */
const detailsOf = ({ reason, flow, channel, limit, fields, consent, actor }: Entry) =>
  [reason, flow, channel, limit, fields?.join(', '), consent, actor === 'subject' ? undefined : `by ${actor}`]
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
    (entry) => html`<tr><td><time>${new Date(entry.time).toISOString()}</time></td>
<td>${entry.type}</td><td class="${entry.outcome}">${entry.outcome}</td><td>${detailsOf(entry)}</td>
<td><a href="/_local/stack?requestId=${encodeURIComponent(entry.requestId)}">calls</a></td></tr>`,
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
    html`<p><a href="/_local/people">All people</a> · <a href="/_local/support#user=${encodeURIComponent(userId)}">As support sees them</a></p><h1>${userId}</h1>${facts}
<h2>Ledger, newest first</h2>
<div class="wide"><table><thead><tr><th scope="col">Time</th><th scope="col">Type</th><th scope="col">Outcome</th><th scope="col">What</th><th scope="col">AWS</th></tr></thead>
<tbody>${lines}</tbody></table></div>`,
  )
}
