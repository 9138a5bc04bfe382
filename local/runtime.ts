/** Runs a function as Lambda does: with a context, a time limit, and a name that its calls are booked under. */
import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import { runInvocation } from './services/attribution.ts'

export type Handler = (event: never, context: Context) => Promise<unknown>

export interface Invocation {
  readonly function: string
  readonly requestId: string
  readonly timeoutMs: number
}

/** The function did not answer in time. It cannot be killed inside this process; what it still does is not waited for. */
class TimedOut extends Error {
  constructor(invocation: Invocation) {
    super(`${invocation.function} did not answer within ${invocation.timeoutMs} ms`)
    this.name = 'TimedOut'
  }
}

/**
 * @returns what the handler returns.
 * @throws what the handler throws, or TimedOut.
 */
export async function invoke(handler: Handler, event: unknown, invocation: Invocation): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimedOut(invocation)), invocation.timeoutMs)
  })
  const run = runInvocation({ function: invocation.function, requestId: invocation.requestId }, async () =>
    handler(event as never, contextOf(invocation)),
  )
  try {
    return await Promise.race([run, timeout])
  } finally {
    clearTimeout(timer)
  }
}

function contextOf(invocation: Invocation): Context {
  // Not the Date of the moved clock: a jump must not eat the time that is left.
  const end = performance.now() + invocation.timeoutMs
  const name = `latchkey-${invocation.function}`
  const unused = () => undefined
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    memoryLimitInMB: '512',
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(end - performance.now())),
    done: unused,
    fail: unused,
    succeed: unused,
  }
}
