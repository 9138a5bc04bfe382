/** Reset tokens: `T#sha256(token)`, written when a code is verified, used once. */
import type { Challenge } from '../domain/challenge.ts'
import { sweep } from './challenges.ts'
import { put, update, updateOne, type Write } from './database.ts'
import { challengeKinds } from './keys.ts'

const tokenKey = challengeKinds.token.key

/** What a reset token stands for: all that its code was bound to, with the code's MAC. */
export type Token = Pick<
  Challenge,
  | 'flow'
  | 'challengeId'
  | 'userId'
  | 'epoch'
  | 'channel'
  | 'address'
  | 'ref'
  | 'codeMac'
  | 'codeKeyId'
  | 'expiresAt'
> & {
  /** Subject key of the challenge. */
  readonly subject: string
  /** Set when a reset used it. */
  readonly usedAt?: number
}

export const tokenWrite = (tokenHash: string, token: Token): Write =>
  put('challenges', { ...token, ...tokenKey(tokenHash), sweepAt: sweep(token.expiresAt) })

/**
 * Presents a token: found by its hash alone, so there is nothing to compare, and counted (G2).
 * @returns what it is said to stand for, or undefined when it is unknown or expired
 * @throws Unavailable
 */
export async function presentToken(tokenHash: string, now: number): Promise<Token | undefined> {
  const result = await updateOne('challenges', tokenKey(tokenHash), 'ADD presented :one', {
    condition: 'attribute_exists(pk) AND expiresAt > :now',
    values: { one: 1, now },
  })
  return result.done ? (result.item as unknown as Token) : undefined
}

/** Marks a token as used, in the transaction that consumes what it stands for. */
export const useTokenWrite = (tokenHash: string, now: number): Write =>
  update('challenges', tokenKey(tokenHash), 'SET usedAt = :now', {
    condition: 'attribute_exists(pk)',
    values: { now },
  })
