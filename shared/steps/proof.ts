/** What a reset stands on: a code, or the token a code was exchanged for. */

import type { Call } from '../call/call.ts'
import { type Reply, refuse } from '../call/reply.ts'
import type { FlowId } from '../contract/flows.ts'
import type { Body } from '../contract/schemas.ts'
import { proveCode } from '../crypto/codes.ts'
import { codeInToken } from '../crypto/tokens.ts'
import { bindingOf, type Challenge } from '../domain/challenge.ts'
import { addressOf, type Identity, isEligible } from '../domain/identity.ts'
import type { SignInStreaks } from '../domain/sign-in-streaks.ts'
import { subjectKey } from '../domain/subject.ts'
import type { EventType, LedgerEvent, Subject } from '../events.ts'
import type { Judged } from '../judged.ts'
import { readRegister } from '../stores/challenges.ts'
import type { Item, Write } from '../stores/database.ts'
import { presentToken } from '../stores/tokens.ts'
import { commit, type Writes } from '../stores/transaction.ts'
import { consumeWrite, giveBackWrite, refusalWrite, refusedOutWrite } from '../stores/tries.ts'
import { codeFactor } from './factors.ts'
import { orGiveBack } from './give-back.ts'
import { judgeCode } from './guess.ts'
import { pairOf } from './pair.ts'
import { type Guess, refuseCode } from './refuse-guess.ts'
import { freezeStreak } from './streak.ts'
import { typedSubject } from './typed.ts'

/** Whose secret is to be reset, as typed. */
export interface ResetSubject {
  readonly subject: Subject
  /** Subject key of the challenges. */
  readonly key: string
  /** The identifiers typed, which the new password must not hold. */
  readonly typed: { readonly email?: string; readonly username?: string; readonly phone?: string }
}

type ResetBody = Body<'emailReset'> | Body<'emailOtpReset'> | Body<'pairReset'> | Body<'pinReset'>

export function resetSubject(body: ResetBody): ResetSubject {
  if ('identifier' in body) {
    const { identifier, phone, key } = pairOf(body)
    return { subject: identifier, key, typed: { [identifier.kind]: identifier.value, phone } }
  }
  const subject = typedSubject(body)
  return { subject, key: subjectKey(subject), typed: { [subject.kind]: subject.value } }
}

/** A proof that holds so far. Its writes must commit with the change it allows. */
export interface Proof {
  readonly identity: Identity
  /** Failures in a row at signing in, where they were read. */
  readonly streaks?: SignInStreaks | undefined
  readonly challenge: Challenge
  readonly type: EventType
  readonly subject: Subject
  readonly flow: FlowId
  /** What its success says of failed guesses in a row: a token's were cleared when its code was verified. */
  readonly clears: Pick<LedgerEvent, 'guess'>
  /** Consumes the proof; the first of them refuses when it was used meanwhile. */
  readonly consume: readonly Write[]
  /** Holds while a frozen subject's code may be told to be right. */
  readonly goesOn: Writes
  /** Leaves the proof as it was. */
  readonly giveBack: readonly Write[]
  /** The same, but counts that a new secret was refused by what is stored or known of it. */
  readonly countRefusal: Write
  /** Consumes the proof whose refusals are used up. */
  readonly refusedOut: Write
  /** The send register of flow and subject: when a new code may be asked for. @throws Unavailable */
  readonly register: () => Promise<Item | undefined>
  /** Answers a proof that no longer holds, recording why. */
  readonly refuse: (reason: string) => Promise<Reply>
}

/** What an entry about a proved attempt says. */
export const provedEvent = (proof: Proof) => ({
  type: proof.type,
  subject: proof.subject,
  flow: proof.flow,
  userId: proof.identity.userId,
  otpVerified: true,
  factors: [codeFactor(proof.challenge.channel)],
})

/**
 * Proves the right to a reset and finds whose it is.
 * @param read of the identity, with what else the reset needs of it, in one call
 * @throws Unavailable
 */
export async function proveReset(
  call: Call<ResetBody, FlowId>,
  subject: ResetSubject,
  type: EventType,
  read: (
    userId: string,
  ) => Promise<{ readonly identity: Identity | undefined; readonly streaks?: SignInStreaks | undefined }>,
): Promise<Judged<Proof, Reply>> {
  const { body } = call
  const token = 'resetToken' in body ? body.resetToken : 'token' in body ? body.token : undefined
  const proof =
    token === undefined ? await byCode(call, subject, type) : await byToken(call, subject, type, token)
  if (proof.refused) return proof
  const { challenge } = proof
  const { identity, streaks } =
    challenge.userId === undefined
      ? { identity: undefined }
      : await orGiveBack(proof.giveBack, read(challenge.userId))
  const current =
    isEligible(identity) &&
    identity.credentialEpoch === challenge.epoch &&
    challenge.channel !== undefined &&
    addressOf(identity, challenge.channel) === challenge.address
  if (!current) return { refused: await proof.refuse('stale_epoch') }
  return { ...proof, identity, streaks, type, subject: subject.subject, flow: call.flow }
}

type HalfProof = Omit<Proof, 'identity' | 'streaks' | 'type' | 'subject' | 'flow'>

async function byCode(
  call: Call<ResetBody, FlowId>,
  { subject, key }: ResetSubject,
  type: EventType,
): Promise<Judged<HalfProof, Reply>> {
  const otp = 'otp' in call.body ? call.body.otp : undefined
  if (otp === undefined) throw new Error('A body without code and token passed its schema')
  const guess: Guess = {
    flow: call.flow,
    key,
    subject,
    otp,
    flowId: call.body.flowId,
    ref: call.body.ref,
    type,
    takesVerified: true,
    streak: freezeStreak(call, subject),
  }
  const judged = await judgeCode(call, guess)
  if (judged.refused) return judged
  const { challenge, counter } = judged
  return {
    challenge,
    clears: { guess: 'cleared' },
    consume: [consumeWrite(challenge, counter, call.now), ...[guess.streak.end ?? []].flat()],
    // A frozen subject's code is not told to be right, whatever becomes of the new secret.
    goesOn: guess.streak.goesOn,
    giveBack: [giveBackWrite(challenge, counter, call.now)],
    countRefusal: refusalWrite(challenge, counter, call.now),
    refusedOut: refusedOutWrite(challenge, call.now),
    register: () => readRegister(call.flow, key),
    refuse: (reason) => refuseCode(call, guess, reason, challenge),
  }
}

async function byToken(
  call: Call<ResetBody, FlowId>,
  { subject, key }: ResetSubject,
  type: EventType,
  token: string,
): Promise<Judged<HalfProof, Reply>> {
  const found = await presentToken(token, call.now)
  const meant =
    found !== undefined &&
    found.flow === call.flow &&
    found.subject === key &&
    (call.body.flowId === undefined || call.body.flowId === found.challengeId)
  const refuseToken = async (reason: string) => {
    const known = meant && found.userId !== undefined ? { userId: found.userId } : {}
    const event = { type, outcome: 'failure', reason, otpVerified: false, subject, flow: call.flow } as const
    await commit({ event: call.event({ ...event, ...known }).write })
    return refuse('TOKEN_INVALID')
  }
  if (!meant) return { refused: await refuseToken('unknown_token') }
  if (found.state !== 'VERIFIED') return { refused: await refuseToken('used') }
  // Whoever can write the table could put one there, but not with a code that was made for its owner (G17).
  const code = codeInToken(token)
  const genuine =
    found.codeMac !== undefined && (await proveCode(bindingOf(found, found.subject), code, found))
  if (!genuine) return { refused: await refuseToken('forged_token') }
  return {
    challenge: found,
    clears: {},
    consume: [consumeWrite(found, undefined, call.now)],
    goesOn: undefined,
    giveBack: [],
    countRefusal: refusalWrite(found, undefined, call.now),
    refusedOut: refusedOutWrite(found, call.now),
    register: () => readRegister(call.flow, key),
    refuse: refuseToken,
  }
}
