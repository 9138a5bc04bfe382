/** Reset tokens: `challengeId.secret`, of which the verified challenge holds the SHA-256. Used once, as the challenge is. */
import { matches } from '../crypto/compare.ts'
import { challengeInToken, tokenHash } from '../crypto/tokens.ts'
import { type StoredChallenge, verifiedKey } from './challenges.ts'
import { updateOne } from './database.ts'

/** A challenge in an item of its own, moved there by its right code. */
export interface VerifiedChallenge extends StoredChallenge {
  /** Subject key under which it was asked for. */
  readonly subject: string
  /** In flows that give a token. */
  readonly tokenHash?: string
}

/**
 * Presents a token: counted at the challenge that it names (G2), then compared, in a time that tells nothing.
 * @returns the challenge it was given for, whatever became of it; undefined where it is unknown, another's or expired
 * @throws Unavailable
 */
export async function presentToken(token: string, now: number): Promise<VerifiedChallenge | undefined> {
  const id = challengeInToken(token)
  const result = await updateOne('challenges', verifiedKey(id), 'ADD presented :one', {
    condition: 'challengeId = :id AND expiresAt > :now',
    values: { one: 1, id, now },
  })
  const found = result.done ? (result.item as unknown as VerifiedChallenge) : undefined
  return matches(tokenHash(token), found?.tokenHash ?? '') ? found : undefined
}
