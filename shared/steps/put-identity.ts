/** Registering and changing an identity: for the team's own backend and for imports. */

import type { Detail } from '../contract/codes.ts'
import { type Body, countryOf } from '../contract/schemas.ts'
import { parsePhc } from '../crypto/phc.ts'
import { floorNeededMs, type Scheme } from '../crypto/scheme.ts'
import { type SealedPassword, sealImported } from '../crypto/sealed.ts'
import { smsRules } from '../delivery/sms-rules.ts'
import { historyAfter } from '../domain/history.ts'
import { type Identity, withConsent } from '../domain/identity.ts'
import { smsRefusal } from '../domain/sendable.ts'
import type { Call } from '../edge/call.ts'
import { settings } from '../settings.ts'
import { transact, type Write } from '../stores/database.ts'
import { readIdentity } from '../stores/identities.ts'
import { createWrites, replaceWrites } from '../stores/registrations.ts'
import { Unavailable } from '../stores/unavailable.ts'
import { confirmations } from './confirm.ts'

export type IdentityChange = Body<'identity'>

export type PutResult =
  | { readonly put: 'created' | 'changed' | 'unchanged'; readonly identity: Identity }
  | { readonly put: 'conflict' }
  | { readonly put: 'invalid'; readonly details: readonly Detail[] }

type Recorder = Pick<Call, 'event' | 'message' | 'now'>

const attempts = 5
/** Fields whose change makes older sessions, challenges and tokens void. */
const epochFields = ['email', 'username', 'phone', 'passwordHash', 'mfaEnabled'] as const
const addressFields = ['email', 'phone'] as const

/** A hash that takes longer than the floor would show at sign-in who has it (G1). A floor of 0 hides nothing anyway. */
function beyondFloor(scheme: Scheme): string | undefined {
  const floorMs = settings().LOGIN_FLOOR_MS
  const neededMs = floorNeededMs(scheme)
  if (floorMs === 0 || neededMs <= floorMs) return undefined
  return `it takes too long to check: sign-in answers after ${floorMs} ms (loginFloorMs), and this needs ${neededMs} ms`
}

/** Seals an imported hash, or tells why it is refused. */
async function sealOf(
  userId: string,
  text: string | undefined,
): Promise<SealedPassword | Detail | undefined> {
  if (text === undefined) return undefined
  const parsed = parsePhc(text)
  if (parsed.reason !== undefined) return { field: 'passwordHash', message: parsed.reason }
  const beyond = beyondFloor(parsed.scheme)
  if (beyond !== undefined) return { field: 'passwordHash', message: beyond }
  return sealImported(userId, parsed)
}

/** What a change may not lead to. What it leaves as it was is not judged: suspending must always work. */
function problemsOf(identity: Identity, fields: readonly string[]): Detail[] {
  const isConcerned = fields.includes('mfaEnabled') || fields.includes('phone')
  if (!identity.mfaEnabled || !isConcerned) return []
  if (identity.phone === undefined)
    return [{ field: 'mfaEnabled', message: 'needs a phone number for the sign-in codes' }]
  const country = countryOf(identity.phone) ?? 'unknown'
  return smsRefusal(identity.phone, smsRules()) === undefined
    ? []
    : [{ field: 'mfaEnabled', message: `needs a phone in a country that SMS go to, not ${country}` }]
}

const blank = (userId: string, now: number): Identity => ({
  pk: `U#${userId}`,
  userId,
  locale: settings().DEFAULT_LOCALE,
  status: 'active',
  mfaEnabled: false,
  consents: {},
  // From the clock: an identity that was erased and registered again meets no session or challenge of its old epoch.
  credentialEpoch: now,
  sessionEpoch: now,
  history: [],
  pinFailures: 0,
  createdAt: now,
  updatedAt: now,
  rev: 0,
})

/** The identity after a change, and the names of the fields that it really changes. */
function merge(old: Identity, change: IdentityChange, sealed: SealedPassword | undefined, now: number) {
  // The same hash once more is no change: an import that runs again must not sign everyone out.
  const password = sealed?.mac === old.password?.mac && !old.resetRequired ? undefined : sealed
  const { consent, passwordHash: _, ...plain } = change
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined))
  const fields = Object.keys(given).filter((name) => old[name as keyof Identity] !== given[name])
  if (password) fields.push('passwordHash')
  if (consent && old.consents[consent.document]?.version !== consent.version) fields.push('consent')
  const suspends = fields.includes('status') && change.status === 'suspended'
  const bumps = suspends || epochFields.some((name) => fields.includes(name))
  const { resetRequired, ...rest } = old
  const next: Identity = {
    ...(password ? rest : { ...rest, ...(resetRequired && { resetRequired }) }),
    ...given,
    ...(password && { password, history: historyAfter(old) }),
    ...(fields.includes('consent') &&
      consent && {
        consents: withConsent(old, consent.document, { version: consent.version, acceptedAt: now }),
      }),
    ...(bumps && { credentialEpoch: old.credentialEpoch + 1 }),
    updatedAt: now,
    rev: old.rev + 1,
  }
  return { next, fields }
}

/**
 * Tells the owner what changed. An address that is given up is told as well, also by a suspended identity: else suspending,
 * moving and reactivating it would hand it to another unseen.
 */
function tellOwner(
  call: Recorder,
  old: Identity,
  next: Identity,
  fields: readonly string[],
  eventId: string,
): Write[] {
  const moved = addressFields.filter((field) => fields.includes(field))
  const toOld = moved.flatMap((field) => {
    const address = old[field]
    if (address === undefined) return []
    const channel = field === 'email' ? 'email' : 'sms'
    const { userId, locale } = old
    return [call.message({ template: 'addressChanged', userId, channel, address, locale, eventId } as const)]
  })
  const told = (template: 'addressChanged' | 'passwordChanged' | 'mfaChanged') =>
    confirmations(call, next, template, eventId)
  return [
    ...toOld,
    ...(moved.length > 0 || fields.includes('username') ? told('addressChanged') : []),
    ...(fields.includes('passwordHash') && old.password ? told('passwordChanged') : []),
    ...(fields.includes('mfaEnabled') ? told('mfaChanged') : []),
  ]
}

/**
 * Creates the identity, or merges the change into it. A new password, address, username or MFA setting and a suspension
 * bump the epoch.
 * @throws Unavailable
 */
export async function putIdentity(
  call: Recorder,
  userId: string,
  change: IdentityChange,
): Promise<PutResult> {
  const password = await sealOf(userId, change.passwordHash)
  if (password && 'field' in password) return { put: 'invalid', details: [password] }
  const subject = { kind: 'identity', value: userId } as const
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const old = await readIdentity(userId)
    const { next, fields } = merge(old ?? blank(userId, call.now), change, password, call.now)
    const details = problemsOf(next, fields)
    if (details.length > 0) return { put: 'invalid', details }
    if (old && fields.length === 0) return { put: 'unchanged', identity: old }
    const type = old ? 'IDENTITY_CHANGED' : 'IDENTITY_CREATED'
    const event = call.event({ type, outcome: 'success', subject, userId, fields })
    const records = [event.write, ...(old ? tellOwner(call, old, next, fields, event.id) : [])]
    const writes = old
      ? replaceWrites(old, next)
      : createWrites({ ...next, credentialEpoch: call.now, rev: 1 })
    const verdict = await transact([...writes, ...records])
    if (verdict.committed) return { put: old ? 'changed' : 'created', identity: next }
    // Of several refusals DynamoDB need not name all: an identity that changed meanwhile is read again, not taken for a conflict.
    if (!verdict.refused(0) && (await readIdentity(userId))?.rev === old?.rev) return { put: 'conflict' }
  }
  throw new Unavailable('The identity stayed contended')
}
