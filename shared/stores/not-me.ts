/** Grants to disown a change: `R#sha256(token)`, written by the worker that sends the token, used once by its owner. */

import { type LinkProof, proveLink, sealLink } from '../crypto/link-proof.ts'
import type { Disowned } from '../domain/not-me.ts'
import type { Message } from '../events.ts'
import type { Judged } from '../judged.ts'
import { policy } from '../policy.ts'
import { update, updateOne, type Write } from './database.ts'
import { challengeKinds } from './keys.ts'

const grantKey = challengeKinds.grant.key

export interface Grant {
  readonly userId: string
  readonly disowned: Disowned
  /** When the change was made (epoch ms): an identity registered later is somebody else. */
  readonly changedAt: number
  readonly expiresAt: number
  readonly usedAt?: number
}

/**
 * A grant, to be stored before its token is sent, with the MAC that makes it count (G17). It needs no condition: every repetition
 * writes the same; a mark of use stays, and a grant that was swept after its time comes back as expired.
 * @throws Unavailable
 */
export async function grantWrite(
  tokenHash: string,
  { userId, time }: Pick<Message, 'userId' | 'time'>,
  disowned: Disowned,
): Promise<Write> {
  const expiresAt = time + policy.notMeLifeSeconds * 1000
  const { mac, keyId } = await sealLink({ tokenHash, userId, disowned, changedAt: time, expiresAt })
  const change = [
    'SET userId = :userId, disowned = :disowned, changedAt = :time, expiresAt = :expiresAt',
    'mac = :mac, keyId = :keyId, sweepAt = :sweepAt',
  ]
  return update('challenges', grantKey(tokenHash), change.join(', '), {
    values: { userId, disowned, time, expiresAt, mac, keyId, sweepAt: Math.ceil(expiresAt / 1000) + 7200 },
  })
}

export interface RefusedGrant {
  readonly reason: 'unknown_token' | 'used' | 'expired'
  /** Whose it was. */
  readonly userId?: string
}

/** Presents a token: found by its hash alone, so there is nothing to compare, and counted (G2). @throws Unavailable */
export async function presentGrant(
  tokenHash: string,
  now: number,
): Promise<Judged<{ readonly grant: Grant }, RefusedGrant>> {
  const result = await updateOne('challenges', grantKey(tokenHash), 'ADD presented :one', {
    condition: 'expiresAt > :now AND attribute_not_exists(usedAt)',
    values: { one: 1, now },
  })
  const grant = (result.done ? result.item : result.met) as unknown as
    | (Grant & Partial<LinkProof>)
    | undefined
  // Whoever can write the table could make one, but not its MAC.
  if (grant === undefined || !(await proveLink({ ...grant, tokenHash }, grant)))
    return { refused: { reason: 'unknown_token' } }
  if (result.done) return { grant }
  return { refused: { reason: grant.usedAt === undefined ? 'expired' : 'used', userId: grant.userId } }
}

/** Uses a grant, once. */
export const useGrantWrite = (tokenHash: string, now: number): Write =>
  update('challenges', grantKey(tokenHash), 'SET usedAt = :now', {
    condition: 'expiresAt > :now AND attribute_not_exists(usedAt)',
    values: { now },
  })
