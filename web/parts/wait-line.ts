/** How long something has to wait: counted down, and what is more than an hour away by the time of day. */
import type { App } from '../app/app.ts'
import { clockText, secondsUntil } from '../app/countdown.ts'
import { type Child, h } from '../app/dom.ts'
import { dayAndTime } from '../app/language.ts'

/** Nobody counts 23:53:20 down. */
const countedSeconds = 3600

export const clock = (seconds: number) =>
  h('span', { role: 'timer', class: 'clock', dir: 'ltr' }, clockText(seconds))

/** @param until epoch ms */
export function waitLine({ catalogue, fill }: App, until: number): readonly Child[] {
  const { waitBefore, waitUntil } = catalogue.texts.common
  const left = secondsUntil(until)
  if (left > countedSeconds) return [fill(waitUntil, { when: dayAndTime(catalogue, until) })]
  return [`${waitBefore} `, clock(left)]
}
