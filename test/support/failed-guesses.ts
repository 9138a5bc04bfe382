/** Failed guesses in a row as stored, so that tests need not make a hundred. Only once a world runs. */
import { subjectKey } from '#shared/domain/subject.ts'
import type { Subject } from '#shared/events.ts'
import { transact, update } from '#shared/stores/database.ts'
import type { RecoveryFlow } from './recovery.ts'
import { storedChallenge } from './stored.ts'
import type { TestIdentity } from './world.ts'

async function setFails(pk: string, fails: number): Promise<void> {
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

/** At codes of an identity, over all its aliases. */
export async function setFailedGuessesOf(userId: string, fails: number): Promise<void> {
  const change = 'SET fails = :fails, rev = if_not_exists(rev, :zero) + :one'
  await transact([
    update('challenges', { pk: `J#${userId}` }, change, { values: { fails, zero: 0, one: 1 } }),
  ])
}

/** At sign-in codes after the right password, over all sign-ins of an identity. */
export async function setWrongSignInCodes(userId: string, wrongCodes: number): Promise<void> {
  const change = 'SET wrongCodes = :wrongCodes'
  await transact([update('challenges', { pk: `L#${userId}` }, change, { values: { wrongCodes } })])
}

/** At step-up codes, of the session that a token is of. */
export async function setWrongStepUpCodes(token: string, wrongCodes: number): Promise<void> {
  const [userId = '', sessionId = ''] = token.split('.')
  const change = 'SET wrongCodes = :wrongCodes'
  await transact([update('sessions', { userId, sessionId }, change, { values: { wrongCodes } })])
}

/** Refusals of new secrets at the newest challenge of flow and person. */
export async function setRefusals(flow: RecoveryFlow, person: TestIdentity, refusals: number): Promise<void> {
  const pk = (await storedChallenge(flow, person))?.pk
  if (pk === undefined) throw new Error('No code was asked for')
  await transact([update('challenges', { pk }, 'SET refusals = :refusals', { values: { refusals } })])
}
