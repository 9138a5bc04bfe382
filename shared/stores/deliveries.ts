/** What is written as a code is sent: bindings, records. Conditions make it idempotent, tokens do not. */
import { type Channel, flowOf } from '../contract/flows.ts'
import type { SealedCode } from '../crypto/code-proof.ts'
import { randomRef } from '../crypto/codes.ts'
import { subjectKey } from '../domain/subject.ts'
import type { CodeOrder, CodeRow, LedgerEvent } from '../events.ts'
import type { Judged } from '../judged.ts'
import { challengeKey } from './challenges.ts'
import { check, type Item, noteOne, update, updateOne, type Write } from './database.ts'
import { challengeKinds } from './keys.ts'
import { perHour, recordWrite as registerWrite } from './registers.ts'
import { returnSmsPlace, takeSmsPlace } from './sms-cap.ts'
import { commit } from './transaction.ts'

/** So long a row is its worker's alone: longer than the worker may run, so that no two of them send at once. */
export const leaseMs = 30_000

export interface Binding extends SealedCode {
  readonly userId: string
  readonly epoch: number
  readonly channel: Channel
  readonly address: string
  readonly ref: string
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
  return [registerWrite({ ...key, limit: perHour(flow.codesPerSubjectHour) }, now)]
}

/**
 * Where the code of a challenge goes, or why it does not. `sent`: it went, since somebody gave it back. `busy`: another worker
 * may be sending it just now. `done`: its order has left the outbox.
 */
type Bound = Judged<SealedCode & { readonly address: string }, string>

/** When the challenge of an order was bound last, by its item or by that of the one that took its place. */
function boundAtOf(met: Item | undefined, { challengeId }: CodeOrder): number | undefined {
  if (met?.['challengeId'] === challengeId) return met['boundAt'] as number | undefined
  return met?.['formerId'] === challengeId ? (met['formerBoundAt'] as number) : undefined
}

/** Why the code of a challenge that nobody holds does not go, or undefined. */
function whyNot(met: Item | undefined, order: CodeOrder, now: number): string | undefined {
  if (met === undefined || met['challengeId'] !== order.challengeId) return 'superseded'
  const isSomebody = met['address'] !== undefined
  if (met['state'] !== 'ISSUED' && isSomebody) return 'sent'
  if (met['state'] !== 'ISSUED' || Number(met['expiresAt']) <= now) return 'expired'
  return isSomebody ? undefined : 'nobody'
}

/** The order is the mark that its code is not done with: it leaves the outbox with the record of what became of it. */
const stillOrdered = ({ pk, sk }: CodeRow): Write =>
  check('outbox', { pk, sk }, { condition: '#kind = :code', values: { code: 'code' } })

/**
 * A challenge that another try has bound. The binding is the lease: so long after it nobody else sends the code; then whoever
 * comes takes over, and the same code goes out again, to where it was bound to.
 */
export async function takeOver(row: CodeRow, met: Item | undefined, now: number): Promise<Bound> {
  const { order } = row
  const boundAt = boundAtOf(met, order) ?? 0
  const isHeld = boundAt + leaseMs > now
  const refused = isHeld ? 'busy' : whyNot(met, order, now)
  if (refused !== undefined && refused !== 'busy') return { refused }
  const values = { id: order.challengeId, boundAt, now }
  const lease = update('challenges', orderedKey(order), 'SET boundAt = :now', {
    condition: 'challengeId = :id AND boundAt = :boundAt',
    values,
  })
  const end = await commit({ order: stillOrdered(row), lease: isHeld ? undefined : lease }, ['order'])
  if (!end.committed) return { refused: end.refusedBy === 'order' ? 'done' : 'busy' }
  if (isHeld) return { refused: 'busy' }
  const { address, codeMac, codeKeyId } = met as unknown as Binding
  return { address, codeMac, codeKeyId }
}

/** Lets the next try begin at once, unless another has taken over. @param now as it was bound with */
export async function releaseBinding(order: CodeOrder, now: number): Promise<void> {
  await updateOne('challenges', orderedKey(order), 'SET boundAt = :never', {
    condition: 'challengeId = :id AND boundAt = :now',
    values: { id: order.challengeId, now, never: 0 },
  })
}

/**
 * Binds a challenge to the identity, its address and its epoch, with all budgets: one transaction, after a place among the
 * country's SMS was taken where it goes by SMS.
 * @param frozenUntil of the identity, as it was read before: the code that was in flight at that moment still goes (G5)
 * @throws Unavailable
 */
export async function bindChallenge(
  row: CodeRow,
  binding: Binding,
  frozenUntil: number,
  now: number,
): Promise<Bound> {
  const { order } = row
  const { userId, channel, address, codeMac, codeKeyId } = binding
  if (frozenUntil > now && flowOf(order.flow).subject !== 'identity')
    return refuseUnbound(row, 'identity-frozen', now)
  const cap = channel === 'sms' ? flowOf(order.flow).smsCap : undefined
  const full = cap && (await takeSmsPlace(cap, address, now))
  if (full !== undefined) return refuseUnbound(row, full, now)
  const end = await commit(
    {
      challenge: bindWrite(order, { ...binding }, now),
      'codes-per-identity': identityBudget(order, userId),
    },
    // Bound before, it may itself have taken the last place of a budget.
    ['challenge'],
  )
  if (end.committed) return { address, codeMac, codeKeyId }
  // Either it does not go, or it was bound before and has its place: an outage of the sender must not use up the day.
  if (cap !== undefined) await returnSmsPlace(cap, address, now)
  return end.refusedBy === 'challenge' ? takeOver(row, end.met, now) : { refused: end.refusedBy }
}

/** Binds nothing; but what was bound before may be sent already, and took its place then: that is told first. */
async function refuseUnbound(row: CodeRow, refused: string, now: number): Promise<Bound> {
  const { order } = row
  const condition = stillAwaited
  const challenge = check('challenges', orderedKey(order), { condition, values: awaitedValues(order, now) })
  const end = await commit({ challenge })
  return end.committed ? { refused } : takeOver(row, end.met, now)
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
 * @param sealed a proof of no code
 * @returns the writes to go with the record of why; either may be refused without harm
 */
export function decoyWrites(
  order: CodeOrder,
  sealed: SealedCode,
  now: number,
): { readonly bind: Write; readonly budget: Write[] } {
  const decoy = {
    nobody: order.subject.value.slice(0, 20).padEnd(20, '~'),
    epoch: 1_000_000_000_000,
    channel: flowOf(order.flow).channel,
    ref: randomRef(),
    ...sealed,
  }
  return {
    bind: bindWrite(order, decoy, now),
    budget: identityBudget(order, `~${subjectKey(order.subject)}`),
  }
}

/**
 * The order's row becomes its event's: one change, refused where another worker has recorded it. That it was put before the
 * workers again was the order's matter, and leaves with it.
 */
function recordOf(row: CodeRow, event: LedgerEvent) {
  const condition = '#kind = :code'
  const values = { code: 'code', kind: 'event', event, createdAt: event.time }
  return {
    key: { pk: row.pk, sk: row.sk },
    change: 'SET #kind = :kind, #event = :event, createdAt = :createdAt REMOVE #order, redrivenAt',
    expression: { condition, values },
  }
}

/** Records what became of an order, once. @throws Unavailable */
export async function recordOrder(row: CodeRow, event: LedgerEvent): Promise<void> {
  const { key, change, expression } = recordOf(row, event)
  await noteOne('outbox', key, change, expression)
}

/** The same as a write of a transaction. */
export function recordWrite(row: CodeRow, event: LedgerEvent): Write {
  const { key, change, expression } = recordOf(row, event)
  return update('outbox', key, change, expression)
}
