/** Refusals by a limit: who is frozen, and the note that makes the first refusal of each window an entry. */
import { subjectKey } from '../domain/subject.ts'
import type { Subject } from '../events.ts'
import { policy } from '../policy.ts'
import { check, type Item, transact, update, type Write } from './database.ts'
import { challengeKinds } from './keys.ts'
import { perHour } from './registers.ts'

/** Failed guesses in a row are remembered for a year. */
const guessMemorySeconds = 366 * 24 * 3600

export const freezeKey = (subject: Subject) => challengeKinds.freeze.key(subjectKey(subject))
const notFrozen = '(attribute_not_exists(frozenUntil) OR frozenUntil <= :now)'

export const frozenUntilOf = (item: Item | undefined): number => Number(item?.['frozenUntil'] ?? 0)

/** Refuses the transaction while the subject is frozen. */
export const notFrozenCheck = (subject: Subject, now: number): Write =>
  check('challenges', freezeKey(subject), { condition: notFrozen, values: { now } })

/** Counts a failed guess, short of the one that freezes. */
export const countGuess = (subject: Subject, now: number): Write =>
  update(
    'challenges',
    freezeKey(subject),
    'SET fails = if_not_exists(fails, :zero) + :one, sweepAt = :sweep',
    {
      condition: `${notFrozen} AND (attribute_not_exists(fails) OR fails < :last)`,
      values: {
        now,
        zero: 0,
        one: 1,
        last: policy.failedGuessesBeforeFreeze - 1,
        sweep: Math.ceil(now / 1000) + guessMemorySeconds,
      },
    },
  )

/** The guess that freezes. */
export const freeze = (subject: Subject, now: number): Write =>
  update('challenges', freezeKey(subject), 'SET frozenUntil = :until, fails = :zero, sweepAt = :sweep', {
    condition: `${notFrozen} AND fails = :last`,
    values: {
      now,
      zero: 0,
      last: policy.failedGuessesBeforeFreeze - 1,
      until: now + policy.freezeSeconds * 1000,
      sweep: Math.ceil(now / 1000) + guessMemorySeconds,
    },
  })

/**
 * Notes the freeze on the challenge of the hundredth wrong guess too. That guess is mostly its last try, and whoever asks a challenge
 * without tries is answered from the challenge alone: so the answer can say how long the freeze lasts.
 */
export const markFrozen = (key: { readonly pk: string }, now: number): Write =>
  update('challenges', key, 'SET frozenUntil = :until', {
    values: { until: now + policy.freezeSeconds * 1000 },
  })

/** A right code clears the count. */
export const clearGuesses = (subject: Subject, now: number): Write =>
  update('challenges', freezeKey(subject), 'SET fails = :zero, sweepAt = :sweep', {
    condition: notFrozen,
    values: { now, zero: 0, sweep: Math.ceil(now / 1000) + guessMemorySeconds },
  })

/** Entries about guesses that no live challenge counted, of one address. */
export const uncountedRegister = (source: string) => ({
  ...challengeKinds.guessSource.key(source),
  limit: perHour(policy.uncountedGuessEntriesPerIpHour),
  name: 'uncounted-guesses',
})

/** A refusal that is due to be noted: where, in which attribute, and which window it belongs to. */
export interface Note {
  readonly key: { readonly pk: string }
  readonly attribute: string
  readonly window: number | string
  /** The item that refused: shows whether its window was noted before. */
  readonly met: Item | undefined
}

export const isNoted = ({ met, attribute, window }: Note): boolean => met?.[attribute] === window

/** Notes a window, once. */
export const noteWrite = ({ key, attribute, window }: Omit<Note, 'met'>): Write =>
  update('challenges', key, `SET #${attribute} = :window`, {
    condition: `#${attribute} <> :window`,
    values: { window },
  })

/** Writes the entry of a refusal if it is the first of its window. */
export async function noteRefusal(note: Note, event: Write): Promise<void> {
  if (!isNoted(note)) await transact([noteWrite(note), event])
}
