/** How clients of AWS are made here: with time-outs, and without the work that the SDK does on each call for others. */
import { policy } from '../policy.ts'

export const clientOptions = {
  maxAttempts: policy.callAttempts,
  requestHandler: {
    connectionTimeout: policy.callTimeoutMs,
    requestTimeout: policy.callTimeoutMs,
    throwOnRequestTimeout: true,
  },
  // The chain of steps is made once for each kind of call, not for each call.
  cacheMiddleware: true,
}

/** Steps of the SDK whose work nobody sees: one spells out the user agent anew for each call, one logs to nobody. */
export const idleSteps = ['getUserAgentMiddleware', 'loggerMiddleware'] as const

interface Client {
  readonly middlewareStack: { remove(name: string): boolean }
}

/** @returns the client, without the steps that only cost. */
export function lean<C extends Client>(client: C): C {
  for (const name of idleSteps) client.middlewareStack.remove(name)
  return client
}
