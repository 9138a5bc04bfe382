/** What every reply must have left in the ledger, held against what is there: by request, not by sums. */

import type { RouteId } from '#shared/contract/routes.ts'
import type { EventType } from '#shared/events.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import type { Record } from './records.ts'

type Line = `${EventType} ${'success' | 'failure'}`

const asked: readonly Line[] = ['CODE_REQUESTED success']
const verified = (type: EventType): { readonly [outcome: string]: readonly Line[] } => ({
  OK: [`${type} success`],
  OTP_INVALID: [`${type} failure`],
  TOKEN_INVALID: [`${type} failure`],
})

/** By route and outcome; an outcome that is not named leaves nothing. */
const owed: { readonly [Route in RouteId]?: { readonly [outcome: string]: readonly Line[] } } = {
  putIdentity: { OK: ['IDENTITY_CREATED success'] },
  requestPasswordReset: { OK: asked },
  forgotPassword: { OK: asked },
  requestPinReset: { OK: asked },
  requestStepUp: { OK: asked },
  requestTwoFactor: { OK: asked, CREDENTIALS_INVALID: ['CODE_REQUESTED failure'] },
  verifyPasswordResetOtp: verified('CODE_VERIFIED'),
  verifyResetOtp: verified('CODE_VERIFIED'),
  verifyOtpTwoFactor: verified('CODE_VERIFIED'),
  resetPasswordEmail: verified('PASSWORD_RESET'),
  resetPasswordBasic: verified('PASSWORD_RESET'),
  resetPasswordTwoFactor: verified('PASSWORD_RESET'),
  resetPin: verified('PIN_RESET'),
  verifyStepUp: verified('STEP_UP_VERIFIED'),
  verifyLogin: verified('MFA_VERIFIED'),
  verifyIdentity: { OK: ['IDENTITY_VERIFIED success'], CREDENTIALS_INVALID: ['IDENTITY_VERIFIED failure'] },
  login: {
    OK: ['LOGIN success'],
    MFA: ['LOGIN success', 'CODE_REQUESTED success'],
    CREDENTIALS_INVALID: ['LOGIN failure'],
  },
  setPin: { OK: ['PIN_SET success'] },
  verifyPin: { OK: ['PIN_VERIFIED success'], PIN_INVALID: ['PIN_VERIFIED failure'] },
  acceptConsent: { OK: ['CONSENT_ACCEPTED success'] },
  changePassword: { OK: ['IDENTITY_CHANGED success'] },
  logout: { OK: ['LOGOUT success'] },
}

/** The first refusal of a window is an entry, the others are not. */
const limits = ['RATE_LIMITED', 'RESEND_TOO_SOON', 'TRIES_EXHAUSTED']

const lineOf = ({ type, outcome }: Entry): Line => `${type} ${outcome}`
const isSending = (line: Line) => line.startsWith('CODE_SENT') || line.startsWith('CODE_NOT_SENT')
/** What a hundredth failure in a row adds. */
const isExtra = (line: Line) => line.startsWith('RECOVERY_FROZEN') || line.startsWith('LIMIT_REACHED')

/** @returns what is wrong with the entries of one reply, or undefined */
function faultOf({ route, outcome }: Record, lines: readonly Line[]): string | undefined {
  const due = owed[route]?.[outcome] ?? []
  const sending = lines.filter(isSending)
  const own = lines.filter((line) => !isSending(line) && (!isExtra(line) || due.length === 0))
  const said = `${route} ${outcome}: ${lines.join(', ') || 'nothing'}`
  const orders = due.filter((line) => line === 'CODE_REQUESTED success').length
  if (sending.length !== orders) return said
  if (limits.includes(outcome)) return own.length <= 1 && own.every(isExtra) ? undefined : said
  return own.toSorted().join() === due.toSorted().join() ? undefined : said
}

export interface Balance {
  readonly faults: readonly string[]
  /** Replies that owe entries, and entries there are. */
  readonly owing: number
  readonly entries: number
  /** Requests whose reply nobody saw, or that an outage ended: they may have left entries or none. */
  readonly unknown: number
}

export function balance(records: readonly Record[], entries: readonly Entry[]): Balance {
  const byRequest = Map.groupBy(entries, ({ requestId }) => requestId)
  const faults: string[] = []
  let owing = 0
  const unseen = records.filter(({ status }) => status === 0 || status === 503)
  for (const record of records) {
    const lines = (byRequest.get(record.requestId) ?? []).map(lineOf)
    byRequest.delete(record.requestId)
    if (unseen.includes(record)) continue
    if ((owed[record.route]?.[record.outcome] ?? []).length > 0) owing += 1
    const fault = faultOf(record, lines)
    if (fault !== undefined) faults.push(fault)
  }
  const silent = records.filter(({ status }) => status === 0).length
  // An entry whose request got no reply has an id that nobody was told.
  if (byRequest.size > silent)
    faults.push(`${byRequest.size - silent} requests in the ledger that nobody made`)
  return { faults, owing, entries: entries.length, unknown: unseen.length }
}
