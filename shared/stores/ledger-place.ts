/** Which chain an event belongs to, and what the entry calls the person. */
import { isUserId } from '../contract/user-id.ts'
import { generateMac } from '../crypto/kms.ts'
import { rememberOnce } from '../crypto/sub-keys.ts'
import { subjectKey } from '../domain/subject.ts'
import type { LedgerEvent } from '../events.ts'
import { identityChain, systemChain, unknownChain } from '../ledger/chains.ts'
import type { Person } from '../ledger/entry.ts'
import { perEnvironment } from '../per-environment.ts'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { findUserId } from './identities.ts'

export interface Place {
  readonly chain: string
  readonly person: Person
}

/** Of nobody in particular. */
const aboutSystem: ReadonlySet<LedgerEvent['type']> = new Set([
  'LEDGER_TAMPERED',
  'SMS_PAUSED',
  'SMS_RESUMED',
  'SMS_FLOOR_SET',
  'FLOW_STOPPED',
  'FLOW_STARTED',
])

const known = (userId: string): Place => ({ chain: identityChain(userId), person: { userId } })

/** Of whom is typed again and again: an attack costs a MAC for each one it names, not for each event. By subject key. */
const pseudonyms = perEnvironment(() => new Map<string, Promise<string>>())
const pseudonymsRemembered = 10_000

/**
 * Keyed, so that nobody without the key can try identifiers until one fits. By KMS itself and no sub-key: it stays the same for
 * ever, so a sub-key could have no window, and one that leaked would tell for ever who was typed (ADR 0089).
 */
const pseudonymOf = (subject: LedgerEvent['subject']): Promise<string> =>
  rememberOnce(pseudonyms(), pseudonymsRemembered, subjectKey(subject), async () => {
    const mac = await generateMac(settings().KEY_PSEUDONYM, 'pseudonym', [subject.kind, subject.value])
    return mac.toString('hex')
  })

async function unknown(subject: LedgerEvent['subject']): Promise<Place> {
  const pseudonym = await pseudonymOf(subject)
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
  const owner = await findUserId(subject)
  return owner === undefined ? unknown(subject) : known(owner)
}
