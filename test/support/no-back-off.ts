/** The SDK tries again at once: what is tested is that it does, and how often; its pauses are its own. */
import { createRequire } from 'node:module'

interface BackOff {
  computeNextBackoffDelay(attempt: number): number
}
type Retrying = new (attempts: number) => { readonly retryBackoffStrategy: BackOff }

// The copy that the clients have.
const { StandardRetryStrategy } = createRequire(import.meta.url)('@smithy/core/retry') as {
  readonly StandardRetryStrategy: Retrying
}
const backOff = Object.getPrototypeOf(new StandardRetryStrategy(1).retryBackoffStrategy) as BackOff
backOff.computeNextBackoffDelay = () => 0
