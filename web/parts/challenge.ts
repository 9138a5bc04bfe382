/** An asked-for code as the page knows it: until when it works, when another may be asked for, how many tries are left. */
import { type Failure, isUnheard } from '../client.ts'
import { type FlowId, flows } from './flow-numbers.ts'

export interface Challenge {
  /** Unknown when the code was asked for elsewhere, or when the answer to asking was lost. */
  readonly flowId: string | undefined
  readonly lifeSeconds: number
  /** Epoch ms. */
  readonly expiresAt: number
  resendAt: number
  /** Of calls without a reference. Exact where the flow's id is known: then no one else's guesses count here. */
  triesLeft: number | undefined
  /** Typed from the message: calls that carry it have tries of their own, and no flow's id, for it may be a newer code's. */
  ref?: string | undefined
  /** Whether the reference can be typed: beside the code, or (`asked`) because the code may well be no good without it. */
  reference?: 'offered' | 'asked'
  /** Nobody asked here: whichever code is the newest one is meant. */
  readonly atHand?: true
  /** An answer has told that the code is right. */
  proved?: boolean
  /** Used up by refused secrets, or frozen: neither another try nor the reference helps. */
  over?: boolean
}

interface Asked {
  readonly flowId: string
  readonly expiresInSeconds: number
  readonly resendAfterSeconds: number
}

const inSeconds = (seconds: number) => Date.now() + seconds * 1000

export const newChallenge = (flow: FlowId, asked: Asked): Challenge => ({
  flowId: asked.flowId,
  lifeSeconds: asked.expiresInSeconds,
  expiresAt: inSeconds(asked.expiresInSeconds),
  resendAt: inSeconds(asked.resendAfterSeconds),
  triesLeft: flows[flow].triesPerCode,
})

/** A code that was not asked for here. @param agoSeconds how long it was sent ago, at least */
function earlierChallenge(flow: FlowId, agoSeconds: number, retryAfterSeconds: number): Challenge {
  const { codeLifeSeconds } = flows[flow]
  return {
    flowId: undefined,
    lifeSeconds: codeLifeSeconds,
    expiresAt: inSeconds(codeLifeSeconds - agoSeconds),
    resendAt: inSeconds(retryAfterSeconds),
    triesLeft: undefined,
    reference: 'offered',
  }
}

/** The hour of a budget of codes: what has to wait longer is frozen. */
const budgetSeconds = 3600

/** Whether recovery, or a sign-in, is closed to everybody: no code helps, whatever is typed beside it. */
export const isFrozen = ({ code, retryAfterSeconds = 0 }: Failure) =>
  code === 'TRIES_EXHAUSTED' && retryAfterSeconds > budgetSeconds

/** Whether the refusal of a new code leaves the one in the mailbox: strangers may have asked for it. */
export const mayBeAtHand = (failure: Failure) =>
  failure.code === 'RATE_LIMITED' || (failure.code === 'TRIES_EXHAUSTED' && !isFrozen(failure))

/** The code in the mailbox, whoever asked for it. @param failure of asking for another one */
export const challengeAtHand = (flow: FlowId, { retryAfterSeconds = 0 }: Failure): Challenge => ({
  ...earlierChallenge(flow, flows[flow].cooldownSeconds, retryAfterSeconds),
  reference: 'asked',
  atHand: true,
})

/**
 * What is known of the newest code after asking for another one failed.
 * @param present the one before, if any
 */
export function challengeAfter(
  failure: Failure,
  flow: FlowId,
  present: Challenge | undefined,
): Challenge | undefined {
  const { code, retryAfterSeconds = 0 } = failure
  // Sent within the cool-down, by another tab, before a reload, or by a stranger.
  if (code === 'RESEND_TOO_SOON')
    return earlierChallenge(flow, flows[flow].cooldownSeconds - retryAfterSeconds, retryAfterSeconds)
  if (present === undefined) return undefined
  const resendAt = inSeconds(retryAfterSeconds)
  if (mayBeAtHand(failure) && !isSpent(present)) return { reference: 'offered', ...present, resendAt }
  if (!isUnheard(failure)) return { ...present, resendAt }
  // It may have been replaced just now: then the newer one has its whole life and all its tries.
  const expiresAt = inSeconds(present.lifeSeconds)
  return { ...present, flowId: undefined, triesLeft: undefined, expiresAt, resendAt }
}

/** Whether no other could be asked for, and its view has something to say of this one. */
export const isStanding = (challenge: Challenge | undefined) =>
  challenge !== undefined &&
  challenge.resendAt > Date.now() &&
  (challenge.over === true || !isSpent(challenge))

/** The part of a body that names the challenge. */
export const namesOf = ({ flowId, ref }: Challenge) =>
  ref !== undefined ? { ref } : flowId !== undefined ? { flowId } : {}

/** Another code cannot be asked for before the service says so. */
export function waitAfter(challenge: Challenge, { retryAfterSeconds = 0 }: Failure): void {
  challenge.resendAt = Math.max(challenge.resendAt, inSeconds(retryAfterSeconds))
}

export const hasExpired = ({ expiresAt }: Challenge) => expiresAt <= Date.now()

/** Whether no further guess can be right. */
export const isSpent = (challenge: Challenge) =>
  challenge.over === true ||
  hasExpired(challenge) ||
  (challenge.triesLeft === 0 && challenge.reference !== 'asked')
