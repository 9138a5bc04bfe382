/** What happened lately to an account, as its owner is told: few kinds, nothing of an address or a code. Pure. */
import { type Activity, mostActivities } from '../contract/activities.ts'
import { iso } from '../domain/iso.ts'
import type { EventType } from '../events.ts'
import type { Entry } from '../ledger/entry.ts'

/** What is not here tells its owner nothing: a limit that was reached, support that looked, a code that was asked for. */
const told: Partial<Record<`${EventType} ${Entry['outcome']}`, Activity>> = {
  'LOGIN success': 'SIGNED_IN',
  'MFA_VERIFIED success': 'SIGNED_IN',
  'LOGIN failure': 'SIGN_IN_FAILED',
  'MFA_VERIFIED failure': 'SIGN_IN_FAILED',
  'LOGOUT success': 'SIGNED_OUT',
  'CODE_SENT success': 'CODE_SENT',
  'CODE_VERIFIED failure': 'RESET_FAILED',
  'PASSWORD_RESET failure': 'RESET_FAILED',
  'PIN_RESET failure': 'RESET_FAILED',
  'PASSWORD_RESET success': 'PASSWORD_CHANGED',
  'PIN_SET success': 'PIN_CHANGED',
  'PIN_RESET success': 'PIN_CHANGED',
  'PIN_VERIFIED failure': 'PIN_FAILED',
  'PIN_LOCKED success': 'PIN_LOCKED',
  'RECOVERY_FROZEN success': 'RECOVERY_FROZEN',
  'IDENTITY_CHANGED success': 'ACCOUNT_CHANGED',
}

/** A change of an identity that put another password, by whichever way. */
const isNewPassword = ({ fields = [], reason }: Entry) =>
  fields.includes('passwordHash') || (fields.includes('password') && reason !== 'reset_required')

function activityOf(entry: Entry): Activity | undefined {
  const { type, outcome, reason } = entry
  // The code has still to follow.
  if (type === 'LOGIN' && reason === 'mfa_required') return undefined
  const activity = told[`${type} ${outcome}`]
  return activity === 'ACCOUNT_CHANGED' && isNewPassword(entry) ? 'PASSWORD_CHANGED' : activity
}

interface Happened {
  readonly what: Activity
  /** Of the newest. */
  readonly at: string
  readonly userAgent: string | null
  /** So many in a row, with nothing else between. */
  readonly times: number
}

/**
 * Nine wrong PINs are one line, or a stranger's tries would be all that there is to see.
 * @param newest entries of one identity, in any order
 * @returns what the newest of them say, by when it happened, newest first
 */
export function recentActivity(newest: readonly Entry[]): Happened[] {
  const lines: Happened[] = []
  for (const entry of newest.toSorted((one, other) => other.time - one.time)) {
    const what = activityOf(entry)
    if (what === undefined) continue
    const { time, userAgent = null } = entry
    const last = lines.at(-1)
    if (last?.what === what && last.userAgent === userAgent)
      lines[lines.length - 1] = { ...last, times: last.times + 1 }
    else lines.push({ what, at: iso(time), userAgent, times: 1 })
  }
  return lines.slice(0, mostActivities)
}
