/** Challenges and their send registers, as they are asked for. Guesses and what follows them: `tries.ts`. */
import { type FlowId, flowOf } from '../contract/flows.ts'
import { budgetOf } from '../domain/address-budgets.ts'
import { type AskMet, type AskRefusal, askRefusal, type Challenge } from '../domain/challenge.ts'
import type { Device, Subject } from '../events.ts'
import type { Judged } from '../judged.ts'
import { settings } from '../settings.ts'
import { get, type Item, put, update, type Write } from './database.ts'
import { challengeKinds, type Key } from './keys.ts'
import { freezeKey, frozenUntilOf, type Note, notFrozenCheck } from './limits.ts'
import { fullUntil, perHour, recording, recordWrite, sweepAfter } from './registers.ts'
import { commit } from './transaction.ts'

export const challengeKey = challengeKinds.challenge.key
export const verifiedKey = challengeKinds.verified.key

/** A challenge with where it is stored: under `C#`, or under `V#` once its code was verified. */
export type StoredChallenge = Challenge & Key

/** When a challenge's item may go (epoch seconds). */
export const sweep = (expiresAt: number) => Math.ceil(expiresAt / 1000) + 7200

/** What makes an older challenge of the same item a new one. */
const unbound =
  'REMOVE userId, epoch, codeMac, codeKeyId, boundAt, sentAt, channel, address, #ref, notedTriesFlow, notedTriesOpen, notedTriesRef, frozenUntil'

export interface Ask {
  readonly flow: FlowId
  /** Subject key under which challenge and budget are kept. */
  readonly key: string
  readonly challengeId: string
  readonly source: string
  /** Whose failed guesses freeze this, where they do. */
  readonly freezeSubject?: Subject
  readonly now: number
  readonly sessionId?: string
}

/** The newest challenge of flow and subject: it replaces the older one and counts against the subject's budget. */
function issueWrite({ flow: id, key, challengeId, now, sessionId }: Ask): Write {
  const flow = flowOf(id)
  const limit = perHour(flow.codesPerSubjectHour)
  const { set, condition, values } = recording(limit, now)
  const expiresAt = now + flow.codeLifeSeconds * 1000
  const assignments = [
    set,
    // Whoever comes late with the older order must see whether it is being sent.
    'formerId = if_not_exists(challengeId, :none), formerBoundAt = if_not_exists(boundAt, :zero)',
    'challengeId = :id, #flow = :flow, #state = :issued',
    'triesFlow = :zero, triesOpen = :zero, triesRef = :zero, refusals = :zero',
    `expiresAt = :expiresAt, sweepAt = :sweepAt${sessionId ? ', sessionId = :sessionId' : ''}`,
  ]
  return update('challenges', challengeKey(id, key), `SET ${assignments.join(', ')} ${unbound}`, {
    condition: `${condition} AND (attribute_not_exists(s1) OR s1 <= :cooled)`,
    values: {
      ...values,
      cooled: now - flow.cooldownSeconds * 1000,
      id: challengeId,
      none: '',
      flow: id,
      issued: 'ISSUED',
      expiresAt,
      sweepAt: Math.max(sweep(expiresAt), sweepAfter(limit, now)),
      ...(sessionId && { sessionId }),
    },
  })
}

/** Send register of the sign-in codes of an identity. */
export const signInRegisterKey = (userId: string) => challengeKinds.ownRegister.key('login-mfa', userId)

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
  const expiresAt = now + flow.codeLifeSeconds * 1000
  const item = {
    ...challengeKey('login-mfa', challengeId),
    flow: 'login-mfa',
    challengeId,
    state: 'ISSUED',
    triesFlow: 0,
    triesOpen: 0,
    triesRef: 0,
    refusals: 0,
    device,
    expiresAt,
    sweepAt: sweep(expiresAt),
  }
  return {
    register: recordWrite({ ...signInRegisterKey(userId), limit: perHour(flow.codesPerSubjectHour) }, now),
    challenge: put('challenges', item, { condition: 'attribute_not_exists(pk)' }),
  }
}

const sourceLimit = (flow: FlowId) => perHour(budgetOf(settings().ADDRESS_BUDGETS, flow))

/** The budget of the caller's address in this flow. */
export function sourceWrite({ flow, source, now }: Pick<Ask, 'flow' | 'source' | 'now'>): Write {
  return recordWrite({ ...sourceKey(flow, source), limit: sourceLimit(flow) }, now)
}
const sourceKey = challengeKinds.source.key

/** The newest challenge of flow and subject, with its send register. @throws Unavailable */
export const readRegister = (flow: FlowId, key: string): Promise<Item | undefined> =>
  get('challenges', challengeKey(flow, key))

/**
 * When a new code may be asked for.
 * @param register of flow and subject, as it was met; a sign-in's challenge stands alone, its budget is read
 * @returns epoch ms, not before now
 * @throws Unavailable
 */
export async function newCodeAt(
  flow: FlowId,
  challenge: Pick<Challenge, 'userId'>,
  register: Item | undefined,
  now: number,
): Promise<number> {
  const { cooldownSeconds, codesPerSubjectHour, opensSession } = flowOf(flow)
  const { userId } = challenge
  const alone = opensSession && userId !== undefined
  const met = alone ? await get('challenges', signInRegisterKey(userId)) : register
  const cooledAt = Number(met?.['s1'] ?? 0) + cooldownSeconds * 1000
  return Math.max(now, cooledAt, fullUntil(met, perHour(codesPerSubjectHour), now))
}

/** A refusal of an ask, and the note its first occurrence leaves. */
export interface Refused {
  readonly refusal: AskRefusal
  readonly note: Note
}

/** The items that may refuse an ask, in the order in which their refusals are told. */
const askLimits = ['frozen', 'register', 'source'] as const
export type AskLimit = (typeof askLimits)[number]

/** Reads the item that refused an ask. */
export function readAskRefusal(
  ask: Pick<Ask, 'flow' | 'source' | 'freezeSubject' | 'now'> & { readonly registerKey: Key },
  by: AskLimit,
  item: Item | undefined,
): Refused {
  const flow = flowOf(ask.flow)
  const met: AskMet = {
    frozenUntil: by === 'frozen' ? frozenUntilOf(item) : 0,
    lastAskAt: by === 'register' ? Number(item?.['s1'] ?? 0) : 0,
    subjectFullUntil: by === 'register' ? fullUntil(item, perHour(flow.codesPerSubjectHour), ask.now) : 0,
    sourceFullUntil: by === 'source' ? fullUntil(item, sourceLimit(ask.flow), ask.now) : 0,
  }
  const refusal = askRefusal(met, flow, ask.now)
  if (refusal === undefined) throw new Error('An ask was refused for no known reason')
  const register = { key: ask.registerKey, met: item }
  const places = {
    frozen: {
      ...(ask.freezeSubject && { key: freezeKey(ask.freezeSubject) }),
      attribute: 'noted',
      met: item,
    },
    cooldown: { ...register, attribute: 'notedCooldown' },
    'codes-per-subject': { ...register, attribute: 'notedBudget' },
    'codes-per-ip': { key: sourceKey(ask.flow, ask.source), attribute: 'notedBudget', met: item },
  }
  return { refusal, note: { key: register.key, ...places[refusal.limit], window: refusal.until } }
}

/**
 * Issues a challenge, with the rows that go with it, or tells which limit refused. One transaction.
 * @param alongside further writes that must hold too, and whose refusal is told before any of the ask's own (G2)
 * @throws Unavailable
 */
export async function ask(
  order: Ask,
  rows: readonly Write[],
  alongside: readonly Write[] = [],
): Promise<Judged<object, Refused | { readonly alongside: Item | undefined }>> {
  const { freezeSubject } = order
  const end = await commit(
    {
      alongside,
      frozen: freezeSubject && notFrozenCheck(freezeSubject, order.now),
      register: issueWrite(order),
      source: sourceWrite(order),
      rows,
    },
    ['alongside', 'frozen'],
  )
  if (end.committed) return {}
  const { refusedBy, met } = end
  if (refusedBy === 'alongside') return { refused: { alongside: met } }
  if (refusedBy === 'rows') throw new Error('A row of the outbox was there before its call')
  const registerKey = challengeKey(order.flow, order.key)
  return { refused: readAskRefusal({ ...order, registerKey }, refusedBy, met) }
}
