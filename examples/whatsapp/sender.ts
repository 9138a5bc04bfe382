/**
 * A sender of the team's, behind `senders`: a Lambda that has a provider's HTTP API send each message from a template of theirs, to
 * a phone by WhatsApp.
 * With the local stack: `LATCHKEY_SENDER=examples/whatsapp/sender.ts npm start`.
 */
import { hash } from 'node:crypto'

/** What Latchkey hands over. */
export interface Handed {
  readonly channel: 'email' | 'sms'
  /** A phone in E.164, or an email. */
  readonly to: string
  readonly locale: string
  /** Such as `code.password` or `passwordChanged`. */
  readonly template: string
  readonly code?: string
  readonly minutes?: number
  readonly text: string
  readonly subject?: string
  readonly html?: string
  readonly reference: string
}

/** Latchkey waits nine seconds: whoever answers later may be asked again. */
const providerTimeoutMs = 5000

/** The same message has the same id however often it is handed over, so that a provider who knows it sends once. */
const idOf = ({ to, template, code = '', reference }: Handed) =>
  hash('sha256', [to, template, code, reference].join('\n'), 'hex')

/** Values of the provider's template, in its order. */
const valuesOf = ({ code, minutes, reference }: Handed) =>
  code === undefined ? [reference] : [code, String(minutes), reference]

/** @throws Error where the provider did not take it: Latchkey then tries again. It names neither number nor code. */
export async function handler(handed: Handed): Promise<void> {
  const { PROVIDER_URL = '', PROVIDER_TOKEN = '' } = process.env
  const { channel, to, locale, template } = handed
  const via = channel === 'sms' ? 'whatsapp' : 'email'
  const response = await fetch(new URL('/messages', PROVIDER_URL), {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${PROVIDER_TOKEN}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': idOf(handed),
    },
    body: JSON.stringify({ via, to, template, language: locale, values: valuesOf(handed) }),
    signal: AbortSignal.timeout(providerTimeoutMs),
  })
  if (!response.ok) throw new Error(`The provider answered ${response.status}`)
}

export default handler
