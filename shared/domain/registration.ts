/** What a PUT makes of an identity. */
import type { Body } from '../contract/schemas.ts'
import type { PutHash } from '../crypto/put-hash.ts'
import type { SealedPassword } from '../crypto/sealed.ts'
import { agreementName, withConsent } from './consent.ts'
import { historyAfter } from './history.ts'
import { epochAfter, type Identity } from './identity.ts'

export type IdentityChange = Body<'identity'>

/** What a PUT says of the password. Neither: nothing, or the hash that was put last, whatever became of it since. */
export interface HashChange {
  /** Another hash than the last one. */
  readonly password?: SealedPassword
  /** What to know it by the next time. */
  readonly lastPutHash?: PutHash
}

const plainFields = ['email', 'username', 'phone', 'locale', 'mfaEnabled', 'status'] as const
/** Fields whose change makes older sessions, challenges and tokens void. */
const epochFields = ['email', 'username', 'phone', 'passwordHash', 'mfaEnabled'] as const

/** An identity of whom nothing is known yet. @param now epoch ms */
export const blank = (userId: string, locale: string, now: number): Identity => ({
  userId,
  locale,
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

/** What is put of a consent is judged as a hash is: the version that was put last is no change, whatever was accepted since. */
function consentsAfter({ consents }: Identity, { consent }: IdentityChange, now: number) {
  if (consent == null) return { isNew: false, consents }
  const { document, version } = consent
  const stored = consents[document]
  if (stored?.lastPut === version) return { isNew: false, consents }
  const isNew = stored?.version !== version
  const acceptedAt = isNew ? now : stored.acceptedAt
  return { isNew, consents: withConsent(consents, consent, acceptedAt, version) }
}

/** Names of the fields that a change really changes. Null takes away, which is no change where there is nothing. */
const changedFields = (old: Identity, change: IdentityChange) =>
  plainFields.filter((name) => change[name] !== undefined && (change[name] ?? undefined) !== old[name])

const known = (identity: { [Name in keyof Identity]: Identity[Name] | undefined }): Identity =>
  Object.fromEntries(
    Object.entries(identity).filter(([, value]) => value !== undefined),
  ) as unknown as Identity

export interface Merged {
  readonly next: Identity
  /** Names of what changes. */
  readonly fields: readonly string[]
  /** Whether what was put last is to be remembered, although nothing may change. */
  readonly remembers: boolean
  /** The agreement among it, for the entry. */
  readonly consent?: string
}

/** Why, where a status is all that changes: an entry names fields and no values, and who reads it asks which it was. */
export const statusReason = ({ next, fields }: Pick<Merged, 'next' | 'fields'>) =>
  fields.join() === 'status'
    ? ({ reason: next.status === 'suspended' ? 'suspended' : 'resumed' } as const)
    : undefined

/**
 * The identity after a change. A really new hash lifts a required reset.
 * @param now epoch ms
 */
export function merge(old: Identity, change: IdentityChange, hash: HashChange, now: number): Merged {
  const { password } = hash
  const plain = changedFields(old, change)
  const { isNew, consents } = consentsAfter(old, change, now)
  const fields = [...plain, ...(password ? ['passwordHash'] : []), ...(isNew ? ['consent'] : [])]
  const suspends = plain.includes('status') && change.status === 'suspended'
  const bumps = suspends || epochFields.some((name) => fields.includes(name))
  const next = known({
    ...old,
    ...Object.fromEntries(plain.map((name) => [name, change[name] ?? undefined])),
    ...hash,
    ...(password && { history: historyAfter(old), resetRequired: undefined, breachCheckDue: undefined }),
    consents,
    credentialEpoch: bumps ? epochAfter(old) : old.credentialEpoch,
    updatedAt: fields.length > 0 ? now : old.updatedAt,
    rev: old.rev + 1,
  })
  const remembers = hash.lastPutHash !== undefined || consents !== old.consents
  return {
    next,
    fields,
    remembers,
    ...(isNew && change.consent && { consent: agreementName(change.consent) }),
  }
}
