/**
 * A sender of the team's that calls: a provider's HTTP API reads each message out, a code digit by digit and twice.
 * Named for SMS alone, as `senders: { sms: 'our-voice' }`.
 */

/** What is used of what Latchkey hands over; ../whatsapp/sender.ts has the rest. */
export interface Handed {
  readonly channel: 'email' | 'sms'
  /** A phone in E.164. */
  readonly to: string
  readonly locale: string
  readonly code?: string
  readonly text: string
}

/** Latchkey waits nine seconds: whoever answers later may be asked again, and the phone rings twice. */
const providerTimeoutMs = 5000

/** Nobody can hear the last line: it fills the code in, in a browser. Digits that stand apart are read one by one. */
export function spoken({ code, text }: Pick<Handed, 'code' | 'text'>): string {
  const [heard = ''] = text.split('\n@')
  return code === undefined ? heard : heard.replaceAll(code, [...code].join(', '))
}

/** @throws Error where the provider did not take it, and for what cannot be said on a phone. It names neither number nor code. */
export async function handler(handed: Handed): Promise<void> {
  const { channel, to, locale: language } = handed
  if (channel !== 'sms') throw new Error('Nobody is called for an email: name this sender for sms alone')
  const { PROVIDER_URL = '', PROVIDER_TOKEN = '' } = process.env
  const response = await fetch(new URL('/calls', PROVIDER_URL), {
    method: 'POST',
    headers: { Authorization: `Bearer ${PROVIDER_TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ to, language, say: spoken(handed), times: 2 }),
    signal: AbortSignal.timeout(providerTimeoutMs),
  })
  if (!response.ok) throw new Error(`The provider answered ${response.status}`)
}

export default handler
