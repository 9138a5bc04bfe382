/** Whether a code may be sent, and where to: to a stored address of an active identity, in a listed country (G16). */
import { type Channel, type FlowId, flowOf } from '../contract/flows.ts'
import { countryOf } from '../contract/phones.ts'
import {
  codeText,
  missingRegistrations,
  needsTemplates,
  type SmsSender,
  type SmsText,
  templateOf,
} from '../contract/sms-registrations.ts'
import type { CodeOrder } from '../events.ts'
import type { Judged } from '../judged.ts'
import { addressOf, type Identity, isEligible, pairMatches, signInChannel } from './identity.ts'
import { pairKey, subjectKey } from './subject.ts'

export interface SmsRules {
  /** ISO 3166 alpha-2. */
  readonly countries: readonly string[]
  readonly senders: Readonly<Record<string, SmsSender>>
  /** The team sends by itself, so what SNS's carriers want registered is theirs to know. */
  readonly ownSender?: boolean
  /** Language that an SMS to a person of this locale, in this country, is really written in. */
  readonly languageOf: (locale: string, country: string) => string
}

/** What is to be said, and the person's locale. */
export interface SmsContent {
  readonly text: SmsText
  readonly locale: string
}

/**
 * @param content absent: whether the number can be sent anything at all
 * @returns why no such SMS may go to this number, or undefined.
 */
export function smsRefusal(phone: string, rules: SmsRules, content?: SmsContent): string | undefined {
  const country = countryOf(phone)
  if (country === undefined || !rules.countries.includes(country)) return 'country_not_listed'
  if (rules.ownSender) return undefined
  const sender = rules.senders[country]
  const missing = missingRegistrations(country, sender)
  if (missing.some((name) => name !== 'templates')) return 'sender_not_registered'
  if (missing.length > 0) return 'template_not_registered'
  if (content === undefined || !needsTemplates(country)) return undefined
  const template = templateOf(sender, content.text, rules.languageOf(content.locale, country))
  return template === undefined ? 'template_not_registered' : undefined
}

/** Whom a code goes to, and where. */
export interface Sendable {
  readonly identity: Identity
  readonly channel: Channel
  readonly address: string
}

const not = (reason: string) => ({ refused: reason })

/** The channel of a flow for this identity. */
function channelOf(flow: FlowId, identity: Identity): Channel {
  const { opensSession, channel } = flowOf(flow)
  return opensSession ? signInChannel(identity) : channel
}

/**
 * Whether the owner froze what this flow does. Signing in and stepping up go on: they replace no secret. The freeze came
 * with a new epoch, so a code bound to the identity as it was before can change nothing either.
 */
const isFrozenFor = (flow: FlowId, { recoveryFrozenUntil = 0 }: Identity, now: number) =>
  flowOf(flow).resets !== undefined && recoveryFrozenUntil > now

/**
 * Whether an order's challenge is kept under the key of whoever it names. A step writes no other; whoever can write the
 * outbox could.
 */
function isConsistent({ flow, key, subject, phone, challengeId }: CodeOrder): boolean {
  if (flowOf(flow).opensSession) return key === challengeId && key.endsWith(`.${subject.value}`)
  return key === (phone === undefined ? subjectKey(subject) : pairKey(subject, phone))
}

/** Judges an order of a code against the record. */
export function judgeOrder(
  order: CodeOrder,
  identity: Identity | undefined,
  rules: SmsRules,
  now: number,
): Judged<Sendable, string> {
  if (!isConsistent(order)) return not('inconsistent_order')
  if (identity === undefined) return not('unknown')
  if (!isEligible(identity)) return not('suspended')
  // The password or the session that this one followed is no longer good: nor is what its code would open (G6).
  if (order.epoch !== undefined && order.epoch !== identity.credentialEpoch) return not('stale_epoch')
  if (isFrozenFor(order.flow, identity, now)) return not('frozen-by-owner')
  const pairOff = order.phone !== undefined && !pairMatches(identity, order.subject, order.phone)
  if (pairOff) return not('pair_mismatch')
  const flow = flowOf(order.flow)
  // Their sign-in code goes by SMS as well: one stolen SIM would be both factors.
  if (flow.subject === 'pair' && identity.mfaEnabled && identity.email === undefined)
    return not('mfa_without_email')
  const channel = channelOf(order.flow, identity)
  const address = addressOf(identity, channel)
  if (address === undefined) return not('no_address')
  const content = { text: codeText(flow.purpose), locale: identity.locale }
  const refusal = channel === 'sms' ? smsRefusal(address, rules, content) : undefined
  return refusal === undefined ? { identity, channel, address } : not(refusal)
}
