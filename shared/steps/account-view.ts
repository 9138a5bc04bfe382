/** What a person is shown of their own account, addresses masked: a session may be open on a screen that others see. Pure. */
import { callingCodeOf } from '../contract/phones.ts'
import { type Identity, isPinLocked } from '../domain/identity.ts'
import { maskEmail, maskPhone } from '../domain/mask.ts'
import type { Entry } from '../ledger/entry.ts'
import { policy } from '../policy.ts'
import { recentActivity } from './recent-activity.ts'

/** Identifiers as they may be shown. */
export const shownIdentifiers = ({ email, username, phone }: Identity) => ({
  maskedEmail: email === undefined ? null : maskEmail(email),
  username: username ?? null,
  maskedPhone: phone === undefined ? null : maskPhone(phone, callingCodeOf(phone)),
})

/** @param newest entries of the identity's chain */
export function accountView(identity: Identity, newest: readonly Entry[]) {
  const { userId, mfaEnabled, pin, pinFailures } = identity
  const left = isPinLocked(identity) ? 0 : policy.pinFailuresBeforeLock - pinFailures
  return {
    userId,
    ...shownIdentifiers(identity),
    mfaEnabled,
    hasPin: pin !== undefined,
    pinTriesLeft: pin === undefined ? null : left,
    recent: recentActivity(newest),
  }
}
