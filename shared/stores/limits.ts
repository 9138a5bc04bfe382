/** Refusals by a limit: who is frozen, and the note that makes the first refusal of each window an entry. */
import { subjectKey } from '../domain/subject.ts'
import type { Subject } from '../events.ts'
import { policy } from '../policy.ts'
import { check, type Item, transact, update, type Write } from './database.ts'

/** Failed guesses in a row are remembered for a year. */
const guessMemorySeconds = 366 * 24 * 3600

export const freezeKey = (subject: Subject) => ({ pk: `F#${subjectKey(subject)}` })
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

/** A right code clears the count. */
export const clearGuesses = (subject: Subject, now: number): Write =>
  update('challenges', freezeKey(subject), 'SET fails = :zero, sweepAt = :sweep', {
    condition: notFrozen,
    values: { now, zero: 0, sweep: Math.ceil(now / 1000) + guessMemorySeconds },
  })

/** A refusal that is due to be noted: where, in which attribute, and which window it belongs to. */
export interface Note {
  readonly key: { readonly pk: string }
  readonly attribute: string
  readonly window: number | string
  /** The item that refused: shows whether its window was noted before. */
  readonly met: Item | undefined
}

/** Writes the entry of a refusal if it is the first of its window. */
export async function noteRefusal(note: Note, event: Write): Promise<void> {
  if (note.met?.[note.attribute] === note.window) return
  const change = `SET #${note.attribute} = :window`
  const condition = `#${note.attribute} <> :window`
  await transact([
    update('challenges', note.key, change, { condition, values: { window: note.window } }),
    event,
  ])
}
