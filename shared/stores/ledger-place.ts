/** Which chain an event belongs to, and what the entry calls the person. */
import { isUserId } from '../contract/user-id.ts'
import { generateMac } from '../crypto/kms.ts'
import type { LedgerEvent } from '../events.ts'
import { identityChain, systemChain, unknownChain } from '../ledger/chains.ts'
import type { Person } from '../ledger/entry.ts'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { findIdentity } from './identities.ts'

export interface Place {
  readonly chain: string
  readonly person: Person
}

/** Of nobody in particular. */
const aboutSystem: ReadonlySet<LedgerEvent['type']> = new Set([
  'LEDGER_TAMPERED',
  'SMS_PAUSED',
  'SMS_RESUMED',
])

const known = (userId: string): Place => ({ chain: identityChain(userId), person: { userId } })

/** Keyed, so that nobody without the key can try identifiers until one fits. */
async function unknown(subject: LedgerEvent['subject']): Promise<Place> {
  const mac = await generateMac(settings().KEY_PSEUDONYM, 'pseudonym', [subject.kind, subject.value])
  const pseudonym = mac.toString('hex')
  return { chain: unknownChain(pseudonym, policy.unknownSubjectChains), person: { pseudonym } }
}

/**
 * The userId an event names, else the identity that has the typed identifier now, else a pseudonym.
 * A userId of kind `identity` needs no look-up: the service itself named it, and it stays true after erasure.
 * @throws Unavailable
 */
export async function placeOf(event: LedgerEvent): Promise<Place> {
  const { type, userId, subject } = event
  if (aboutSystem.has(type)) return { chain: systemChain, person: {} }
  if (userId !== undefined && isUserId(userId)) return known(userId)
  if (subject.kind === 'identity') return isUserId(subject.value) ? known(subject.value) : unknown(subject)
  const identity = await findIdentity(subject)
  return identity ? known(identity.userId) : unknown(subject)
}
