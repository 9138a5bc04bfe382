/** Entries as people read them. */
import { usualReference } from '#shared/crypto/reference.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { entryInWords } from '#shared/words/entry.ts'
import { plain } from '#shared/words/plain.ts'

const named = (name: string, value: unknown) => (value === undefined ? [] : [`${name} ${String(value)}`])

function detailsOf(entry: Entry): string {
  const factors = entry.factors?.map(({ group, method }) => `${group} (${method})`)
  const device = entry.device && Object.values(entry.device).join(' ')
  const parts = [
    entryInWords(entry),
    ...named('flow', entry.flow),
    ...named('channel', entry.channel),
    ...named('factors', factors?.join(' + ')),
    ...named('fields', entry.fields?.join(', ')),
    ...named('consent', entry.consent),
    ...named('limit', entry.limit),
    ...named('breach check', entry.breachCheck),
    ...(entry.actor === 'subject' ? [] : named('by', entry.actor)),
    ...named('because', entry.note),
    ...named('device', device),
    ...named('agent', entry.userAgent),
    ...named('ref', usualReference(String(entry.id))),
    ...named('id', entry.id),
    // Most ids are the request's with a number behind.
    ...(String(entry.id).startsWith(`${entry.requestId}#`) ? [] : named('request', entry.requestId)),
    ...(entry.late ? ['late'] : []),
  ]
  return parts.map(plain).join(' · ')
}

const latestMs = 8.64e15

/** What is in the table may be anything, once somebody has touched it. */
const timeOf = (time: number) =>
  Math.abs(time) <= latestMs ? new Date(time).toISOString() : 'at no known time'

/** One entry on two lines; the second begins with what it means. */
export function timelineOf(entry: Entry): string {
  const time = timeOf(entry.time)
  const outcome = entry.reason === undefined ? entry.outcome : `${entry.outcome} (${entry.reason})`
  const seq = String(entry.seq).padStart(6)
  return `${seq}  ${time}  ${plain(String(entry.type)).padEnd(18)}  ${plain(outcome)}\n        ${detailsOf(entry)}`
}
