/** Identifier and phone together: whether they are one person's, with its limits on mismatches. */

import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import type { Body } from '../contract/schemas.ts'
import { secondsUntil } from '../domain/challenge.ts'
import { type Identity, pairMatches } from '../domain/identity.ts'
import { pairKey, subjectKey } from '../domain/subject.ts'
import type { EventType, Subject } from '../events.ts'
import { policy } from '../policy.ts'
import { check, get, getSeveral, type Item, transact, type Write } from '../stores/database.ts'
import { identityIn, identityOrDecoyKey, lookupKey, ownerIn } from '../stores/identities.ts'
import { noteRefusal } from '../stores/limits.ts'
import { fullUntil, hasRoom, type Limit, recordWrite } from '../stores/registers.ts'

interface Register {
  readonly pk: string
  readonly limit: Limit
  readonly name: string
}

const windowMs = policy.pairMismatchWindowSeconds * 1000

/** Mismatches are counted per identifier, per phone and per address, over both routes. */
const registersOf = (call: Call, identifier: Subject, phone: string): Register[] => [
  {
    pk: `M#${subjectKey(identifier)}`,
    limit: { count: policy.pairMismatchesPerIdentifier, windowMs },
    name: 'pair-per-identifier',
  },
  {
    pk: `M#${subjectKey({ kind: 'phone', value: phone })}`,
    limit: { count: policy.pairMismatchesPerPhone, windowMs },
    name: 'pair-per-phone',
  },
  { pk: `M#ip#${call.source}`, limit: { count: policy.pairMismatchesPerIp, windowMs }, name: 'pair-per-ip' },
]

const roomValues = (limit: Limit, now: number) => ({ windowStart: now - limit.windowMs })

const room = ({ pk, limit }: Register, now: number): Write =>
  check('challenges', { pk }, { condition: hasRoom(limit), values: roomValues(limit, now) })

export interface Pair {
  readonly identifier: Subject
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
  /** Answers a refusal of one of the writes. */
  readonly read: (index: number, met: Item | undefined) => Promise<Reply>
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
export async function checkPair(
  call: Call,
  pair: Pair,
  type: EventType,
): Promise<PairMatch | { readonly refused: Reply }> {
  const { identifier, phone } = pair
  const registers = registersOf(call, identifier, phone)
  const [lookup, ...items] = await getSeveral([
    { table: 'identities', key: lookupKey(identifier.kind as 'email', identifier.value) },
    ...registers.map(({ pk }) => ({ table: 'challenges' as const, key: { pk } })),
  ])
  const limited = async (index: number, met: Item | undefined): Promise<Reply> =>
    refuseLimited(call, pair, registers[index], met)
  const full = registers.findIndex(({ limit }, index) => fullUntil(items[index], limit, call.now) > 0)
  if (full >= 0) return { refused: await limited(full, items[full]) }
  const owner = ownerIn(lookup)
  const identity = identityIn(await get('identities', identityOrDecoyKey(owner)), owner)
  if (identity !== undefined && pairMatches(identity, identifier, phone))
    return { identity, writes: registers.map((register) => room(register, call.now)), read: limited }
  const event = call.event({ type, outcome: 'failure', reason: 'pair_mismatch', subject: identifier })
  const verdict = await transact([
    ...registers.map((register) => recordWrite(register, call.now)),
    event.write,
  ])
  if (verdict.committed) return { refused: mismatched() }
  const index = registers.findIndex((_, place) => verdict.refused(place))
  return { refused: await limited(index, verdict.met(index)) }
}

async function refuseLimited(
  call: Call,
  pair: Pair,
  register: Register | undefined,
  met: Item | undefined,
): Promise<Reply> {
  if (register === undefined) throw new Error('A pair was refused for no known reason')
  const { pk, limit, name } = register
  const until = fullUntil(met, limit, call.now)
  const limited = { type: 'LIMIT_REACHED', outcome: 'failure', reason: name, limit: name } as const
  const event = call.event({ ...limited, subject: pair.identifier })
  await noteRefusal({ key: { pk }, attribute: 'noted', window: until, met }, event.write)
  return refuse('RATE_LIMITED', { retryAfterSeconds: secondsUntil(until, call.now) })
}
