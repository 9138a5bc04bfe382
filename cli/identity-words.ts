/** How a person stands, in words that support can say on the phone. Pure. */
import type { ReplyData } from '#shared/contract/replies.ts'
import { plain } from './timeline.ts'

type State = ReplyData<'identityState'>

/** `2026-11-26 20:15 UTC` */
const moment = (iso: string) => `${iso.slice(0, 16).replace('T', ' ')} UTC`

const notSent: Readonly<Record<string, string>> = {
  'sms-paused': 'SMS to that country are paused',
  'sms-cap': 'the SMS of today to that country are used up',
  country_not_listed: 'no SMS go to that country',
  sender_not_registered: 'the sender is not registered in that country',
  template_not_registered: 'the text is not registered in that country',
  no_address: 'there is no address to send it to',
  suspended: 'suspended',
  'frozen-by-owner': 'recovery is frozen by the owner',
  'identity-frozen': 'recovery is frozen after a hundred wrong codes',
  'codes-per-identity': 'the codes of this hour are used up',
  superseded: 'another code was asked for meanwhile',
  expired: 'it came too late',
  stale_epoch: 'the password or an address changed meanwhile',
  mfa_without_email: 'the sign-in code goes by SMS too, and there is no email',
}

function codeInWords({ lastCode }: State): string {
  if (lastCode === null) return 'none among the latest entries'
  const { flow, channel, at, state, reason } = lastCode
  if (state === 'asked') return `asked for at ${moment(at)} (${flow}), not sent yet`
  if (state === 'sent') return `sent by ${channel ?? 'message'} at ${moment(at)} (${flow})`
  return `not sent at ${moment(at)} (${flow}): ${notSent[reason ?? ''] ?? plain(reason ?? 'no reason is kept')}`
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

const locks = {
  passwords: 'a hundred wrong passwords',
  codes: 'a hundred wrong codes, so somebody knows the password',
}

function signInInWords({ status, signInLocked, resetRequired }: State): string {
  if (status === 'suspended') return 'closed: suspended'
  if (signInLocked !== null) return `locked after ${locks[signInLocked]}: a reset or an unlock opens it`
  return resetRequired ? 'closed until the password is reset' : 'open'
}

function sessionsInWords({ sessions }: State): string {
  const [latest] = sessions
  if (latest === undefined) return 'none'
  return `${sessions.length} live, last used ${moment(latest.lastUsedAt)}`
}

/** A session on one line. */
export function sessionLine({
  id,
  device,
  userAgent,
  lastUsedAt,
  expiresAt,
}: State['sessions'][number]): string {
  const on =
    [device?.model, device?.os, device?.osVersion, userAgent].filter(Boolean).join(' ') || 'unknown device'
  return `${id}  last used ${moment(lastUsedAt)}, ends ${moment(expiresAt)}  ${plain(on)}\n`
}

/** @param now epoch ms, by the clock of the services */
export function stateInWords(state: State, now: number): string {
  const { userId, username, maskedEmail, maskedPhone, status, mfaEnabled, locale, createdAt, updatedAt } =
    state
  const rows = [
    ['email', maskedEmail ?? 'none'],
    ['phone', maskedPhone ?? 'none'],
    ['username', username ?? 'none'],
    ['language', locale],
    ['status', status],
    ['sign-in', signInInWords(state)],
    ['password', passwordInWords(state)],
    ['MFA', mfaEnabled ? 'on' : 'off'],
    ['PIN', pinInWords(state)],
    ['recovery', recoveryInWords(state)],
    ['last code', codeInWords(state)],
    ['sessions', sessionsInWords(state)],
    ['registered', moment(createdAt)],
    ['changed', moment(updatedAt)],
  ]
  const lines = rows.map(([name = '', value]) => `  ${name.padEnd(11)} ${value}\n`)
  return `${userId}, at ${moment(new Date(now).toISOString())}\n${lines.join('')}`
}
