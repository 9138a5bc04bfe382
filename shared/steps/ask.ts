/** Asking for a code: what the steps that issue one share. No reply depends on whether anyone is meant. */

import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import { type FlowId, flowOf } from '../contract/flows.ts'
import { newId } from '../crypto/tokens.ts'
import { secondsUntil } from '../domain/challenge.ts'
import type { Subject } from '../events.ts'
import type { Judged } from '../judged.ts'
import { ask, type Refused } from '../stores/challenges.ts'
import type { Item, Write } from '../stores/database.ts'
import { noteRefusal } from '../stores/limits.ts'
import { codeRow } from '../stores/outbox.ts'
import { limitReached } from './limits.ts'

export interface Asked {
  readonly flow: FlowId
  /** Subject key of challenge and budget. */
  readonly key: string
  readonly subject: Subject
  /** The other half of a pair. */
  readonly phone?: string
  readonly userId?: string
  readonly sessionId?: string
  /** As an order has it. */
  readonly epoch?: number
}

/** Answers a refused ask, noting the first refusal of its window. */
export async function refuseAsk(
  call: Call,
  asked: Pick<Asked, 'flow' | 'subject' | 'userId'>,
  refused: Refused,
): Promise<Reply> {
  const { limit, until } = refused.refusal
  const { subject, userId } = asked
  const about = { subject, flow: asked.flow, ...(userId !== undefined && { userId }) }
  await noteRefusal(refused.note, call.event(limitReached(limit, about)).write)
  const code = { frozen: 'TRIES_EXHAUSTED', cooldown: 'RESEND_TOO_SOON' } as const
  return refuse(limit === 'frozen' || limit === 'cooldown' ? code[limit] : 'RATE_LIMITED', {
    retryAfterSeconds: secondsUntil(until, call.now),
  })
}

/** The event and the order of a new code, as outbox rows. */
export function askRows(call: Call, asked: Asked, challengeId: string): Write[] {
  const { flow, key, subject, userId, phone, epoch, sessionId } = asked
  const known = userId === undefined ? {} : { userId }
  const event = call.event({ type: 'CODE_REQUESTED', outcome: 'success', subject, flow, ...known })
  const order = {
    ...{ flow, challengeId, key, subject, requestId: call.requestId, time: call.now },
    ...(phone !== undefined && { phone }),
    ...(epoch !== undefined && { epoch }),
    ...(sessionId !== undefined && { sessionId }),
  }
  return [event.write, codeRow(order, `${event.id}#code`)]
}

/** What every reply to an ask tells. */
export const askedData = (flow: FlowId, flowId: string) => ({
  flowId,
  expiresInSeconds: flowOf(flow).codeLifeSeconds,
  resendAfterSeconds: flowOf(flow).cooldownSeconds,
})

/**
 * Issues a code: one transaction.
 * @param alongside writes that must hold too, with the reply to the item that one of them met
 * @returns the data of the reply, or the refusal
 * @throws Unavailable
 */
export async function issueCode(
  call: Call,
  asked: Asked,
  alongside?: {
    readonly writes: readonly Write[]
    readonly refuse: (met: Item | undefined) => Promise<Reply>
  },
): Promise<Judged<{ readonly data: ReturnType<typeof askedData> }, Reply>> {
  const { flow, key, subject, sessionId } = asked
  const challengeId = newId()
  const order = {
    ...{ flow, key, challengeId, source: call.source, now: call.now },
    ...(flowOf(flow).hundredth === 'freezes-recovery' && { freezeSubject: subject }),
    ...(sessionId !== undefined && { sessionId }),
  }
  const { refused } = await ask(order, askRows(call, asked, challengeId), alongside?.writes)
  if (!refused) return { data: askedData(flow, challengeId) }
  if ('refusal' in refused) return { refused: await refuseAsk(call, asked, refused) }
  if (alongside === undefined) throw new Error('Nothing stood alongside the ask')
  return { refused: await alongside.refuse(refused.alongside) }
}
