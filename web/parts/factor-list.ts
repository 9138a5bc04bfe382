/** The live factors of a session, by group and method. */
import type { App } from '../app/app.ts'
import { h } from '../app/dom.ts'
import { dateTime } from '../app/language.ts'
import type { ProvedFactor } from '../client.ts'

export function factorList(app: App, factors: readonly ProvedFactor[]): HTMLElement {
  const { factor: texts, account } = app.catalogue.texts
  const methods: Readonly<Record<string, string>> = {
    password: texts.password,
    pin: texts.pin,
    'sms-otp': texts.smsOtp,
    'email-otp': texts.emailOtp,
  }
  const groups: Readonly<Record<string, string>> = {
    KNOWLEDGE: texts.KNOWLEDGE,
    POSSESSION: texts.POSSESSION,
    PRESENCE: texts.PRESENCE,
  }
  const items = factors.map(({ group, method, expiresAt }) =>
    h(
      'li',
      {},
      h('strong', {}, methods[method] ?? texts.other),
      h('span', { class: 'hint' }, groups[group] ?? texts.other),
      h('span', { class: 'hint' }, app.fill(account.until, { time: dateTime(app.catalogue, expiresAt) })),
    ),
  )
  return h('ul', { class: 'list' }, ...items)
}
