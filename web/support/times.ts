/** Moments as the person at the page has them, with UTC beside, which the ledger and its messages name. */
import { h } from '../app/dom.ts'

const local = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
const utc = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' })

const latestMs = 8.64e15

/** @param time epoch ms; what is in the table may be anything, once somebody has touched it */
export function moment(time: number): HTMLElement {
  if (!(Math.abs(time) <= latestMs)) return h('span', {}, 'at no known time')
  const date = new Date(time)
  const here = local.format(date)
  const there = `${utc.format(date)} UTC`
  const isHere = date.getTimezoneOffset() === 0
  return h('time', { datetime: date.toISOString() }, isHere ? `${here} UTC` : `${here} (${there})`)
}
