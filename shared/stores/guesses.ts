/** Failed guesses in a row of an identity, over all its aliases: `J#userId` of the challenges. */
import { type GuessState, nextGuessState, noGuesses } from '../domain/guess-state.ts'
import { get, put, type Write } from './database.ts'

export const guessKey = (userId: string) => ({ pk: `J#${userId}` })

/** Strongly consistent. @throws Unavailable */
export async function readGuesses(userId: string): Promise<GuessState> {
  const item = await get('challenges', guessKey(userId))
  return item ? { ...noGuesses, ...(item as Partial<GuessState>) } : noGuesses
}

/** Holds only while the state is the one that was read. */
export function guessWrite(userId: string, read: GuessState, next: GuessState): Write {
  const { fails, freezes, frozenUntil, rev } = next
  return put(
    'challenges',
    { ...guessKey(userId), fails, freezes, rev, ...(frozenUntil !== undefined && { frozenUntil }) },
    { condition: 'attribute_not_exists(pk) OR rev = :read', values: { read: read.rev } },
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
