/** Registering and changing an identity: for the team's own backend and for imports. */

import type { Recorder } from '../call/recorder.ts'
import type { Detail } from '../contract/codes.ts'
import { countryOf } from '../contract/phones.ts'
import { codeText } from '../contract/sms-registrations.ts'
import { parseHash } from '../crypto/forms.ts'
import { isImportOf, isPutHash, putHash } from '../crypto/put-hash.ts'
import { beyondFloor } from '../crypto/scheme.ts'
import { type SealedPassword, sealImported } from '../crypto/sealed.ts'
import { consentsProblem } from '../domain/consent.ts'
import { formerAddressesAfter, type Identity } from '../domain/identity.ts'
import {
  blank,
  type HashChange,
  type IdentityChange,
  type Merged,
  merge,
  statusReason,
} from '../domain/registration.ts'
import { smsRefusal } from '../domain/sendable.ts'
import { identitySubject } from '../domain/subject.ts'
import { smsRules } from '../messages/sms-rules.ts'
import { settings } from '../settings.ts'
import type { Write } from '../stores/database.ts'
import { readIdentity } from '../stores/identities.ts'
import { createWrites, replaceWrites, type Taken, takenIdentifiers } from '../stores/registrations.ts'
import { commit, type Writes } from '../stores/transaction.ts'
import { times, untilItHolds } from '../stores/until-it-holds.ts'
import { confirmations } from './confirm.ts'

export type PutResult =
  | { readonly put: 'created' | 'changed' | 'unchanged'; readonly identity: Identity }
  | { readonly put: 'conflict'; readonly details: readonly Detail[]; readonly taken: readonly Taken[] }
  | { readonly put: 'invalid'; readonly details: readonly Detail[] }

const addressFields = ['email', 'phone'] as const

/** Seals an imported hash, or tells why it is refused. */
async function sealOf(
  userId: string,
  text: string | undefined,
): Promise<SealedPassword | Detail | undefined> {
  if (text === undefined) return undefined
  const parsed = parseHash(text)
  if (parsed.reason !== undefined) return { field: 'passwordHash', message: parsed.reason }
  const beyond = beyondFloor(parsed.scheme, settings().LOGIN_FLOOR_MS)
  if (beyond !== undefined) return { field: 'passwordHash', message: beyond }
  return sealImported(userId, parsed)
}

/** Whether the hash is the one that was put last. */
async function wasLastPut(text: string, { userId, lastPutHash, password }: Identity): Promise<boolean> {
  if (lastPutHash) return isPutHash(userId, text, lastPutHash)
  const parsed = parseHash(text)
  return password !== undefined && parsed.reason === undefined && isImportOf(userId, parsed, password)
}

/** Judged against what was put last, never against the present password: a sync that runs again rolls nothing back. */
async function hashChangeOf(identity: Identity, text: string | undefined): Promise<HashChange | Detail> {
  if (text === undefined) return {}
  const { userId, lastPutHash } = identity
  const isSame = await wasLastPut(text, identity)
  if (isSame && lastPutHash) return {}
  const sealed = isSame ? undefined : await sealOf(userId, text)
  if (sealed && 'field' in sealed) return sealed
  return { ...(sealed && { password: sealed }), lastPutHash: await putHash(userId, text) }
}

/** What a change may not lead to. What it leaves as it was is not judged: suspending must always work. */
function problemsOf(old: Identity, { next, fields }: Merged, change: IdentityChange): Detail[] {
  const consent = fields.includes('consent') && change.consent
  const tooMany = consent ? consentsProblem(old.consents, consent) : undefined
  if (tooMany) return [{ field: 'consent.document', message: tooMany.message }]
  if (!next.mfaEnabled || !(fields.includes('mfaEnabled') || fields.includes('phone'))) return []
  if (next.phone === undefined)
    return change.phone === null
      ? [{ field: 'phone', message: 'cannot be taken away while mfaEnabled is true: sign-in codes go there' }]
      : [{ field: 'mfaEnabled', message: 'needs a phone number for the sign-in codes' }]
  const country = countryOf(next.phone) ?? 'unknown'
  const content = { text: codeText('signIn'), locale: next.locale }
  return smsRefusal(next.phone, smsRules(settings()), content) === undefined
    ? []
    : [{ field: 'mfaEnabled', message: `needs a phone in a country that SMS go to, not ${country}` }]
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
  const given = moved.flatMap((field) => {
    const address = old[field]
    return address === undefined ? [] : [{ channel: field === 'email' ? 'email' : 'sms', address } as const]
  })
  const { userId, locale } = old
  const message = { template: 'addressChanged', userId, to: given, locale, eventId } as const
  const told = (template: 'addressChanged' | 'passwordChanged' | 'mfaChanged') =>
    confirmations(call, next, template, eventId)
  return [
    ...(given.length > 0 ? [call.message(message)] : []),
    ...(moved.length > 0 || fields.includes('username') ? told('addressChanged') : []),
    ...(fields.includes('passwordHash') && old.password ? told('passwordChanged') : []),
    ...(fields.includes('mfaEnabled') ? told('mfaChanged') : []),
  ]
}

/** The change with its entry and messages. What is only remembered, so that the next PUT is known again, is told to nobody. */
function writesOf(
  call: Recorder,
  old: Identity | undefined,
  { next, fields, consent }: Merged,
): Record<string, Writes> {
  if (old && fields.length === 0) return replaceWrites(old, next)
  const { userId } = next
  const type = old ? 'IDENTITY_CHANGED' : 'IDENTITY_CREATED'
  const subject = identitySubject(userId)
  const event = call.event({
    type,
    outcome: 'success',
    subject,
    userId,
    fields,
    ...(old && statusReason({ next, fields })),
    ...(consent !== undefined && { consent }),
  })
  if (!old) return { ...createWrites({ ...next, credentialEpoch: call.now, rev: 1 }), event: event.write }
  const isMoved = addressFields.some((field) => old[field] !== undefined && fields.includes(field))
  const formerAddresses = isMoved ? formerAddressesAfter(old, next, call.now) : undefined
  return {
    ...replaceWrites(old, { ...next, ...(formerAddresses && { formerAddresses }) }),
    event: event.write,
    told: tellOwner(call, old, next, fields, event.id),
  }
}

/**
 * What a put would change of an identity, without writing anything.
 * @returns names of the fields, or what is wrong with one
 * @throws Unavailable
 */
export async function wouldChange(
  identity: Identity,
  change: IdentityChange,
  now: number,
): Promise<readonly string[] | Detail> {
  const hash = await hashChangeOf(identity, change.passwordHash)
  if ('field' in hash) return hash
  const merged = merge(identity, change, hash, now)
  return problemsOf(identity, merged, change)[0] ?? merged.fields
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
  return untilItHolds('The identity', times(), async () => {
    const old = await readIdentity(userId)
    const before = old ?? blank(userId, settings().DEFAULT_LOCALE, call.now)
    const hash = await hashChangeOf(before, change.passwordHash)
    if ('field' in hash) return { put: 'invalid', details: [hash] }
    const merged = merge(before, change, hash, call.now)
    const { next, fields, remembers } = merged
    const problems = problemsOf(before, merged, change)
    if (problems.length > 0) return { put: 'invalid', details: problems }
    if (old && fields.length === 0 && !remembers) return { put: 'unchanged', identity: old }
    const end = await commit(writesOf(call, old, merged))
    const put = old ? (fields.length > 0 ? 'changed' : 'unchanged') : 'created'
    if (end.committed) return { put, identity: next }
    // Of several refusals DynamoDB need not name all. Where nothing is taken, the identity changed meanwhile.
    const taken = await takenIdentifiers(next)
    const details = taken.map(({ field }) => ({ field, message: 'belongs to another identity' }))
    return taken.length > 0 ? { put: 'conflict', details, taken } : undefined
  })
}
