/** Refusing a new secret after a right proof. */

import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import type { Code, Detail } from '../contract/codes.ts'
import { secondsUntil } from '../domain/challenge.ts'
import { newCodeAt } from '../stores/challenges.ts'
import { commit } from '../stores/transaction.ts'
import { tellEverywhere } from './confirm.ts'
import { limitReached } from './limits.ts'
import { type Proof, provedEvent } from './proof.ts'

/** Answers that speak of a secret: of the present one, of those before it, or of one that leaked. */
const spoken: ReadonlySet<Code> = new Set<Code>(['PASSWORD_REUSED', 'PASSWORD_BREACHED', 'PIN_REUSED'])

/** Whether an answer speaks of a secret that is stored or known. */
export const isSpoken = (code: Code): boolean => spoken.has(code)

/** The refusal beyond those that are allowed: the proof is spent, and the owner hears of it. */
async function refuseSpent(call: Call, proof: Proof): Promise<Reply> {
  const { identity, challenge, flow } = proof
  const event = call.event(limitReached('refusals', provedEvent(proof)))
  const end = await commit({
    proof: proof.refusedOut,
    streak: proof.goesOn,
    event: event.write,
    told: tellEverywhere(call, identity, 'secretsRefused', event.id),
  })
  if (!end.committed) return proof.refuse('used')
  const until = await newCodeAt(flow, challenge, await proof.register(), call.now)
  return refuse('TRIES_EXHAUSTED', { retryAfterSeconds: secondsUntil(until, call.now) })
}

/**
 * Refuses a new secret. The proof stays as it was; but an answer that speaks of a secret is counted before it is given, over
 * code and token together, and the one after the last allowed spends the proof (G2).
 * @throws Unavailable
 */
export async function refuseSecret(
  call: Call,
  proof: Proof,
  code: Code,
  details?: readonly Detail[],
): Promise<Reply> {
  const event = call.event({ ...provedEvent(proof), outcome: 'failure', reason: code.toLowerCase() })
  const counts = isSpoken(code)
  const end = await commit(
    { streak: proof.goesOn, proof: counts ? proof.countRefusal : proof.giveBack, event: event.write },
    ['streak'],
  )
  if (end.committed) return refuse(code, details ? { details } : {})
  const spent = counts && end.refusedBy === 'proof' && end.met?.['state'] === proof.challenge.state
  return spent ? refuseSpent(call, proof) : proof.refuse('used')
}
