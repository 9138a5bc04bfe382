/** Reset tokens: `T#sha256(token)`, written when a code is verified, used once. */
import { proveToken, sealToken, type TokenBinding } from '../crypto/proofs.ts'
import { sweep } from './challenges.ts'
import { put, update, updateOne, type Write } from './database.ts'

const tokenKey = (tokenHash: string) => ({ pk: `T#${tokenHash}` })

/** A token to be given out, with the MAC that makes it count. */
export interface ProvedToken {
  readonly hash: string
  readonly mac: string
  readonly keyId: string
}

/** What a reset token stands for. */
export interface Token extends TokenBinding {
  /** Set when a reset used it. */
  readonly usedAt?: number
}

/** Stores a token with all that it is bound to. */
export const tokenWrite = (
  bound: Readonly<Record<string, unknown>> & { readonly expiresAt: number },
  { hash, mac, keyId }: ProvedToken,
): Write => put('challenges', { ...bound, ...tokenKey(hash), mac, keyId, sweepAt: sweep(bound.expiresAt) })

/** Makes the MAC of a token that is about to be given out. @throws Unavailable */
export const proved = async (hash: string, binding: TokenBinding): Promise<ProvedToken> => ({
  hash,
  ...(await sealToken(hash, binding)),
})

/**
 * Presents a token: found by its hash alone, so there is nothing to compare, and counted (G2). It counts only with the MAC of
 * the step that gives tokens out, so that whoever can write the table cannot make one (G17).
 * @returns what it stands for, or undefined when it is unknown, forged or expired
 * @throws Unavailable
 */
export async function presentToken(tokenHash: string, now: number): Promise<Token | undefined> {
  const result = await updateOne('challenges', tokenKey(tokenHash), 'ADD presented :one', {
    condition: 'attribute_exists(pk) AND expiresAt > :now',
    values: { one: 1, now },
  })
  if (!result.done) return undefined
  const token = result.item as unknown as Token & { readonly mac?: string; readonly keyId?: string }
  return (await proveToken(tokenHash, token, token)) ? token : undefined
}

/** Marks a token as used, in the transaction that consumes what it stands for. */
export const useTokenWrite = (tokenHash: string, now: number): Write =>
  update('challenges', tokenKey(tokenHash), 'SET usedAt = :now', {
    condition: 'attribute_exists(pk)',
    values: { now },
  })
