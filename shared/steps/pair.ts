/** Identifier and phone together: whether they are one person's, with its limits on mismatches. */

import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import type { Body, Identifier } from '../contract/schemas.ts'
import { type Identity, pairMatches } from '../domain/identity.ts'
import { pairKey } from '../domain/subject.ts'
import type { EventType } from '../events.ts'
import type { Judged } from '../judged.ts'
import type { Item, Write } from '../stores/database.ts'
import { readOwner } from '../stores/first-reads.ts'
import { readIdentityOrDecoy } from '../stores/identities.ts'
import { pairRegisters } from '../stores/pairs.ts'
import { firstFull, recordWrites, roomCheck } from '../stores/registers.ts'
import { commit } from '../stores/transaction.ts'
import { refuseFull } from './limits.ts'

export interface Pair {
  readonly identifier: Pick<Identifier, 'kind' | 'value'>
  readonly phone: string
  /** Subject key of the pair's challenges. */
  readonly key: string
}

export function pairOf(body: Pick<Body<'pair'>, 'identifier' | 'phone'>): Pair {
  const { kind, value } = body.identifier
  const identifier = { kind, value }
  return { identifier, phone: body.phone, key: pairKey(identifier, body.phone) }
}

/** What the caller goes on with when the pair matches: its commit must hold these too (G2). */
export interface PairMatch {
  readonly identity: Identity
  readonly writes: readonly Write[]
  /** Answers a refusal of one of the writes, by the item that it met. */
  readonly refuse: (met: Item | undefined) => Promise<Reply>
}

/** The seed's one sentence for wrong phone, wrong identifier and unknown identifier. */
const mismatched = () =>
  refuse('CREDENTIALS_INVALID', {
    message: 'Invalid credentials. Please check your email/username and phone number.',
  })

/**
 * Checks a pair: two reads, then a commit that decides. A mismatch is counted and answered here.
 * @param type the entry a mismatch becomes
 * @throws Unavailable
 */
export async function checkPair(call: Call, pair: Pair, type: EventType): Promise<Judged<PairMatch, Reply>> {
  const { identifier, phone } = pair
  const { now, source } = call
  const registers = pairRegisters(identifier, phone, source)
  const { owner, full } = await readOwner(identifier, registers, now)
  if (full) return { refused: await refuseFull(call, full, { subject: identifier }) }
  const refuseMet = async (met: Item | undefined) => {
    const by = firstFull(registers, [met], now)
    if (by === undefined) throw new Error('A pair was refused for no known reason')
    return refuseFull(call, by, { subject: identifier })
  }
  const identity = await readIdentityOrDecoy(owner)
  if (identity !== undefined && pairMatches(identity, identifier, phone))
    return { identity, writes: registers.map((register) => roomCheck(register, now)), refuse: refuseMet }
  const event = call.event({ type, outcome: 'failure', reason: 'pair_mismatch', subject: identifier })
  const end = await commit({
    limits: registers.flatMap((register) => recordWrites(register, now)),
    event: event.write,
  })
  return { refused: end.committed ? mismatched() : await refuseMet(end.met) }
}
