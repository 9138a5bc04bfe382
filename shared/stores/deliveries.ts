/** What the deliver worker writes: leases, bindings, caps. Conditions make it idempotent, tokens do not. */
import { randomBytes } from 'node:crypto'
import { type Channel, flowOf } from '../contract/flows.ts'
import { countryOf } from '../contract/schemas.ts'
import { randomRef } from '../crypto/codes.ts'
import { subjectKey } from '../domain/subject.ts'
import type { CodeOrder, LedgerEvent, OutboxRow } from '../events.ts'
import type { Judged } from '../judged.ts'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { challengeKey } from './challenges.ts'
import { check, type Item, remove, update, updateOne, type Write } from './database.ts'
import { challengeKinds } from './keys.ts'
import { eventRow } from './outbox.ts'
import { perHour, recordWrite } from './registers.ts'
import { commit } from './transaction.ts'

/** Longer than the worker may run, so that no two of them send at once. */
export const leaseMs = 30_000
const leaseMemorySeconds = 3 * 24 * 3600

const leaseKey = (row: OutboxRow) => challengeKinds.lease.key(row.sk)

/**
 * A notice's lease says whose it is, for as long as the reference in it leads to them (ADR 0081).
 * @returns whether this worker has the row, another has it, or it was taken care of.
 */
export async function lease(row: OutboxRow, now: number): Promise<'mine' | 'busy' | 'done'> {
  const userId = row.kind === 'message' ? row.message.userId : undefined
  const seconds = userId === undefined ? leaseMemorySeconds : policy.referenceDays * 24 * 3600
  const change = `SET leaseUntil = :until, sweepAt = :sweepAt${userId === undefined ? '' : ', userId = :userId'}`
  const result = await updateOne('challenges', leaseKey(row), change, {
    condition: 'attribute_not_exists(doneAt) AND (attribute_not_exists(leaseUntil) OR leaseUntil <= :now)',
    values: {
      until: now + leaseMs,
      now,
      sweepAt: Math.ceil(now / 1000) + seconds,
      ...(userId !== undefined && { userId }),
    },
  })
  if (result.done) return 'mine'
  return result.met?.['doneAt'] === undefined ? 'busy' : 'done'
}

/** Lets the next try begin at once. */
export async function releaseLease(row: OutboxRow): Promise<void> {
  await updateOne('challenges', leaseKey(row), 'REMOVE leaseUntil')
}

/** The row is taken: it leaves the outbox, and its lease stays as done. */
export const takenWrites = (row: OutboxRow, now: number): Write[] => [
  remove('outbox', { pk: row.pk, sk: row.sk }),
  update('challenges', leaseKey(row), 'SET doneAt = :now', { values: { now } }),
]

export const caps = ['recovery', 'signIn', 'notice'] as const
type Cap = (typeof caps)[number]
const isOver = (until: string) => `(attribute_not_exists(${until}) OR ${until} <= :now)`
export const capKey = (day: string, cap: Cap, country: string) => challengeKinds.cap.key(day, cap, country)

/** The day's count of SMS to a country; each cap has its own. The breaker pauses where it is counted, and so does an operator. */
export function capWrite(cap: Cap, phone: string, now: number): Write {
  const country = countryOf(phone) ?? ''
  const { SMS_DAILY_CAPS: perDay } = settings()
  const most = perDay[country] ?? perDay['default'] ?? policy.smsDailyCapPerCountry
  const day = new Date(now).toISOString().slice(0, 10)
  const room = '(attribute_not_exists(sent) OR sent < :most)'
  return update('challenges', capKey(day, cap, country), 'ADD sent :one SET sweepAt = :sweepAt', {
    condition: `${room} AND ${isOver('pausedUntil')} AND ${isOver('haltedUntil')}`,
    values: { one: 1, most, now, sweepAt: Math.ceil(now / 1000) + 2 * 24 * 3600 },
  })
}

export interface Binding {
  readonly userId: string
  readonly epoch: number
  readonly channel: Channel
  readonly address: string
  readonly ref: string
  readonly codeMac: string
  readonly codeKeyId: string
}

const stillAwaited =
  'challengeId = :id AND #state = :issued AND expiresAt > :now AND attribute_not_exists(boundAt)'
const awaitedValues = (order: CodeOrder, now: number) => ({ id: order.challengeId, issued: 'ISSUED', now })
const orderedKey = (order: CodeOrder) => challengeKey(order.flow, order.key)
/**
 * Budget of an identity over all its aliases; flows whose subject is the identity keep it when asked. Counted by the
 * time of the ask: by the worker's own, a code that came late would leave no room for one that may be asked for again.
 */
function identityBudget(order: CodeOrder, owner: string): Write[] {
  const now = order.time
  const flow = flowOf(order.flow)
  if (flow.subject === 'identity') return []
  const key = challengeKinds.identityRegister.key(order.flow, owner)
  return [recordWrite({ ...key, limit: perHour(flow.codesPerSubjectHour) }, now)]
}

/** Binds nothing; but what was bound before the freeze may be sent already, and that is told first. */
async function refuseFrozen(order: CodeOrder, now: number): Promise<Bound> {
  const values = awaitedValues(order, now)
  const awaited = check('challenges', orderedKey(order), { condition: stillAwaited, values })
  const end = await commit({ awaited })
  return end.committed ? { refused: 'identity-frozen' } : readMet(end.met, order, now)
}

/** Where a challenge is bound to: where it was before, if it is not known to be sent. The same code then goes out again. */
type Bound = Judged<{ readonly address: string }, string>

function readMet(met: Item | undefined, order: CodeOrder, now: number): Bound {
  if (met === undefined || met['challengeId'] !== order.challengeId) return { refused: 'superseded' }
  if (met['sentAt'] !== undefined) return { refused: 'sent' }
  if (met['state'] !== 'ISSUED' || Number(met['expiresAt']) <= now) return { refused: 'expired' }
  if (met['address'] === undefined) return { refused: 'nobody' }
  return { address: String(met['address']) }
}

/**
 * Binds a challenge to the identity, its address and its epoch, with all budgets. One transaction.
 * @param frozenUntil of the identity, as it was read before: the code that was in flight at that moment still goes (G5)
 * @throws Unavailable
 */
export async function bindChallenge(
  order: CodeOrder,
  binding: Binding,
  frozenUntil: number,
  now: number,
): Promise<Bound> {
  const { userId, channel, address } = binding
  if (frozenUntil > now && flowOf(order.flow).subject !== 'identity') return refuseFrozen(order, now)
  const end = await commit(
    {
      challenge: bindWrite(order, { ...binding }, now),
      'codes-per-identity': identityBudget(order, userId),
      'sms-cap': channel === 'sms' ? capWrite(flowOf(order.flow).smsCap, address, now) : undefined,
    },
    // Bound before, it may itself have taken the last place of a budget.
    ['challenge'],
  )
  if (end.committed) return { address }
  if (end.refusedBy === 'challenge') return readMet(end.met, order, now)
  const paused = ['pausedUntil', 'haltedUntil'].some((name) => Number(end.met?.[name] ?? 0) > now)
  return { refused: paused ? 'sms-paused' : end.refusedBy }
}

const bindWrite = (order: CodeOrder, attributes: Readonly<Record<string, unknown>>, now: number): Write =>
  update(
    'challenges',
    orderedKey(order),
    `SET ${Object.keys(attributes)
      .map((name) => `#${name} = :${name}`)
      .join(', ')}, boundAt = :now`,
    { condition: stillAwaited, values: { ...awaitedValues(order, now), ...attributes } },
  )

/**
 * Binds a challenge to nobody, in the same shape, so that its item cannot be told from a real one (G1).
 * @returns the writes to go with the record of why; either may be refused without harm
 */
export function decoyWrites(
  order: CodeOrder,
  now: number,
): { readonly bind: Write; readonly budget: Write[] } {
  const decoy = {
    nobody: order.subject.value.slice(0, 20).padEnd(20, '~'),
    epoch: 1_000_000_000_000,
    channel: flowOf(order.flow).channel,
    ref: randomRef(),
    codeMac: randomBytes(32).toString('base64'),
    codeKeyId: settings().KEY_CODE,
  }
  return {
    bind: bindWrite(order, decoy, now),
    budget: identityBudget(order, `~${subjectKey(order.subject)}`),
  }
}

/** Notes that the code went out, unless another challenge took its place. */
export const sentWrite = (order: CodeOrder, now: number): Write =>
  update('challenges', orderedKey(order), 'SET sentAt = :now', {
    condition: 'challengeId = :id',
    values: { now, id: order.challengeId },
  })

/** An event of the worker, with an id that a repetition cannot double. */
export const deliveryEvent = (row: OutboxRow, suffix: string, event: LedgerEvent): Write =>
  eventRow(event, `${row.sk}#${suffix}`)
