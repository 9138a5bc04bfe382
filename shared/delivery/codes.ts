/** Carries out an order of a code: look up, bind, send, record. Safe to repeat at any point. */

import { log } from '../call/log.ts'
import { flowOf } from '../contract/flows.ts'
import { signNothing } from '../crypto/code-proof.ts'
import { codeAsBefore, deriveCode, type MadeCode, sealCode } from '../crypto/codes.ts'
import { judgeOrder, type Sendable } from '../domain/sendable.ts'
import { countedSms } from '../domain/sms-breaker.ts'
import type { CodeRow, LedgerEvent } from '../events.ts'
import type { Judged } from '../judged.ts'
import { smsRules } from '../messages/sms-rules.ts'
import { settings } from '../settings.ts'
import {
  bindChallenge,
  decoyWrites,
  recordOrder,
  recordWrite,
  releaseBinding,
  takeOver,
} from '../stores/deliveries.ts'
import { findRecipient } from '../stores/first-reads.ts'
import { commit } from '../stores/transaction.ts'
import { type Patience, patiently } from './patience.ts'
import { send } from './send.ts'

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

/** Why a code is not sent that this worker has bound or taken over: nobody else is sending it. */
const changed = new Set(['address_changed', 'binding_changed'])

/**
 * Records that no code went out; whoever was meant gets a decoy in place of the binding. A challenge that is bound already may be
 * in the hands of another worker, which is not overtaken.
 * @returns false where another worker may be sending the code
 */
async function giveUp(row: CodeRow, reason: string, now: number, userId?: string): Promise<boolean> {
  const said = {
    type: 'CODE_NOT_SENT',
    outcome: 'failure',
    reason,
    ...(userId !== undefined && { userId }),
  } as const
  const order = recordWrite(row, eventOf(row, now, said))
  if (reason === 'sms-cap') log.error('SmsCapReached', { flow: row.order.flow })
  const { bind, budget } = decoyWrites(row.order, await signNothing(row.order.time), now)
  const unknown = userId === undefined ? budget : undefined
  let end = await commit({ order, bind, unknown })
  // A decoy's budget that is full is no reason to leave the order where it is.
  if (!end.committed && end.refusedBy === 'unknown') end = await commit({ order, bind })
  if (end.committed || end.refusedBy === 'order') return true
  if (!changed.has(reason)) {
    const held = await takeOver(row, end.met, now)
    if (held.refused === 'busy') return false
    if (held.refused === 'done') return true
  }
  await commit({ order })
  return true
}

async function record(row: CodeRow, { identity, channel, address }: Sendable, now: number): Promise<void> {
  const said = {
    type: 'CODE_SENT',
    outcome: 'success',
    channel,
    userId: identity.userId,
    ...countedSms('sent', row.order.flow, channel, address, row.order.time),
  } as const
  await recordOrder(row, eventOf(row, now, said))
}

/** Who gets a code, and until when guesses have frozen their recovery (epoch ms; 0: they have not). */
type Recipient = Sendable & { readonly frozenUntil: number }

/** Derives the code of an order, and binds its challenge to whom it is for. */
async function bind(
  row: CodeRow,
  { identity, channel, address, frozenUntil }: Recipient,
  now: number,
): Promise<Judged<MadeCode, string>> {
  const { challengeId, flow, key, sessionId, time } = row.order
  const named = { challengeId, flow, subject: key }
  const { code, ref } = await deriveCode(named, time)
  const bindings = { userId: identity.userId, epoch: identity.credentialEpoch, channel, address, ref }
  const binding = { ...named, ...bindings, sessionId }
  const sealed = await sealCode(binding, code, time)
  const bound = await bindChallenge(row, { ...bindings, ...sealed }, frozenUntil, now)
  if (bound.refused !== undefined) return bound
  // The address may have changed between two tries: the code goes where it was bound to, or nowhere.
  if (bound.address !== address) return { refused: 'address_changed' }
  // Bound by a try before this one, of another version perhaps: what is sent is what was bound, or nothing.
  const made = bound.codeMac === sealed.codeMac ? { code, ref } : await codeAsBefore(binding, bound)
  return made ?? { refused: 'binding_changed' }
}

/** @returns false where another worker may be sending the code */
async function bindAndSend(
  row: CodeRow,
  recipient: Recipient,
  now: number,
  patience: Patience,
): Promise<boolean> {
  const { order } = row
  const { identity, channel, address } = recipient
  const bound = await bind(row, recipient, now)
  if (bound.refused === 'busy') return false
  if (bound.refused === 'done') return true
  if (bound.refused !== undefined && bound.refused !== 'sent')
    return giveUp(row, bound.refused, now, identity.userId)
  if (bound.refused === undefined) {
    const { purpose } = flowOf(order.flow)
    const message = { template: 'code', ...bound, minutes: minutesLeft(order, now), purpose } as const
    await patiently(patience, () => send(channel, address, message, identity.locale))
  }
  await record(row, recipient, now)
  return true
}

/**
 * Sends the code of an order, or records why not. The same order always sends the same code.
 * @throws StillThrottled, what SES, SNS, KMS or DynamoDB answered, or Error where another worker has the order; it may be tried again
 */
export async function deliverCode(row: CodeRow, patience: Patience): Promise<void> {
  const { order } = row
  const now = Date.now()
  const { identity, frozenUntil } = await findRecipient(order.subject)
  const sendable = judgeOrder(order, identity, smsRules(settings()), now)
  const isDone =
    sendable.refused !== undefined
      ? await giveUp(row, sendable.refused, now)
      : await bindAndSend(row, { ...sendable, frozenUntil }, now, patience).catch(async (error) => {
          // Best effort: without it the next try waits for the binding's lease to end.
          await releaseBinding(order, now).catch(() => undefined)
          throw error
        })
  if (!isDone) throw new Error('Another worker has this code')
}
