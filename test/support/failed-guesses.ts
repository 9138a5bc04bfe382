/** Failed guesses in a row as stored, so that tests need not make a hundred. Only once a world runs. */
import { subjectKey } from '#shared/domain/subject.ts'
import type { Subject } from '#shared/events.ts'

async function setFails(pk: string, fails: number): Promise<void> {
  const { transact, update } = await import('#shared/stores/database.ts')
  await transact([update('challenges', { pk }, 'SET fails = :fails', { values: { fails } })])
}

/** At codes of a typed subject. */
export const setFailedGuesses = (subject: Subject, fails: number): Promise<void> =>
  setFails(`F#${subjectKey(subject)}`, fails)

/** At the password of an identity, over all its aliases. */
export const setFailedLogins = (userId: string, fails: number): Promise<void> =>
  setFails(`L#${userId}`, fails)

/** At passwords for a typed identifier that nobody has. */
export const setFailedLoginsOfNobody = (subject: Subject, fails: number): Promise<void> =>
  setFails(`L#~${subjectKey(subject)}`, fails)
