/** How a person stands, as the page shows it. */
import type { Entry } from '#shared/ledger/entry.ts'
import { entryInWords } from '#shared/words/entry.ts'
import { deviceInWords, type State, type StateRow } from '#shared/words/state.ts'
import { type Child, h } from '../app/dom.ts'
import type { Answer } from './api.ts'
import { moment } from './times.ts'

/** No limit looks further back. */
const limitMs = 3_600_000

/**
 * A limit that may still refuse them: limits are in no state, and told where they refused somebody.
 * @param entries newest first
 */
function limitOf(entries: readonly Entry[]): Entry | undefined {
  // The clock of a local stack may be ahead of this one.
  const now = Math.max(Date.now(), entries[0]?.time ?? 0)
  const latest = entries.find(({ type, reason }) => type === 'LIMIT_REACHED' || reason === 'unlocked')
  return latest?.type === 'LIMIT_REACHED' && now - latest.time < limitMs ? latest : undefined
}

/** What is told first: whatever stands in the way. @param entries newest first */
export function summary(rows: readonly StateRow[], entries: readonly Entry[]): HTMLElement {
  const chips = rows.filter(({ hinders }) => hinders).map(({ name, value }) => [`${name}: ${value}`])
  const limit = limitOf(entries)
  const more = limit === undefined ? [] : [[`${entryInWords(limit)}, `, moment(limit.time)]]
  const all: (readonly Child[])[] = [...chips, ...more]
  if (all.length === 0)
    return h('p', { class: 'success' }, 'No lock, no freeze and no limit stands in the way.')
  return h('ul', { class: 'chips' }, ...all.map((chip) => h('li', { class: 'chip hinders' }, ...chip)))
}

type Shown = Answer<'showAddresses'>['data'] | undefined

/** A row's value; of an address the one in clear, where it was asked for. */
function told({ name, value }: StateRow, shown: Shown): string {
  const inClear = name === 'email' || name === 'phone' ? shown?.[name] : undefined
  return inClear ?? value
}

/**
 * @param shown email and phone in clear
 * @param show asks for them
 */
export function facts(rows: readonly StateRow[], shown: Shown, show: (() => void) | undefined): HTMLElement {
  const list = rows.flatMap((row) => [
    h('dt', {}, row.name),
    h('dd', { class: row.hinders && 'hinders' }, h('bdi', {}, told(row, shown))),
  ])
  const button =
    show &&
    h(
      'div',
      { class: 'bar' },
      h('button', { type: 'button', class: 'second', click: show }, 'Show email and phone'),
      h('p', { class: 'hint' }, 'That you saw them becomes an entry.'),
    )
  return h(
    'section',
    { 'aria-labelledby': 'state-title' },
    h('h3', { id: 'state-title' }, 'How they stand'),
    h('dl', {}, ...list),
    button,
  )
}

export function sessionList({ sessions }: State): HTMLElement {
  const rows = sessions.map((session) => {
    const used = h('span', {}, 'last used ', moment(Date.parse(session.lastUsedAt)))
    const ends = h('span', {}, 'ends ', moment(Date.parse(session.expiresAt)))
    return h('li', {}, h('bdi', {}, deviceInWords(session)), h('p', { class: 'beside' }, used, ends))
  })
  return h(
    'section',
    { class: 'sessions', 'aria-labelledby': 'sessions-title' },
    h('h3', { id: 'sessions-title' }, 'Sessions'),
    h('ul', {}, ...rows),
  )
}
