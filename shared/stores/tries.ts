/** Guesses at a challenge and what follows them: counted, verified, consumed, given back. One conditional write each. */
import { type FlowId, flowOf } from '../contract/flows.ts'
import { type Counter, counterOf, counters } from '../domain/challenge.ts'
import type { Judged } from '../judged.ts'
import { policy } from '../policy.ts'
import { type StoredChallenge, sweep, verifiedKey } from './challenges.ts'
import { type Item, put, update, updateOne, type Write } from './database.ts'
import type { VerifiedChallenge } from './tokens.ts'

export interface Count {
  readonly pk: string
  readonly state: 'ISSUED' | 'VERIFIED'
  readonly flow: FlowId
  readonly counter: Counter
  /** What the caller read in the message, where that counter counts. */
  readonly ref?: string
  readonly flowId: string | undefined
  /** New with each call, over the SDK's retries the same: a count whose reply was lost is not made twice. */
  readonly callId: string
  readonly now: number
  /** Where the challenge must belong to this session. */
  readonly sessionId?: string
  /** Where the item is found by its id: the subject it must belong to. */
  readonly key?: string
}

export interface CountedTry {
  readonly challenge: StoredChallenge
  /** That counted it. */
  readonly counter: Counter
}

export interface UncountedTry {
  readonly met: StoredChallenge | undefined
  /** That was to count it. */
  readonly counter: Counter
  /** What was met, also where it holds no challenge. */
  readonly item: Item | undefined
}

type Counted = Judged<CountedTry, UncountedTry>

/** The challenge in an item; it may hold a send register alone, or what an unlock left of one. */
export const challengeIn = (item: Item | undefined): StoredChallenge | undefined =>
  item?.['challengeId'] === undefined ? undefined : (item as unknown as StoredChallenge)

/** One conditional write. */
async function countBy(count: Count): Promise<Counted> {
  const conditions = [
    '#state = :state AND expiresAt > :now',
    `${count.counter} < :max`,
    'lastTry <> :callId',
    ...(count.ref === undefined ? [] : ['#ref = :ref']),
    ...(count.flowId === undefined ? [] : ['challengeId = :flowId']),
    ...(count.sessionId === undefined ? [] : ['sessionId = :sessionId']),
    ...(count.key === undefined ? [] : ['#flow = :flow AND #subject = :key']),
  ]
  const result = await updateOne(
    'challenges',
    { pk: count.pk },
    `SET ${count.counter} = ${count.counter} + :one, lastTry = :callId`,
    {
      condition: conditions.join(' AND '),
      values: {
        state: count.state,
        now: count.now,
        max: flowOf(count.flow).triesPerCode,
        one: 1,
        callId: count.callId,
        ...(count.ref !== undefined && { ref: count.ref }),
        ...(count.flowId !== undefined && { flowId: count.flowId }),
        ...(count.sessionId !== undefined && { sessionId: count.sessionId }),
        ...(count.key !== undefined && { flow: count.flow, key: count.key }),
      },
    },
  )
  const { counter } = count
  const item = result.done ? result.item : result.met
  const met = challengeIn(item)
  const isCounted = result.done || item?.['lastTry'] === count.callId
  return met !== undefined && isCounted ? { challenge: met, counter } : { refused: { met, counter, item } }
}

/**
 * Counts a try before anything is compared (G2). Whoever types the reference in the message has tries of his own; a wrong
 * reference is as good as none.
 * @throws Unavailable
 */
export async function countTry(count: Omit<Count, 'counter'>): Promise<Counted> {
  const { ref, ...others } = count
  if (ref !== undefined) {
    const byRef = await countBy({ ...others, ref, counter: 'triesRef' })
    if (!byRef.refused || byRef.refused.item?.['ref'] === ref) return byRef
  }
  return countBy({ ...others, counter: counterOf(count.flowId) })
}

/** Condition that the challenge is still the one that was judged. */
const stillThere = 'challengeId = :id AND #state = :state AND expiresAt > :now'
const stillValues = (challenge: StoredChallenge, now: number) => ({
  id: challenge.challengeId,
  state: challenge.state,
  now,
})

/** The counts that go on in the verified item. */
const countsOf = (challenge: StoredChallenge) => ({
  refusals: challenge.refusals ?? 0,
  ...Object.fromEntries(counters.map((counter) => [counter, challenge[counter] ?? 0])),
})

/**
 * ISSUED to VERIFIED, giving the try back. The counts go on in the verified item, so the write holds only while they are as
 * judged; a guess in between makes it fail and is read again.
 * @param tokenHash of the token, in flows that give one: it is found at the verified item
 */
export function verifyWrites(
  challenge: StoredChallenge,
  counter: Counter,
  key: string,
  tokenHash: string | undefined,
  now: number,
): Write[] {
  const counts: Record<string, number> = countsOf(challenge)
  const expiresAt = now + policy.verifiedLifeSeconds * 1000
  const { flow, challengeId, userId, epoch, channel, address, ref, codeMac, codeKeyId } = challenge
  const verified = {
    ...{ ...verifiedKey(challengeId), flow, subject: key, challengeId, userId, epoch, channel, address, ref },
    ...{ codeMac, codeKeyId, tokenHash, expiresAt, state: 'VERIFIED' },
    ...{ ...counts, [counter]: (counts[counter] ?? 0) - 1 },
    sweepAt: sweep(expiresAt),
  } satisfies Partial<Record<keyof VerifiedChallenge | 'sweepAt', unknown>>
  const asJudged = Object.keys(counts).map((name) => `${name} = :${name}`)
  return [
    update(
      'challenges',
      { pk: challenge.pk },
      `SET #state = :verified, ${counter} = ${counter} - :one REMOVE codeMac`,
      {
        condition: [stillThere, ...asJudged].join(' AND '),
        values: { ...stillValues(challenge, now), ...counts, verified: 'VERIFIED', one: 1 },
      },
    ),
    put('challenges', verified, { condition: 'attribute_not_exists(pk)' }),
  ]
}

/** To CONSUMED, giving the try back where one was used. */
export function consumeWrite(challenge: StoredChallenge, counter: Counter | undefined, now: number): Write {
  const back = counter ? `, ${counter} = ${counter} - :one` : ''
  return update('challenges', { pk: challenge.pk }, `SET #state = :consumed${back} REMOVE codeMac`, {
    condition: stillThere,
    values: { ...stillValues(challenge, now), consumed: 'CONSUMED', ...(counter && { one: 1 }) },
  })
}

/** Leaves the challenge as it was before a right code that came to nothing. */
export function giveBackWrite(challenge: StoredChallenge, counter: Counter, now: number): Write {
  return update('challenges', { pk: challenge.pk }, `SET ${counter} = ${counter} - :one`, {
    condition: stillThere,
    values: { ...stillValues(challenge, now), one: 1 },
  })
}

const most = policy.secretRefusalsPerChallenge

/**
 * Leaves the challenge as it was, but counts that a new secret was refused by what is stored or known of it: each such
 * answer speaks of a secret (G2).
 * @param counter whose try is given back, where one was used
 */
export function refusalWrite(challenge: StoredChallenge, counter: Counter | undefined, now: number): Write {
  const back = counter ? `, ${counter} = ${counter} - :one` : ''
  const change = `SET refusals = if_not_exists(refusals, :zero) + :one${back}`
  return update('challenges', { pk: challenge.pk }, change, {
    condition: `${stillThere} AND (attribute_not_exists(refusals) OR refusals < :most)`,
    values: { ...stillValues(challenge, now), zero: 0, one: 1, most },
  })
}

/** Consumes a challenge whose refusals are used up. */
export function refusedOutWrite(challenge: StoredChallenge, now: number): Write {
  return update('challenges', { pk: challenge.pk }, 'SET #state = :consumed REMOVE codeMac', {
    condition: `${stillThere} AND refusals >= :most`,
    values: { ...stillValues(challenge, now), consumed: 'CONSUMED', most },
  })
}
