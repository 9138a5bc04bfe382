import { describe, expect, test } from 'vitest'
import { type GuessState, nextGuessState, noGuesses } from '#shared/domain/guess-state.ts'

const dayMs = 24 * 3600 * 1000
const now = 1_763_000_000_000

/** Fails `count` times in a row. */
function failing(state: GuessState, count: number, at = now): { state: GuessState; froze: number } {
  let [last, froze] = [state, 0]
  for (let guess = 0; guess < count; guess += 1) {
    const next = nextGuessState(last, 'failed', at)
    last = next.state
    froze += next.froze ? 1 : 0
  }
  return { state: last, froze }
}

describe('failed guesses in a row', () => {
  test('freeze at the hundredth, not before, for a day', () => {
    expect(failing(noGuesses, 99)).toEqual({ state: { fails: 99, freezes: 0, rev: 99 }, froze: 0 })
    expect(failing(noGuesses, 100)).toEqual({
      state: { fails: 0, freezes: 1, frozenUntil: now + dayMs, rev: 100 },
      froze: 1,
    })
  })

  test('freeze for a day each further time too: a stranger cannot shut an owner out for longer', () => {
    let state: GuessState = noGuesses
    for (const freezes of [1, 2, 3, 4]) {
      state = failing(state, 100).state
      expect(state).toMatchObject({ freezes, frozenUntil: now + dayMs })
    }
  })

  test('are forgotten with all freezes by a success', () => {
    const { state, froze } = nextGuessState(failing(noGuesses, 350).state, 'cleared', now)
    expect(froze).toBe(false)
    expect(state).toEqual({ fails: 0, freezes: 0, rev: 351 })
  })

  test('raise the revision each time, so that no write is made upon an older state', () => {
    const revs = ['failed', 'cleared', 'failed'] as const
    let state: GuessState = noGuesses
    for (const [place, guess] of revs.entries()) {
      state = nextGuessState(state, guess, now).state
      expect(state.rev).toBe(place + 1)
    }
  })
})
