/** One entry of the ledger and the hash that ties it to the one before. */
import { hash } from 'node:crypto'
import type { Channel, FlowId } from '../contract/flows.ts'
import type { Device, EventType, Factor, LedgerEvent } from '../events.ts'
import { canonical } from './canonical.ts'

const entryPrefix = 'latchkey/entry/v1\n'

/** What the first entry of a chain, and the first checkpoint, name as the one before. */
export const noHash = '0'.repeat(64)

/** What is known of an entry before it has a place in a chain. Absent fields are absent, never null. */
export interface Draft {
  /** The event's id; no two entries have the same. */
  readonly id: string
  readonly type: EventType
  /** When it happened, epoch milliseconds. */
  readonly time: number
  readonly actor: string
  readonly userId?: string
  /** In place of the userId where the typed subject is nobody: keyed, so that only the key's owner can link it. */
  readonly pseudonym?: string
  readonly flow?: FlowId
  readonly outcome: 'success' | 'failure'
  readonly reason?: string
  readonly factors?: readonly Factor[]
  readonly otpVerified?: boolean
  readonly device?: Device
  readonly userAgent?: string
  /** Why an admin did it, in their words. */
  readonly note?: string
  readonly requestId: string
  readonly policyVersion: string
  readonly fields?: readonly string[]
  /** `document@version`. */
  readonly consent?: string
  readonly breachCheck?: 'passed' | 'skipped'
  readonly channel?: Channel
  readonly limit?: string
  /** It had to be put before the appender again, so its place in the chain is later than its time says. */
  readonly late?: true
}

export interface Entry extends Draft {
  readonly chain: string
  /** 1, 2, 3 and so on within the chain. */
  readonly seq: number
  readonly prevHash: string
  /** When it was appended, epoch milliseconds. */
  readonly writtenAt: number
  readonly hash: string
}

/** Newest entry of a chain; the empty chain's is `{ seq: 0, hash: noHash }`. */
export interface Head {
  readonly seq: number
  readonly hash: string
}

export const emptyHead: Head = { seq: 0, hash: noHash }

/** @returns hex SHA-256 of the prefix and the canonical JSON of an entry without its `hash`. */
export function entryHash(entry: Omit<Entry, 'hash'>): string {
  return textHash(canonical(entry))
}

/** As {@link entryHash}, of a canonical text. */
export const textHash = (text: string) => hash('sha256', entryPrefix + text, 'hex')

/** Gives a draft the place after `head` in `chain`. */
export function placeEntry(draft: Draft, chain: string, head: Head, writtenAt: number): Entry {
  const placed = { ...draft, chain, seq: head.seq + 1, prevHash: head.hash, writtenAt }
  return { ...placed, hash: entryHash(placed) }
}

/** Who an event is about, as far as could be found out. */
export type Person = { readonly userId: string } | { readonly pseudonym: string } | Record<never, never>

/** @returns what an entry says of an event: its subject is replaced by a userId or a pseudonym, nothing typed stays. */
export function draftOf(
  event: LedgerEvent,
  about: { id: string; person: Person; policyVersion: string; late: boolean },
): Draft {
  const { subject: _typed, userId: _claimed, guess: _counter, smsCode: _counted, ...rest } = event
  const draft = { ...rest, ...about.person, id: about.id, policyVersion: about.policyVersion }
  return wellFormed(about.late ? { ...draft, late: true as const } : draft)
}

/** Lone surrogates have no canonical form, and a header may hold one: they become U+FFFD. */
function wellFormed<T>(value: T): T {
  if (typeof value === 'string') return value.toWellFormed() as T
  if (Array.isArray(value)) return value.map(wellFormed) as T
  if (typeof value !== 'object' || value === null) return value
  const known = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(known.map(([key, part]) => [key, wellFormed(part)])) as T
}
