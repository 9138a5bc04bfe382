/** Challenges and their send registers: asking, counting a guess, moving on. One conditional write or transaction each. */
import { type Flow, type FlowId, flowOf } from '../contract/flows.ts'
import {
  type AskMet,
  type AskRefusal,
  askRefusal,
  type Challenge,
  type Counter,
} from '../domain/challenge.ts'
import type { Device, Subject } from '../events.ts'
import { policy } from '../policy.ts'
import { type Item, put, transact, update, updateOne, type Write } from './database.ts'
import { freezeKey, frozenUntilOf, type Note, notFrozenCheck } from './limits.ts'
import { fullUntil, hasRoom, perHour, registerValues, shift, sweepAfter } from './registers.ts'

export const challengePk = (flow: FlowId, key: string) => `C#${flow}#${key}`
export const verifiedPk = (challengeId: string) => `V#${challengeId}`
const tokenPk = (tokenHash: string) => `T#${tokenHash}`

const sweep = (expiresAt: number) => Math.ceil(expiresAt / 1000) + 7200

/** What makes an older challenge of the same item a new one. */
const unbound =
  'REMOVE userId, epoch, codeMac, codeKeyId, boundAt, sentAt, channel, address, notedTriesFlow, notedTriesOpen, frozenUntil'

export interface Ask {
  readonly flow: FlowId
  /** Subject key under which challenge and budget are kept. */
  readonly key: string
  readonly challengeId: string
  readonly source: string
  /** Whose failed guesses freeze this. */
  readonly freezeSubject: Subject
  readonly now: number
  readonly sessionId?: string
}

/** The newest challenge of flow and subject: it replaces the older one and counts against the subject's budget. */
export function issueWrite({ flow: id, key, challengeId, now, sessionId }: Ask): Write {
  const flow = flowOf(id)
  const limit = perHour(flow.codesPerSubjectHour)
  const expiresAt = now + flow.codeLifeSeconds * 1000
  const assignments = [
    shift(limit),
    'challengeId = :id, #flow = :flow, #state = :issued, triesFlow = :zero, triesOpen = :zero',
    `expiresAt = :expiresAt, sweepAt = :sweepAt${sessionId ? ', sessionId = :sessionId' : ''}`,
  ]
  return update('challenges', { pk: challengePk(id, key) }, `SET ${assignments.join(', ')} ${unbound}`, {
    condition: `${hasRoom(limit)} AND (attribute_not_exists(s1) OR s1 <= :cooled)`,
    values: {
      ...registerValues(limit, now),
      cooled: now - flow.cooldownSeconds * 1000,
      id: challengeId,
      flow: id,
      issued: 'ISSUED',
      expiresAt,
      sweepAt: Math.max(sweep(expiresAt), sweepAfter(limit, now)),
      ...(sessionId && { sessionId }),
    },
  })
}

/** Send register of the sign-in codes of an identity. */
export const signInPk = (userId: string) => `B#login-mfa#${userId}`

/** A sign-in's challenge, an item of its own, and the identity's budget of them. There is no wait between two. */
export function signInWrites(
  {
    userId,
    challengeId,
    now,
  }: { readonly userId: string; readonly challengeId: string; readonly now: number },
  device: Device | undefined,
): { readonly register: Write; readonly challenge: Write } {
  const flow = flowOf('login-mfa')
  const limit = perHour(flow.codesPerSubjectHour)
  const expiresAt = now + flow.codeLifeSeconds * 1000
  const item = {
    pk: challengePk('login-mfa', challengeId),
    flow: 'login-mfa',
    challengeId,
    state: 'ISSUED',
    triesFlow: 0,
    triesOpen: 0,
    device,
    expiresAt,
    sweepAt: sweep(expiresAt),
  }
  return {
    register: update('challenges', { pk: signInPk(userId) }, `SET ${shift(limit)}, sweepAt = :sweepAt`, {
      condition: hasRoom(limit),
      values: { ...registerValues(limit, now), sweepAt: sweepAfter(limit, now) },
    }),
    challenge: put('challenges', item, { condition: 'attribute_not_exists(pk)' }),
  }
}

/** The budget of the caller's address in this flow. */
export function sourceWrite({ flow, source, now }: Pick<Ask, 'flow' | 'source' | 'now'>): Write {
  const limit = perHour(flowOf(flow).codesPerIpHour)
  return update('challenges', sourceKey(flow, source), `SET ${shift(limit)}, sweepAt = :sweepAt`, {
    condition: hasRoom(limit),
    values: { ...registerValues(limit, now), sweepAt: sweepAfter(limit, now) },
  })
}
const sourceKey = (flow: FlowId, source: string) => ({ pk: `I#${flow}#${source}` })

/** A refusal of an ask, and the note its first occurrence leaves. */
export interface Refused {
  readonly refusal: AskRefusal
  readonly note: Note
}

/** Reads the three items that may refuse an ask. */
export function readAskRefusal(
  ask: Pick<Ask, 'flow' | 'source' | 'freezeSubject' | 'now'> & { readonly registerPk: string },
  items: {
    readonly register?: Item | undefined
    readonly source?: Item | undefined
    readonly frozen?: Item | undefined
  },
): Refused | undefined {
  const flow: Flow = flowOf(ask.flow)
  const met: AskMet = {
    frozenUntil: frozenUntilOf(items.frozen),
    lastAskAt: Number(items.register?.['s1'] ?? 0),
    subjectFullUntil: fullUntil(items.register, perHour(flow.codesPerSubjectHour), ask.now),
    sourceFullUntil: fullUntil(items.source, perHour(flow.codesPerIpHour), ask.now),
  }
  const refusal = askRefusal(met, flow, ask.now)
  if (refusal === undefined) return undefined
  const register = { key: { pk: ask.registerPk }, met: items.register }
  const places = {
    frozen: { key: freezeKey(ask.freezeSubject), attribute: 'noted', met: items.frozen },
    cooldown: { ...register, attribute: 'notedCooldown' },
    'codes-per-subject': { ...register, attribute: 'notedBudget' },
    'codes-per-ip': { key: sourceKey(ask.flow, ask.source), attribute: 'notedBudget', met: items.source },
  }
  return { refusal, note: { ...places[refusal.limit], window: refusal.until } }
}

/**
 * Issues a challenge, with the rows that go with it, or tells which limit refused. One transaction.
 * @param alongside further writes that must hold too; `onRefused` reads their refusals, by index
 * @throws Unavailable
 */
export async function ask<Other = never>(
  order: Ask,
  rows: readonly Write[],
  alongside: {
    readonly writes: readonly Write[]
    readonly read: (index: number, met: Item | undefined) => Other
  } = {
    writes: [],
    read: () => {
      throw new Error('nothing alongside')
    },
  },
): Promise<{ readonly asked: true } | Refused | { readonly other: Other }> {
  const writes = [
    issueWrite(order),
    sourceWrite(order),
    notFrozenCheck(order.freezeSubject, order.now),
    ...alongside.writes,
    ...rows,
  ]
  const verdict = await transact(writes)
  if (verdict.committed) return { asked: true }
  for (const index of alongside.writes.keys())
    if (verdict.refused(3 + index)) return { other: alongside.read(index, verdict.met(3 + index)) }
  const refused = readAskRefusal(
    { ...order, registerPk: challengePk(order.flow, order.key) },
    { register: verdict.met(0), source: verdict.met(1), frozen: verdict.met(2) },
  )
  if (refused) return refused
  throw new Error('An ask was refused for no known reason')
}

export interface Count {
  readonly pk: string
  readonly state: 'ISSUED' | 'VERIFIED'
  readonly flow: FlowId
  readonly counter: Counter
  readonly flowId: string | undefined
  /** New with each call, over the SDK's retries the same: a count whose reply was lost is not made twice. */
  readonly callId: string
  readonly now: number
  /** Where the challenge must belong to this session. */
  readonly sessionId?: string
  /** Where the item is found by its id: the subject it must belong to. */
  readonly key?: string
}

export type Counted =
  | { readonly counted: true; readonly challenge: Challenge }
  | { readonly counted: false; readonly met: Challenge | undefined; readonly item: Item | undefined }

/** Counts a try before anything is compared (G2). @throws Unavailable */
export async function countTry(count: Count): Promise<Counted> {
  const conditions = [
    '#state = :state AND expiresAt > :now',
    `${count.counter} < :max`,
    'lastTry <> :callId',
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
        ...(count.flowId !== undefined && { flowId: count.flowId }),
        ...(count.sessionId !== undefined && { sessionId: count.sessionId }),
        ...(count.key !== undefined && { flow: count.flow, key: count.key }),
      },
    },
  )
  if (result.done) return { counted: true, challenge: result.item as unknown as Challenge }
  // An item may hold a send register alone, or what an unlock left of one.
  const holdsOne = result.met?.['challengeId'] !== undefined
  const met = holdsOne ? (result.met as unknown as Challenge) : undefined
  if (met && result.met?.['lastTry'] === count.callId) return { counted: true, challenge: met }
  return { counted: false, met, item: result.met }
}

/** Condition that the challenge is still the one that was judged. */
const stillThere = 'challengeId = :id AND #state = :state AND expiresAt > :now'
const stillValues = (challenge: Challenge, now: number) => ({
  id: challenge.challengeId,
  state: challenge.state,
  now,
})

/**
 * ISSUED to VERIFIED, giving the try back. The counters go on in the verified item, so the write holds only while they
 * are as judged; a guess in between makes it fail and is read again.
 */
export function verifyWrites(
  challenge: Challenge,
  counter: Counter,
  key: string,
  tokenHash: string | undefined,
  now: number,
): Write[] {
  const tries = { triesFlow: challenge.triesFlow, triesOpen: challenge.triesOpen }
  const expiresAt = now + policy.verifiedLifeSeconds * 1000
  const { flow, challengeId, userId, epoch, channel, address, codeMac, codeKeyId } = challenge
  const bound = { flow, subject: key, challengeId, userId, epoch, channel, address, expiresAt }
  const verified = {
    ...bound,
    pk: verifiedPk(challengeId),
    state: 'VERIFIED',
    ...tries,
    [counter]: tries[counter] - 1,
    codeMac,
    codeKeyId,
    sweepAt: sweep(expiresAt),
  }
  const writes = [
    update(
      'challenges',
      { pk: challenge.pk },
      `SET #state = :verified, ${counter} = ${counter} - :one REMOVE codeMac`,
      {
        condition: `${stillThere} AND triesFlow = :triesFlow AND triesOpen = :triesOpen`,
        values: { ...stillValues(challenge, now), verified: 'VERIFIED', one: 1, ...tries },
      },
    ),
    put('challenges', verified, { condition: 'attribute_not_exists(pk)' }),
  ]
  if (tokenHash !== undefined)
    writes.push(put('challenges', { ...bound, pk: tokenPk(tokenHash), sweepAt: sweep(expiresAt) }))
  return writes
}

/** To CONSUMED, giving the try back where one was used. */
export function consumeWrite(challenge: Challenge, counter: Counter | undefined, now: number): Write {
  const back = counter ? `, ${counter} = ${counter} - :one` : ''
  return update('challenges', { pk: challenge.pk }, `SET #state = :consumed${back} REMOVE codeMac`, {
    condition: stillThere,
    values: { ...stillValues(challenge, now), consumed: 'CONSUMED', ...(counter && { one: 1 }) },
  })
}

/** Leaves the challenge as it was before a right code whose new secret was refused. */
export function giveBackWrite(challenge: Challenge, counter: Counter, now: number): Write {
  return update('challenges', { pk: challenge.pk }, `SET ${counter} = ${counter} - :one`, {
    condition: stillThere,
    values: { ...stillValues(challenge, now), one: 1 },
  })
}

/** What a reset token stands for. */
export type Token = Pick<
  Challenge,
  'flow' | 'challengeId' | 'userId' | 'epoch' | 'channel' | 'address' | 'expiresAt'
> & {
  readonly subject: string
  /** Set when a reset used it. */
  readonly usedAt?: number
}

/**
 * Presents a token: found by its hash alone, so there is nothing to compare, and counted (G2).
 * @returns what it stands for, or undefined when it is unknown or expired
 */
export async function presentToken(tokenHash: string, now: number): Promise<Token | undefined> {
  const result = await updateOne('challenges', { pk: tokenPk(tokenHash) }, 'ADD presented :one', {
    condition: 'attribute_exists(pk) AND expiresAt > :now',
    values: { one: 1, now },
  })
  return result.done ? (result.item as unknown as Token) : undefined
}

/** Marks a token as used, in the transaction that consumes what it stands for. */
export const useTokenWrite = (tokenHash: string, now: number): Write =>
  update('challenges', { pk: tokenPk(tokenHash) }, 'SET usedAt = :now', {
    condition: 'attribute_exists(pk)',
    values: { now },
  })
