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
  /** Exact where the flow's id is known: then no one else's guesses count here. */
  triesLeft: number | undefined
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

/** A code that was sent within the cool-down, by another tab or before a reload. */
function earlierChallenge(flow: FlowId, retryAfterSeconds: number): Challenge {
  const { codeLifeSeconds, cooldownSeconds } = flows[flow]
  return {
    flowId: undefined,
    lifeSeconds: codeLifeSeconds,
    expiresAt: inSeconds(codeLifeSeconds - cooldownSeconds + retryAfterSeconds),
    resendAt: inSeconds(retryAfterSeconds),
    triesLeft: undefined,
  }
}

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
  if (code === 'RESEND_TOO_SOON') return earlierChallenge(flow, retryAfterSeconds)
  if (present === undefined) return undefined
  const resendAt = inSeconds(retryAfterSeconds)
  if (!isUnheard(failure)) return { ...present, resendAt }
  // It may have been replaced just now: then the newer one has its whole life and all its tries.
  const expiresAt = inSeconds(present.lifeSeconds)
  return { ...present, flowId: undefined, triesLeft: undefined, expiresAt, resendAt }
}

/** Whether it can still be right, and no other could be asked for. */
export const isOnItsWay = (challenge: Challenge | undefined) =>
  challenge !== undefined && !isSpent(challenge) && challenge.resendAt > Date.now()

/** The part of a body that names the challenge. */
export const flowIdOf = ({ flowId }: Challenge) => (flowId === undefined ? {} : { flowId })

export const hasExpired = ({ expiresAt }: Challenge) => expiresAt <= Date.now()

/** Whether no further guess can be right. */
export const isSpent = (challenge: Challenge) => challenge.triesLeft === 0 || hasExpired(challenge)
