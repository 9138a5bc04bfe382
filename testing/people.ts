/** People as tests need them: each with identifiers that nobody else has, unless the test names its own. */
import { randomBytes, randomInt } from 'node:crypto'

/** What proves a person in a session: the phone or mailbox by a code, the PIN. */
export type ProvedFactor = 'POSSESSION' | 'PIN'

/** Fields of the admin route, and what it has no words for. */
export interface PersonFields {
  readonly userId?: string
  /** Null: there is none. */
  readonly email?: string | null
  readonly username?: string | null
  readonly phone?: string | null
  readonly locale?: string
  readonly mfaEnabled?: boolean
  readonly status?: 'active' | 'suspended'
  readonly consent?: { readonly document: string; readonly version: string }
  /** In clear. */
  readonly password?: string
  /** In clear; without it there is no PIN yet. */
  readonly pin?: string
}

export interface Person {
  readonly userId: string
  readonly email: string | null
  readonly username: string | null
  readonly phone: string | null
  readonly password: string
  readonly pin?: string
}

export interface SignedInPerson extends Person {
  /** Bearer token of the session. */
  readonly token: string
}

/** Long, of all kinds of characters, on no list: what every rule of the service takes. */
const usualPassword = 'Quiet-Lantern-4821'
/** Of no pattern that the service refuses. */
export const usualPin = '482915'

/** @returns the fields to register, complete */
export function personOf(given: PersonFields): PersonFields & Person {
  const name = `t-${randomBytes(6).toString('hex')}`
  const usual = {
    userId: name,
    email: `${name}@example.com`,
    username: name,
    phone: `+9198${randomInt(10_000_000, 99_999_999)}`,
    password: usualPassword,
  }
  return { ...usual, ...given }
}

/** An address of the range for examples (RFC 3849), each in a /64 of its own: limits per address do not meet there. */
export function newAddress(): string {
  const part = () => randomInt(0x10000).toString(16)
  return `2001:db8:${part()}:${part()}::1`
}
