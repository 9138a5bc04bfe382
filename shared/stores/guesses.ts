/** Failed guesses in a row of an identity, over all its aliases. */
import { type GuessState, nextGuessState, noGuesses } from '../domain/guess-state.ts'
import { get, put, type Write } from './database.ts'
import { challengeKinds } from './keys.ts'

/** Failed guesses in a row, and freezes, are remembered for a year. */
const memorySeconds = 366 * 24 * 3600

export const guessKey = (userId: string) => challengeKinds.guesses.key(userId)

/** Strongly consistent. @throws Unavailable */
export async function readGuesses(userId: string): Promise<GuessState> {
  return guessesIn(await get('challenges', guessKey(userId)))
}

/** The guesses that an item counts; one of the version before need not have all of it. */
const guessesIn = (item: Partial<GuessState> | undefined): GuessState => ({ ...noGuesses, ...item })

/** Whether there is something to write: most successes find nothing to clear. */
export const isChanged = (read: GuessState, next: GuessState) =>
  read.fails !== next.fails || read.freezes !== next.freezes || read.frozenUntil !== next.frozenUntil

/** Holds only while the state is the one that was read: an unlock, which takes the item away, is not undone. */
export function guessWrite(userId: string, read: GuessState, next: GuessState, now: number): Write {
  const { fails, freezes, frozenUntil, rev } = next
  const sweepAt = Math.ceil(Math.max(now, frozenUntil ?? 0) / 1000) + memorySeconds
  const freeze = frozenUntil === undefined ? {} : { frozenUntil }
  return put(
    'challenges',
    { ...guessKey(userId), fails, freezes, rev, sweepAt, ...freeze },
    read.rev === 0
      ? { condition: 'attribute_not_exists(pk)' }
      : { condition: 'rev = :read', values: { read: read.rev } },
  )
}

/** @returns the state after guesses in their order, and the index of each that froze the identity. */
export function foldGuesses(
  read: GuessState,
  guesses: readonly ('failed' | 'cleared' | undefined)[],
  now: number,
): { readonly state: GuessState; readonly froze: ReadonlySet<number> } {
  let state = read
  const froze = new Set<number>()
  for (const [place, guess] of guesses.entries()) {
    if (guess === undefined) continue
    const next = nextGuessState(state, guess, now)
    state = next.state
    if (next.froze) froze.add(place)
  }
  return { state, froze }
}
