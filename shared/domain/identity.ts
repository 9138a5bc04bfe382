/** An identity as stored, and the questions that rules ask of it. */
import type { Channel } from '../contract/flows.ts'
import type { PutHash } from '../crypto/put-hash.ts'
import type { SealedPassword, SealedPin } from '../crypto/sealed.ts'
import type { Destination, Message, Subject } from '../events.ts'
import { policy } from '../policy.ts'
import type { Consents } from './consent.ts'

/** An email or phone that was taken away not long ago. */
export interface FormerAddress {
  readonly address: string
  /** When it was taken away (epoch ms). */
  readonly at: number
}

export interface Identity {
  readonly userId: string
  readonly email?: string
  readonly username?: string
  readonly phone?: string
  readonly locale: string
  readonly status: 'active' | 'suspended'
  readonly mfaEnabled: boolean
  readonly consents: Consents
  /** +1 when a credential, an address or the status changes: older challenges, tokens and sessions are dead. */
  readonly credentialEpoch: number
  /** +1 on signing out everywhere: older sessions are dead, challenges are not. */
  readonly sessionEpoch: number
  readonly password?: SealedPassword
  /** The hash that was put last, whatever became of the password since. */
  readonly lastPutHash?: PutHash
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
  /** Channel of the last reset of the password, until a sign-in succeeds: sign-in codes go by the other one. */
  readonly lastResetBy?: Channel
  /** Before `lastResetBy` there was this alone, after a reset by SMS. */
  readonly signInCodeByEmail?: boolean
  /** Newest first; for messages that tell of the change to the address it took away. */
  readonly formerAddresses?: readonly FormerAddress[]
  readonly createdAt: number
  readonly updatedAt: number
  /** +1 with every change, for writes that depend on what was read. */
  readonly rev: number
}

/** The credential epoch after a change that ends what was proved before it (G6). */
export const epochAfter = ({ credentialEpoch }: Pick<Identity, 'credentialEpoch'>): number =>
  credentialEpoch + 1

/** What makes an identity someone to send a code to. */
export const isEligible = (identity: Identity | undefined): identity is Identity =>
  identity?.status === 'active'

/** Whether ten wrong PINs in a row have locked the PIN of an identity, as it was read or met. */
export const isLockedByWrongPins = (identity: { readonly pinFailures?: unknown } | undefined): boolean =>
  Number(identity?.pinFailures ?? 0) >= policy.pinFailuresBeforeLock

/** Ten wrong PINs in a row, or its owner disowned it. */
export const isPinLocked = (identity: Identity): boolean =>
  isLockedByWrongPins(identity) || identity.pinResetRequired === true

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

const channelOfAddress = (address: string): Channel => (address.includes('@') ? 'email' : 'sms')

/** Whether a message may go where it says: to the identity's address, or to one that was its own at what it tells of. */
export function isOwnAddress(
  identity: Identity,
  { channel, address, time }: Destination & Pick<Message, 'time'>,
): boolean {
  if (addressOf(identity, channel) === address) return true
  const former = identity.formerAddresses ?? []
  return (
    channelOfAddress(address) === channel &&
    former.some((each) => each.address === address && each.at >= time)
  )
}

/**
 * The former addresses after a change, newest first: few and for days, since they are personal data that only late messages need.
 * @param now epoch ms
 */
export function formerAddressesAfter(old: Identity, next: Identity, now: number): FormerAddress[] {
  const taken = [old.email, old.phone].filter(
    (address) => address !== undefined && address !== next.email && address !== next.phone,
  ) as string[]
  const since = now - policy.formerAddressSeconds * 1000
  return [
    ...taken.map((address) => ({ address, at: now })),
    ...(old.formerAddresses ?? []).filter(({ at }) => at > since),
  ].slice(0, policy.formerAddresses)
}

/** When a confirmation goes by SMS: always where it says most, or never where an email does. */
export const confirmBySms = ['always', 'withoutEmail'] as const
export type ConfirmBySms = (typeof confirmBySms)[number]

/**
 * Channels of a confirmation: email where there is one, else SMS; SMS too where the code came by email, so that a
 * taken mailbox alone cannot hide a reset, unless the deployer spares the SMS of all who have an email.
 */
export function confirmationChannels(
  identity: Identity,
  codeChannel: Channel | undefined,
  bySms: ConfirmBySms,
): Channel[] {
  if (identity.email === undefined) return identity.phone === undefined ? [] : ['sms']
  const both = bySms === 'always' && codeChannel === 'email' && identity.phone !== undefined
  return both ? ['email', 'sms'] : ['email']
}

/** Channel of the last reset of the password that no sign-in has followed. */
export const lastResetChannel = ({
  lastResetBy,
  signInCodeByEmail,
}: Pick<Identity, 'lastResetBy' | 'signInCodeByEmail'>): Channel | undefined =>
  lastResetBy ?? (signInCodeByEmail ? 'sms' : undefined)

/** A sign-in code's channel: the other one than the last reset's, so that one stolen SIM or one read mailbox is not both factors. */
export const signInChannel = (identity: Pick<Identity, 'lastResetBy' | 'signInCodeByEmail'>): Channel =>
  lastResetChannel(identity) === 'sms' ? 'email' : 'sms'

/** The person's own identifiers, which no password may hold. */
export const identifiersOf = (identity: Identity): string[] =>
  [identity.email, identity.username, identity.phone, identity.userId].filter((value) => value !== undefined)
