/** After a right password with MFA: a challenge of this login alone, with its own code and counters. */

import type { Call } from '../call/call.ts'
import { done, type Reply } from '../call/reply.ts'
import { callingCodeOf } from '../contract/phones.ts'
import { isUserId } from '../contract/user-id.ts'
import { newId } from '../crypto/tokens.ts'
import { addressOf, type Identity, signInChannel } from '../domain/identity.ts'
import { maskEmail, maskPhone } from '../domain/mask.ts'
import { identitySubject } from '../domain/subject.ts'
import { readAskRefusal, signInRegisterKey, signInWrites, sourceWrite } from '../stores/challenges.ts'
import { signInWrite } from '../stores/identity-changes.ts'
import { commit } from '../stores/transaction.ts'
import { askedData, askRows, refuseAsk } from './ask.ts'
import type { RightPassword } from './right-password.ts'
import { type PasswordTry, passwordLimits, refuseRight, rightPassword } from './sign-in.ts'

const flow = 'login-mfa'

/** The id given out carries the userId, so that failed guesses count for the right person before anything is read. */
const signInChallengeId = (userId: string) => `${newId()}.${userId}`

/** @returns whose sign-in a challenge id claims to be, or undefined where it is none of ours. */
export function claimedUserId(challengeId: string): string | undefined {
  const userId = /^[A-Za-z0-9_-]{22}\.(.+)$/.exec(challengeId)?.[1]
  return userId !== undefined && isUserId(userId) ? userId : undefined
}

function maskOf(identity: Identity): Record<string, string> {
  const channel = signInChannel(identity)
  const address = addressOf(identity, channel)
  if (address === undefined) return {}
  return channel === 'email'
    ? { maskedEmail: maskEmail(address) }
    : { maskedPhone: maskPhone(address, callingCodeOf(address)) }
}

/**
 * Commits the right password and issues the code: one transaction.
 * @throws Unavailable
 */
export async function askSignInCode(
  call: Call,
  tried: PasswordTry,
  identity: Identity,
  { upgrade, breachCheck }: RightPassword,
): Promise<Reply> {
  const { userId, credentialEpoch: epoch } = identity
  const subject = identitySubject(userId)
  const challengeId = signInChallengeId(userId)
  const asked = { flow, key: challengeId, subject, userId, epoch } as const
  const { now, source } = call
  const order = { flow, userId, challengeId, source, now } as const
  const event = call.event({
    ...tried.failed,
    outcome: 'success',
    reason: 'mfa_required',
    factors: [{ group: 'KNOWLEDGE', method: 'password' }],
    ...(breachCheck && { breachCheck }),
  })
  const { register, challenge } = signInWrites(order, call.device)
  const end = await commit(
    {
      ...rightPassword(tried, 'sign-in-with-code', now),
      identity: signInWrite(identity, { password: upgrade, breachCheck, signedIn: false }, now),
      register,
      source: sourceWrite(order),
      rows: [challenge, event.write, ...askRows(call, asked, challengeId)],
    },
    // Any other answer tells that the password is right, so it waits for these to hold (G2).
    [...passwordLimits, 'identity'],
  )
  if (end.committed)
    return done('Enter the code we sent you to finish signing in.', {
      outcome: 'MFA_REQUIRED',
      mfaRequired: true,
      challengeId,
      ...askedData(flow, challengeId),
      ...maskOf(identity),
    })
  const { refusedBy, met } = end
  if (refusedBy !== 'register' && refusedBy !== 'source') return refuseRight(call, tried, end)
  return refuseAsk(
    call,
    asked,
    readAskRefusal({ ...order, registerKey: signInRegisterKey(userId) }, refusedBy, met),
  )
}
