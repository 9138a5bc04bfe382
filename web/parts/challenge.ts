/** An asked-for code as the page knows it: until when it works, when another may be asked for, how many tries are left. */
import { type FlowId, flows } from './flow-numbers.ts'

export interface Challenge {
  /** Unknown when the code was asked for before this page was loaded. */
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
export function earlierChallenge(flow: FlowId, retryAfterSeconds: number): Challenge {
  const { codeLifeSeconds, cooldownSeconds } = flows[flow]
  return {
    flowId: undefined,
    lifeSeconds: codeLifeSeconds,
    expiresAt: inSeconds(codeLifeSeconds - cooldownSeconds + retryAfterSeconds),
    resendAt: inSeconds(retryAfterSeconds),
    triesLeft: undefined,
  }
}

/** The part of a body that names the challenge. */
export const flowIdOf = ({ flowId }: Challenge) => (flowId === undefined ? {} : { flowId })

export const hasExpired = ({ expiresAt }: Challenge) => expiresAt <= Date.now()

/** Whether no further guess can be right. */
export const isSpent = (challenge: Challenge) => challenge.triesLeft === 0 || hasExpired(challenge)
