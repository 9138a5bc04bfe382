/** Changing a password behind a session: the present one is judged as at a sign-in, and so are answers about the new one. */

import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import type { Code, Detail } from '../contract/codes.ts'
import { secondsUntil } from '../domain/challenge.ts'
import type { Identity } from '../domain/identity.ts'
import { identitySubject } from '../domain/subject.ts'
import type { Judged } from '../judged.ts'
import { readLimits } from '../stores/first-reads.ts'
import { isNoted, noteWrite } from '../stores/limits.ts'
import { loginRegisters, loginStreaksKey, refusedSecretsRegister } from '../stores/logins.ts'
import { type Full, fullOf, recordWrite } from '../stores/registers.ts'
import { endSessionWrite, type Session } from '../stores/sessions.ts'
import { commit } from '../stores/transaction.ts'
import { tellEverywhere } from './confirm.ts'
import { limitReached, refuseFull } from './limits.ts'
import { isSpoken } from './refuse-secret.ts'
import {
  comparePassword,
  type PasswordTry,
  passwordLimits,
  refusePassword,
  refuseRight,
  rightPassword,
} from './sign-in.ts'

/**
 * Judges the present password of a session's identity.
 * @returns the try, whose limits the change must hold; or the answer
 * @throws Unavailable
 */
export async function tryPresentPassword(
  call: Call,
  identity: Identity,
  password: string,
): Promise<Judged<{ readonly tried: PasswordTry }, Reply>> {
  const { userId } = identity
  const subject = identitySubject(userId)
  const registers = loginRegisters(subject, call.source)
  const key = loginStreaksKey(userId, subject)
  const { full, streaks } = await readLimits(registers, key, call.now)
  if (full) return { refused: await refuseFull(call, full, { subject }) }
  const failed = {
    type: 'IDENTITY_CHANGED',
    outcome: 'failure',
    subject,
    userId,
    fields: ['password'],
  } as const
  const tried = { subject, registers, streaksKey: key, streaks, identity, failed }
  const { refused } = await comparePassword(identity, streaks, password)
  return refused !== undefined ? { refused: await refusePassword(call, tried, refused) } : { tried }
}

type ChangeCall = Call & { readonly session: Session }

/** The refusal beyond those that are allowed: the session ends, and the owner hears of it once an hour. */
async function refuseSpent(
  call: ChangeCall,
  { subject, identity }: PasswordTry,
  { register: { pk, name }, until, met }: Full,
): Promise<Reply> {
  const note = { key: { pk }, attribute: 'noted', window: until, met }
  const event = call.event(limitReached(name, { subject, userId: subject.value }))
  const told = identity ? tellEverywhere(call, identity, 'secretsRefused', event.id) : []
  const session = endSessionWrite(call.session)
  // Told in another session at the same moment, or ended meanwhile: what is left to do is done all the same.
  const choices = [
    ...(isNoted(note) ? [] : [{ session, told: [noteWrite(note), ...told] }]),
    { session, told: undefined },
    { session: undefined, told: undefined },
  ]
  for (const choice of choices) if ((await commit({ ...choice, event: event.write })).committed) break
  return refuse('RATE_LIMITED', { retryAfterSeconds: secondsUntil(until, call.now) })
}

/** Answers after the right present password, once the limits hold and, where it speaks of a secret, it is counted. */
async function answer(
  call: ChangeCall,
  tried: PasswordTry,
  said: { readonly reason: string; readonly counts: boolean; readonly reply: Reply },
): Promise<Reply> {
  const event = call.event({ ...tried.failed, reason: said.reason })
  const register = refusedSecretsRegister(tried.identity?.userId ?? '~')
  const end = await commit(
    {
      ...rightPassword(tried, 'refusal', call.now),
      refusals: said.counts ? recordWrite(register, call.now) : undefined,
      event: event.write,
    },
    passwordLimits,
  )
  if (end.committed) return said.reply
  if (end.refusedBy === 'refusals') return refuseSpent(call, tried, fullOf(register, end.met, call.now))
  return refuseRight(call, tried, end)
}

/**
 * Refuses the new password after the right present one. Answers that speak of a stored or leaked secret are counted first,
 * so many an hour and identity; the one after the last allowed ends the session, as it would spend a code (G2).
 * @throws Unavailable
 */
export const refuseNewSecret = (
  call: ChangeCall,
  tried: PasswordTry,
  code: Code,
  details?: readonly Detail[],
): Promise<Reply> =>
  answer(call, tried, {
    reason: code.toLowerCase(),
    counts: isSpoken(code),
    reply: refuse(code, details ? { details } : {}),
  })

/**
 * Refuses a change whose session ended while the new password was judged. It tells that this one is none of the stored ones
 * just as much, at no cost to whoever ends the session himself, so it counts with them.
 * @throws Unavailable
 */
export const refuseEnded = (call: ChangeCall, tried: PasswordTry): Promise<Reply> =>
  answer(call, tried, { reason: 'session_ended', counts: true, reply: refuse('SESSION_INVALID') })
