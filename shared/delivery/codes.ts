/** Carries out an order of a code: look up, bind, send, record. Safe to repeat at any point. */

import { log } from '../call/log.ts'
import { flowOf } from '../contract/flows.ts'
import { deriveCode, sealCode } from '../crypto/codes.ts'
import { judgeOrder, type Sendable } from '../domain/sendable.ts'
import { countedSms } from '../domain/sms-breaker.ts'
import type { CodeRow, LedgerEvent } from '../events.ts'
import { bindChallenge, decoyWrites, deliveryEvent, sentWrite, takenWrites } from '../stores/deliveries.ts'
import { findRecipient } from '../stores/first-reads.ts'
import { commit, type Writes } from '../stores/transaction.ts'
import { send } from './send.ts'
import { smsRules } from './sms-rules.ts'

type Said = Pick<LedgerEvent, 'type' | 'outcome'> & Partial<LedgerEvent>

const graceMs = 15_000

const eventOf = ({ order }: CodeRow, time: number, said: Said): LedgerEvent => ({
  time,
  actor: 'system',
  subject: order.subject,
  flow: order.flow,
  requestId: order.requestId,
  ...said,
})

/** What a late message may still promise; a message takes a few seconds on its way in any case. */
function minutesLeft({ flow, time }: Pick<CodeRow['order'], 'flow' | 'time'>, now: number): number {
  const leftMs = time + flowOf(flow).codeLifeSeconds * 1000 - now
  return Math.max(1, Math.floor((leftMs + graceMs) / 60_000))
}

/** Commits the first choice that is not refused. */
async function commitFirst(...choices: readonly Readonly<Record<string, Writes>>[]): Promise<void> {
  for (const writes of choices) if ((await commit(writes)).committed) return
  // All choices end with the row's removal and a record under a fixed id: both were done before.
}

/** Records that no code went out; whoever was meant gets a decoy in place of the binding. */
async function giveUp(row: CodeRow, reason: string, now: number, userId?: string): Promise<void> {
  const said = {
    type: 'CODE_NOT_SENT',
    outcome: 'failure',
    reason,
    ...(userId !== undefined && { userId }),
  } as const
  const taken = takenWrites(row, now)
  const recorded = { event: deliveryEvent(row, 'not-sent', eventOf(row, now, said)), taken }
  const { bind, budget } = decoyWrites(row.order, now)
  const unknown = userId === undefined ? budget : undefined
  await commitFirst({ bind, unknown, ...recorded }, { bind, ...recorded }, recorded, { taken })
  if (reason === 'sms-cap') log.error('SmsCapReached', { flow: row.order.flow })
}

async function record(row: CodeRow, { identity, channel, address }: Sendable, now: number): Promise<void> {
  const said = {
    type: 'CODE_SENT',
    outcome: 'success',
    channel,
    userId: identity.userId,
    ...countedSms('sent', row.order.flow, channel, address, row.order.time),
  } as const
  const taken = takenWrites(row, now)
  const recorded = { event: deliveryEvent(row, 'sent', eventOf(row, now, said)), taken }
  await commitFirst({ sent: sentWrite(row.order, now), ...recorded }, recorded, { taken })
}

/**
 * Sends the code of an order, or records why not. The same order always sends the same code.
 * @throws what SES, SNS, KMS or DynamoDB answered; the order may be tried again
 */
export async function deliverCode(row: CodeRow): Promise<void> {
  const { order } = row
  const now = Date.now()
  const recipient = await findRecipient(order.subject)
  const sendable = judgeOrder(order, recipient.identity, smsRules(), now)
  if (sendable.refused !== undefined) return giveUp(row, sendable.refused, now)
  const { identity, channel, address } = sendable
  const { challengeId, flow, key, sessionId } = order
  const named = { challengeId, flow, subject: key }
  const { code, ref } = await deriveCode(named)
  const bindings = { userId: identity.userId, epoch: identity.credentialEpoch, channel, address, ref }
  const sealed = await sealCode({ ...named, ...bindings, sessionId }, code)
  const bound = await bindChallenge(order, { ...bindings, ...sealed }, recipient.frozenUntil, now)
  if (bound.refused === 'sent') return record(row, sendable, now)
  if (bound.refused !== undefined) return giveUp(row, bound.refused, now, identity.userId)
  // The address may have changed between two tries: the code goes where it was bound to, or nowhere.
  if (bound.address !== address) return giveUp(row, 'address_changed', now, identity.userId)
  const { purpose } = flowOf(order.flow)
  const message = { template: 'code', code, ref, minutes: minutesLeft(order, now), purpose } as const
  await send(channel, address, message, identity.locale)
  await record(row, sendable, now)
}
