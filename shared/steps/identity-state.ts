/** What support has to know of an identity. Pure; addresses are masked, for most of what support does needs none. */
import { callingCodeOf } from '../contract/schemas.ts'
import { type Identity, isPinLocked } from '../domain/identity.ts'
import { iso } from '../domain/iso.ts'
import { maskEmail, maskPhone } from '../domain/mask.ts'
import type { Session } from '../domain/session.ts'
import type { EventType } from '../events.ts'
import type { Entry } from '../ledger/entry.ts'
import { type SmsOfDay, smsPerDay } from '../stores/sms-cap.ts'
import type { Standing } from '../stores/standing.ts'
import { listedSession, liveSessions } from './session-list.ts'
import { smsToday } from './sms-today.ts'

const ofCode: Partial<Record<EventType, 'asked' | 'sent' | 'not-sent'>> = {
  CODE_REQUESTED: 'asked',
  CODE_SENT: 'sent',
  CODE_NOT_SENT: 'not-sent',
}

/** @param newest entries, newest first */
function lastCode(newest: readonly Entry[]) {
  const entry = newest.find(({ type }) => ofCode[type] !== undefined)
  const state = entry && ofCode[entry.type]
  if (entry === undefined || state === undefined) return null
  const { flow = 'unknown', channel = null, time, reason = null } = entry
  return { flow, channel, at: iso(time), state, reason }
}

/** The longer of the two freezes, and whose it is. */
function freezeOf({ recoveryFrozenUntil = 0 }: Identity, { guessesFrozenUntil }: Standing, now: number) {
  const frozenUntil = Math.max(recoveryFrozenUntil, guessesFrozenUntil)
  if (frozenUntil <= now) return { frozenUntil: null, frozenBy: null }
  const frozenBy = recoveryFrozenUntil === frozenUntil ? 'owner' : 'guesses'
  return { frozenUntil: iso(frozenUntil), frozenBy } as const
}

/**
 * @param known what was read beside the identity: `newest` entries, newest first
 * @param now epoch ms
 */
export function identityState(
  identity: Identity,
  known: {
    readonly standing: Standing
    readonly sessions: readonly Session[]
    readonly newest: readonly Entry[]
    /** Of their phone's country. */
    readonly sms: SmsOfDay | undefined
  },
  now: number,
) {
  const { userId, email, username, phone, locale, status, mfaEnabled, password, pin } = identity
  return {
    userId,
    maskedEmail: email === undefined ? null : maskEmail(email),
    username: username ?? null,
    maskedPhone: phone === undefined ? null : maskPhone(phone, callingCodeOf(phone)),
    locale,
    status,
    mfaEnabled,
    hasPassword: password !== undefined,
    resetRequired: identity.resetRequired === true,
    breachCheckDue: identity.breachCheckDue === true,
    hasPin: pin !== undefined,
    pinLocked: pin !== undefined && isPinLocked(identity),
    pinResetRequired: identity.pinResetRequired === true,
    ...freezeOf(identity, known.standing, now),
    signInLocked: known.standing.signInLocked ?? null,
    lastCode: lastCode(known.newest),
    smsToday: known.sms === undefined ? null : smsToday(known.sms, smsPerDay(known.sms.country), now),
    sessions: liveSessions(known.sessions, identity, now).map(listedSession),
    createdAt: iso(identity.createdAt),
    updatedAt: iso(identity.updatedAt),
  }
}
