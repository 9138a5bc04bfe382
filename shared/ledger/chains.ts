/** Names of the chains: one per identity, a fixed number for unknown subjects, one for the service itself. */
import { hash } from 'node:crypto'

export const identityChain = (userId: string) => `identity/${userId}`

/** Chain of what the service says of itself. */
export const systemChain = 'system'

/** Names that a verifier accepts, whatever userIds hold; all ASCII, so that every language sorts them alike. */
export const chainPattern = /^[A-Za-z0-9/_.|@:+-]{1,140}$/

/** @returns the chain of a pseudonym (hex), one of `count`, the same for the same pseudonym. */
export function unknownChain(pseudonym: string, count: number): string {
  const place = Number.parseInt(pseudonym.slice(0, 8), 16) % count
  return `unknown/${String(place).padStart(2, '0')}`
}

/** Partitions of the heads that moved, so that sealing and appending do not meet in one. */
export const dirtyShards = Array.from({ length: 16 }, (_, place) => `dirty#${String(place).padStart(2, '0')}`)

/** @returns the partition in which a chain's moved head is kept. */
export function dirtyShard(chain: string): string {
  const place = Number.parseInt(hash('sha256', chain, 'hex').slice(0, 8), 16) % dirtyShards.length
  return `dirty#${String(place).padStart(2, '0')}`
}
