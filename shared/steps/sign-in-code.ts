/** After a right password with MFA: a challenge of this login alone, with its own code and counters. */
import { callingCodeOf } from '../contract/schemas.ts'
import { newId } from '../crypto/tokens.ts'
import { addressOf, type Identity, signInChannel } from '../domain/identity.ts'
import { maskEmail, maskPhone } from '../domain/mask.ts'
import type { Call } from '../edge/call.ts'
import { done, type Reply } from '../edge/reply.ts'
import { readAskRefusal, signInPk, signInWrites, sourceWrite } from '../stores/challenges.ts'
import { transact } from '../stores/database.ts'
import { sameIdentityCheck, signInWrite } from '../stores/identities.ts'
import { notFrozenCheck } from '../stores/limits.ts'
import { askedData, askRows, refuseAsk } from './ask.ts'
import type { RightPassword } from './right-password.ts'
import { type PasswordTry, readRefusal, successWrites } from './sign-in.ts'

const flow = 'login-mfa'

/** The id given out carries the userId, so that failed guesses count for the right person before anything is read. */
export const signInChallengeId = (userId: string) => `${newId()}.${userId}`

/** @returns whose sign-in a challenge id claims to be, or undefined where it is none of ours. */
export function claimedUserId(challengeId: string): string | undefined {
  return /^[A-Za-z0-9_-]{22}\.([A-Za-z0-9_-]{1,64})$/.exec(challengeId)?.[1]
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
  const subject = { kind: 'identity', value: userId } as const
  const challengeId = signInChallengeId(userId)
  const asked = { flow, key: challengeId, subject, userId, epoch } as const
  const order = {
    flow,
    userId,
    challengeId,
    source: call.source,
    freezeSubject: subject,
    now: call.now,
  } as const
  const passed = successWrites(tried, call.now)
  const event = call.event({
    ...tried.failed,
    outcome: 'success',
    reason: 'mfa_required',
    factors: [{ group: 'KNOWLEDGE', method: 'password' }],
    ...(breachCheck && { breachCheck }),
  })
  const { register, challenge } = signInWrites(order, call.device)
  const verdict = await transact([
    ...passed,
    signInWrite(identity, { password: upgrade, breachCheck, signedIn: false }, call.now),
    register,
    sourceWrite(order),
    notFrozenCheck(subject, call.now),
    challenge,
    event.write,
    ...askRows(call, asked, challengeId),
  ])
  if (verdict.committed)
    return done('Enter the code we sent you to finish signing in.', {
      mfaRequired: true,
      challengeId,
      ...askedData(flow, challengeId),
      ...maskOf(identity),
    })
  const at = passed.length + 1
  const refused = readAskRefusal(
    { ...order, registerPk: signInPk(userId) },
    { register: verdict.met(at), source: verdict.met(at + 1), frozen: verdict.met(at + 2) },
  )
  const first = [...passed.keys(), passed.length].some((index) => verdict.refused(index))
  if (refused === undefined || first) return readRefusal(call, tried, verdict)
  // Any other answer tells that the password is right, so it too waits for the limits on passwords to hold (G2);
  // of several refusals DynamoDB need not name all.
  const held = await transact([...passed, sameIdentityCheck(identity)])
  return held.committed ? refuseAsk(call, asked, refused) : readRefusal(call, tried, held)
}
