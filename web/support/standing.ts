/** How a person stands, as the page shows it. */
import { deviceInWords, type State, type StateRow } from '#shared/words/state.ts'
import { h } from '../app/dom.ts'
import type { Answer } from './api.ts'
import { moment } from './times.ts'

/** What is told first: whatever stands in the way. */
export function summary(rows: readonly StateRow[]): HTMLElement {
  const hindering = rows.filter(({ hinders }) => hinders)
  // Limits of an hour are in no state: they are told where they refused somebody.
  if (hindering.length === 0)
    return h(
      'p',
      { class: 'success' },
      'No lock and no freeze stands in the way. What a limit refused is told below.',
    )
  const chip = ({ name, value }: StateRow) => h('li', { class: 'chip hinders' }, `${name}: ${value}`)
  return h('ul', { class: 'chips' }, ...hindering.map(chip))
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
