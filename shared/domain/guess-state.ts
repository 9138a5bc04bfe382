/** Failed guesses in a row of one identity, over all its aliases, and the freeze they lead to (NIST 800-63B 3.2.2). */
import { policy } from '../policy.ts'

export interface GuessState {
  readonly fails: number
  /** Freezes since the last success. */
  readonly freezes: number
  /** Epoch milliseconds; no code is sent before it. */
  readonly frozenUntil?: number
  /** Raised with every write. */
  readonly rev: number
}

export const noGuesses: GuessState = { fails: 0, freezes: 0, rev: 0 }

/**
 * Each freeze is as long as the first: longer ones would let a stranger shut an owner out for years (G5).
 * @param now of the guess, epoch milliseconds
 * @returns the state after a guess; `froze` when this one froze the identity
 */
export function nextGuessState(
  state: GuessState,
  guess: 'failed' | 'cleared',
  now: number,
): { readonly state: GuessState; readonly froze: boolean } {
  const rev = state.rev + 1
  if (guess === 'cleared') return { state: { ...noGuesses, rev }, froze: false }
  const fails = state.fails + 1
  if (fails < policy.failedGuessesBeforeFreeze) return { state: { ...state, fails, rev }, froze: false }
  const life = policy.freezeSeconds * 1000
  return { state: { fails: 0, freezes: state.freezes + 1, frozenUntil: now + life, rev }, froze: true }
}
