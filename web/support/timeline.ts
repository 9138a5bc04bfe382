/** What happened to a person, newest first: each entry as a sentence, its fields behind it. */
import { referenceCharacters } from '#shared/contract/references.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { type Alike, alike } from '#shared/words/alike.ts'
import { entryInWords } from '#shared/words/entry.ts'
import { plain } from '#shared/words/plain.ts'
import { type Child, h } from '../app/dom.ts'
import { Refused } from './api.ts'
import { moment } from './times.ts'

const shownAtOnce = 50

/** Names and texts from outside may run the other way. */
const text = (value: unknown) =>
  h('bdi', {}, plain(typeof value === 'string' ? value : JSON.stringify(value)))

const actors: Readonly<Record<string, string>> = {
  subject: 'the person, or somebody who claims to be',
  system: 'the service',
}

/** Fields that the sentence does not say in full, by the name they have in an export. */
const fieldsShown = [
  ...(['type', 'outcome', 'reason', 'flow', 'channel', 'limit', 'factors', 'device', 'userAgent'] as const),
  ...(['requestId', 'id', 'seq', 'hash'] as const),
] as const satisfies readonly (keyof Entry)[]

function fieldList(entry: Entry, reference: string): HTMLElement {
  const rows = fieldsShown
    .filter((name) => entry[name] !== undefined)
    .flatMap((name) => [h('dt', {}, name), h('dd', {}, text(entry[name]))])
  return h('dl', {}, h('dt', {}, 'reference'), h('dd', {}, reference), ...rows)
}

/** Offers a receipt, which proves the entry to the person it is about, or to anybody. */
function save({ userId = '', seq }: Entry, receiptOf: Shown['receiptOf']): HTMLElement {
  const said = h(
    'p',
    { class: 'hint', role: 'status' },
    'A file that proves this entry. The person may have it.',
  )
  const click = async () => {
    try {
      const text = `${JSON.stringify(await receiptOf(seq), undefined, 2)}\n`
      const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
      h('a', { href: url, download: `receipt-${userId}-${seq}.json` }).click()
      URL.revokeObjectURL(url)
      said.textContent = 'Saved. “latchkey ledger verify-receipt” checks it, on any machine.'
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      said.textContent = error.message
    }
  }
  return h(
    'div',
    { class: 'bar' },
    h('button', { type: 'button', class: 'second', click: () => void click() }, 'Save a receipt'),
    said,
  )
}

export interface Shown {
  /** Newest first. */
  readonly entries: readonly Entry[]
  readonly isCutShort: boolean
  /** The longest reference that a message of an entry may carry. */
  readonly referenceOf: (entry: Entry) => string
  /** @throws Refused where no checkpoint covers the entry yet */
  readonly receiptOf: (seq: number) => Promise<unknown>
  /** requestId of what was done just now. */
  readonly newest?: string | undefined
  /** A reference by which the person was found: its entry is marked. */
  readonly sought?: string | undefined
}

function item(entry: Entry, { referenceOf, receiptOf, newest, sought }: Shown): HTMLElement {
  const reference = referenceOf(entry)
  const isNew = entry.requestId === newest
  const isSought = sought !== undefined && reference.startsWith(sought)
  const { seq, time, outcome, actor, note, late } = entry
  const by = actors[actor]
  const beside: Child[] = [
    moment(time),
    h('span', {}, 'by ', by ?? text(actor)),
    late === true && h('span', {}, 'recorded later than its time says'),
  ]
  return h(
    'li',
    { id: `entry-${seq}`, class: isNew || isSought ? 'entry new' : 'entry', 'data-outcome': outcome },
    isSought && h('p', { class: 'success' }, `The message with the reference ${sought} told of this:`),
    h('p', { class: 'means' }, entryInWords(entry)),
    note !== undefined && h('p', { class: 'note' }, 'Reason: ', text(note)),
    h('p', { class: 'beside' }, ...beside),
    h(
      'details',
      {},
      h('summary', {}, `Entry ${seq}`),
      fieldList(entry, reference.slice(0, referenceCharacters.least)),
      save(entry, receiptOf),
    ),
  )
}

function rowOf([first, ...others]: Alike, shown: Shown): HTMLElement {
  const element = item(first, shown)
  if (others.length === 0) return element
  const more = others.map((entry) => item(entry, shown))
  const isMarked = more.some(({ className }) => className.includes('new'))
  element.append(
    h(
      'details',
      { class: 'alike', open: isMarked },
      h('summary', {}, `${others.length} more like it before`),
      h('ol', {}, ...more),
    ),
  )
  return element
}

/** @param count how many of them */
export function timeline(shown: Shown, count = shownAtOnce): HTMLElement {
  const { entries, isCutShort } = shown
  const place = h('section', { class: 'timeline', 'aria-labelledby': 'timeline-title' })
  const more = h('button', { type: 'button', class: 'second' }, `Show earlier entries`)
  more.addEventListener('click', () => {
    const next = timeline(shown, count + shownAtOnce)
    place.replaceWith(next)
    next
      .querySelector<HTMLElement>(`#entry-${entries[count]?.seq}`)
      ?.closest('details')
      ?.setAttribute('open', '')
    next.querySelector<HTMLElement>(`#entry-${entries[count]?.seq} summary`)?.focus()
  })
  place.append(
    h('h3', { id: 'timeline-title' }, 'What happened, newest first'),
    ...(isCutShort
      ? [
          h(
            'p',
            { class: 'refused' },
            'There are more entries than this page reads. “latchkey ledger show” has all.',
          ),
        ]
      : []),
    entries.length === 0
      ? h('p', { class: 'empty' }, 'The ledger has no entry of this person yet.')
      : h('ol', {}, ...alike(entries.slice(0, count)).map((row) => rowOf(row, shown))),
    ...(entries.length > count ? [more] : []),
  )
  return place
}
