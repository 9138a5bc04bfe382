/** Refusing a PIN. The commit decides: at most ten wrong ones in a row are answered (G2). */

import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import { type Identity, isLockedByWrongPins } from '../domain/identity.ts'
import { identitySubject } from '../domain/subject.ts'
import type { Item } from '../stores/database.ts'
import { countWrongPinWrite, lockPinWrite } from '../stores/identity-changes.ts'
import { commit } from '../stores/transaction.ts'

type PinCall = Call & { readonly identity: Identity }

/** What all entries of a PIN's proof say. */
export const pinSaid = ({ userId }: Identity) =>
  ({ type: 'PIN_VERIFIED', subject: identitySubject(userId), userId }) as const

/** Answers a PIN whose commit was refused: wrong ones have locked it, or the session ended while it was judged. */
export async function refuseHeldPin(call: PinCall, met: Item | undefined): Promise<Reply> {
  if (isLockedByWrongPins(met)) return refuse('PIN_LOCKED')
  const ended = call.event({ ...pinSaid(call.identity), outcome: 'failure', reason: 'session_ended' })
  await commit({ event: ended.write })
  return refuse('SESSION_INVALID')
}

/** Counts a wrong PIN; the tenth in a row locks. @throws Unavailable */
export async function refuseWrongPin(call: PinCall): Promise<Reply> {
  const { identity, now } = call
  const said = pinSaid(identity)
  const event = call.event({ ...said, outcome: 'failure', reason: 'wrong_pin' }).write
  const locked = call.event({ ...said, type: 'PIN_LOCKED', outcome: 'success', reason: 'wrong_pins' }).write
  const choices = [
    { pin: countWrongPinWrite(identity, now), event, locked: undefined },
    { pin: lockPinWrite(identity, now), event, locked },
  ]
  let met: Item | undefined
  // Twice, for a right PIN in between starts the row anew.
  for (const choice of [...choices, ...choices]) {
    const end = await commit(choice)
    if (end.committed) return refuse('PIN_INVALID')
    met = end.met
  }
  return refuseHeldPin(call, met)
}
