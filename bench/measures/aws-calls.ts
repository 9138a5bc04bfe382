/** [aws_calls.STEP] */
import { type Measured, measured } from '../figures.ts'
import { measureIn } from '../processes/ask.ts'
import type { CountedRequest } from '../processes/aws-calls.ts'

/** Calls that the agreement allows each step; the first sign-in after an import seals the password anew: one more. */
const most: Readonly<Record<string, number>> = {
  'request-code': 1,
  'request-code-for-pair': 4,
  'verify-code': 3,
  'reset-password': 6,
  'reset-pin': 6,
  login: 5,
}
const loginThatUpgrades = 6

function reachOf(step: string, calls: number): { most?: number } {
  if (step === 'login' && calls === loginThatUpgrades) return { most: loginThatUpgrades }
  const limit = most[step]
  return limit === undefined ? {} : { most: limit }
}

const linesOf = (requests: readonly CountedRequest[]) =>
  requests.map(({ path, calls }) => `${path}: ${calls.length} (${calls.join(', ')})`).join('\n       ')

export async function* countAwsCalls(): AsyncGenerator<Measured> {
  const requests = await measureIn<CountedRequest[]>('./aws-calls.ts')
  const steps = Object.entries(Object.groupBy(requests, ({ step }) => step))
  for (const [step, own = []] of steps) {
    if (step === 'admin') continue
    const calls = Math.max(...own.map((request) => request.calls.length))
    yield measured(`aws_calls.${step}`, calls, 'calls', reachOf(step, calls), linesOf(own))
  }
}
