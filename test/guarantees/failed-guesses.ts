/** Failed guesses in a row as stored, so that tests need not make a hundred. Only once a world runs. */
import { subjectKey } from '#shared/domain/subject.ts'
import type { Subject } from '#shared/events.ts'

/** Sets them for a typed subject. */
export async function setFailedGuesses(subject: Subject, fails: number): Promise<void> {
  const { transact, update } = await import('#shared/stores/database.ts')
  const key = { pk: `F#${subjectKey(subject)}` }
  await transact([update('challenges', key, 'SET fails = :fails', { values: { fails } })])
}
