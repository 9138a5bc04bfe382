/** An identity as stored, and the questions that rules ask of it. */
import type { Channel } from '../contract/flows.ts'
import type { SealedPassword, SealedPin } from '../crypto/sealed.ts'
import type { Subject } from '../events.ts'

export interface Consent {
  readonly version: string
  /** Epoch ms. */
  readonly acceptedAt: number
}

export interface Identity {
  readonly pk: string
  readonly userId: string
  readonly email?: string
  readonly username?: string
  readonly phone?: string
  readonly locale: string
  readonly status: 'active' | 'suspended'
  readonly mfaEnabled: boolean
  readonly consents: Readonly<Record<string, Consent>>
  /** +1 when a credential, an address or the status changes: older challenges, tokens and sessions are dead. */
  readonly credentialEpoch: number
  /** +1 on signing out everywhere: older sessions are dead, challenges are not. */
  readonly sessionEpoch: number
  readonly password?: SealedPassword
  /** Set while the password may not be used until it is reset. */
  readonly resetRequired?: boolean
  /** Set while the breach service has not judged the present password: the next login asks it again. */
  readonly breachCheckDue?: boolean
  /** Passwords before the present one, newest first. */
  readonly history: readonly SealedPassword[]
  readonly pin?: SealedPin
  /** Wrong PINs in a row. */
  readonly pinFailures: number
  /** Set while the PIN may not be used until it is reset, whatever is unlocked. */
  readonly pinResetRequired?: boolean
  /** Epoch ms; until then no code of a recovery is sent, because the owner disowned a change. */
  readonly recoveryFrozenUntil?: number
  /** After a reset by SMS: sign-in codes go by email until one sign-in succeeds. */
  readonly signInCodeByEmail?: boolean
  readonly createdAt: number
  readonly updatedAt: number
  /** +1 with every change, for writes that depend on what was read. */
  readonly rev: number
}

/** What makes an identity someone to send a code to. */
export const isEligible = (identity: Identity | undefined): identity is Identity =>
  identity?.status === 'active'

/** Whether the pair that was typed is this identity's. */
export function pairMatches(identity: Identity | undefined, identifier: Subject, phone: string): boolean {
  if (!isEligible(identity)) return false
  const own = identifier.kind === 'email' ? identity.email : identity.username
  return own === identifier.value && identity.phone === phone
}

/** Where a message goes: always an address on the stored identity (G16). */
export function addressOf(identity: Identity, channel: Channel): string | undefined {
  return channel === 'email' ? identity.email : identity.phone
}

/**
 * Channels of a confirmation: email where there is one, else SMS; SMS too where the code came by email, so that a
 * taken mailbox alone cannot hide a reset.
 */
export function confirmationChannels(identity: Identity, codeChannel: Channel | undefined): Channel[] {
  if (identity.email === undefined) return identity.phone === undefined ? [] : ['sms']
  return codeChannel === 'email' && identity.phone !== undefined ? ['email', 'sms'] : ['email']
}

/** A sign-in code's channel: by email after a reset by SMS, so that one stolen SIM is not both factors. */
export function signInChannel(identity: Identity): Channel {
  return identity.signInCodeByEmail && identity.email !== undefined ? 'email' : 'sms'
}

/** The person's own identifiers, which no password may hold. */
export const identifiersOf = (identity: Identity): string[] =>
  [identity.email, identity.username, identity.phone, identity.userId].filter((value) => value !== undefined)

export interface OpeningConsent extends Consent {
  readonly document: string
}

/**
 * The agreement that opens the PIN gate, or null.
 * @param required `document`, `document@version`, or empty for any (then the newest)
 */
export function openingConsent(
  { consents }: Pick<Identity, 'consents'>,
  required: string,
): OpeningConsent | null {
  const [document = '', version] = required.split('@')
  const open = Object.entries(consents)
    .map(([name, consent]) => ({ document: name, ...consent }))
    .filter((consent) => document === '' || consent.document === document)
    .filter((consent) => version === undefined || consent.version === version)
    .sort((a, b) => b.acceptedAt - a.acceptedAt)
  return open[0] ?? null
}

/** More documents than anyone has to accept; a caller may not grow the identity without end. */
const mostConsents = 20

/** The consents with one more, which replaces an older version of the same document. */
export function withConsent(
  { consents }: Pick<Identity, 'consents'>,
  document: string,
  consent: Consent,
): Record<string, Consent> {
  const others = Object.entries(consents).filter(([name]) => name !== document)
  const newest = others.sort(([, a], [, b]) => b.acceptedAt - a.acceptedAt).slice(0, mostConsents - 1)
  return Object.fromEntries([...newest, [document, consent]])
}
