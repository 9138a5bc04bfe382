/** How a person stands, in words that support can say on the phone. Pure. */
import type { ReplyData } from '../contract/replies.ts'
import { plain } from './plain.ts'
import { reasonInWords } from './reasons.ts'

export type State = ReplyData<'identityState'>

/** `2026-11-26 20:15 UTC` */
export const moment = (iso: string) => `${iso.slice(0, 16).replace('T', ' ')} UTC`

function codeInWords({ lastCode }: State): string {
  if (lastCode === null) return 'none among the latest entries'
  const { flow, channel, at, state, reason } = lastCode
  if (state === 'asked') return `asked for at ${moment(at)} (${flow}), not sent yet`
  if (state === 'sent') return `sent by ${channel ?? 'message'} at ${moment(at)} (${flow})`
  return `not sent at ${moment(at)} (${flow}): ${plain(reasonInWords(reason ?? 'no reason is kept'))}`
}

function passwordInWords({ hasPassword, resetRequired, breachCheckDue }: State): string {
  if (!hasPassword) return 'none: the first is set by code'
  const parts = [
    resetRequired ? 'must be reset before it can be used' : 'set',
    ...(breachCheckDue ? ['its breach check was skipped, and is made at the next sign-in'] : []),
  ]
  return parts.join('; ')
}

function pinInWords({ hasPin, pinLocked, pinResetRequired }: State): string {
  if (!hasPin) return 'none'
  if (pinResetRequired) return 'unusable until it is reset: its owner disowned it'
  return pinLocked ? 'locked after wrong PINs: a reset or an unlock opens it' : 'set'
}

function recoveryInWords({ frozenUntil, frozenBy }: State): string {
  if (frozenUntil === null) return 'open'
  const why = frozenBy === 'owner' ? "by its owner ('It was not me')" : 'after wrong codes'
  return `frozen until ${moment(frozenUntil)} ${why}: an unlock lifts it`
}

const kinds = { recovery: 'recovery codes', signIn: 'sign-in codes', notice: 'notices' } as const
const kindNames = Object.keys(kinds) as (keyof typeof kinds)[]

/** What stops SMS to their country today. */
function smsStops({ smsToday }: State): string[] {
  if (smsToday === null) return []
  const { sent, mostOfEach, pausedUntil, haltedUntil } = smsToday
  return [
    ...(haltedUntil === null ? [] : [`paused by an operator until ${moment(haltedUntil)}`]),
    ...(pausedUntil === null ? [] : [`paused until ${moment(pausedUntil)}: too few codes were given back`]),
    ...kindNames.filter((kind) => sent[kind] >= mostOfEach).map((kind) => `no more ${kinds[kind]} today`),
  ]
}

function smsInWords(state: State): string {
  const { smsToday } = state
  if (smsToday === null) return 'no phone'
  const sent = kindNames.map((kind) => `${smsToday.sent[kind]} ${kinds[kind]}`).join(', ')
  const counted = `to ${smsToday.country}: ${sent} (at most ${smsToday.mostOfEach.toLocaleString('en')} of each)`
  return [counted, ...smsStops(state)].join('; ')
}

const locks = {
  passwords: 'a hundred wrong passwords',
  codes: 'a hundred wrong codes, so somebody knows the password',
}

function signInInWords({ status, signInLocked, resetRequired }: State): string {
  if (status === 'suspended') return 'closed while suspended'
  if (signInLocked !== null) return `locked after ${locks[signInLocked]}: a reset or an unlock opens it`
  return resetRequired ? 'closed until the password is reset' : 'open'
}

function sessionsInWords({ sessions }: State): string {
  const [latest] = sessions
  if (latest === undefined) return 'none'
  return `${sessions.length} live, last used ${moment(latest.lastUsedAt)}`
}

/** Where a session was opened. */
export const deviceInWords = ({
  device,
  userAgent,
}: Pick<State['sessions'][number], 'device' | 'userAgent'>): string =>
  plain(
    [device?.model, device?.os, device?.osVersion, userAgent].filter(Boolean).join(' ') || 'unknown device',
  )

/** One fact of how a person stands. */
export interface StateRow {
  readonly name: string
  readonly value: string
  /** It stands in the person's way, or may be why they called. */
  readonly hinders: boolean
}

/** How a person stands, in the order in which it is asked for. */
export function stateRows(state: State): readonly StateRow[] {
  const { status, username, maskedEmail, maskedPhone, mfaEnabled, locale, lastCode } = state
  const signIn = signInInWords(state)
  const row = (name: string, value: string, hinders = false): StateRow => ({ name, value, hinders })
  return [
    row('email', maskedEmail ?? 'none'),
    row('phone', maskedPhone ?? 'none'),
    row('username', username ?? 'none'),
    row('language', locale),
    row('status', status, status === 'suspended'),
    // Of somebody who is suspended the status says it.
    row('sign-in', signIn, signIn !== 'open' && status === 'active'),
    row(
      'password',
      passwordInWords(state),
      state.resetRequired || !state.hasPassword || state.breachCheckDue,
    ),
    row('MFA', mfaEnabled ? 'on' : 'off'),
    row('PIN', pinInWords(state), state.pinLocked || state.pinResetRequired),
    row('recovery', recoveryInWords(state), state.frozenUntil !== null),
    row('last code', codeInWords(state), lastCode?.state === 'not-sent'),
    row('SMS today', smsInWords(state), smsStops(state).length > 0),
    row('sessions', sessionsInWords(state)),
    row('registered', moment(state.createdAt)),
    row('changed', moment(state.updatedAt)),
  ]
}
