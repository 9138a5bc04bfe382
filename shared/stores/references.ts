/** Whom a notice was sent to, by its reference: the leases of the rows that one call wrote say so (ADR 0081). */
import { getSeveral } from './database.ts'
import { challengeKeys } from './keys.ts'

/** No call writes more rows: the largest change of an identity leaves an event and nine messages. */
const rowsOfCall = 16

/**
 * @param reference id of the event that a notice tells of; its first part names the call, and is enough
 * @returns the userId, or undefined where no notice of the last {@link policy.referenceDays} days has it
 * @throws Unavailable
 */
export async function personOfReference(reference: string): Promise<string | undefined> {
  const [call = ''] = reference.split('#')
  // The appender writes a message itself: of the freeze that an event brought.
  const frozen = reference.includes('#') ? [`${reference}#message`] : []
  const rows = Array.from({ length: rowsOfCall }, (_, place) => `${call}#${place + 1}`)
  const leases = await getSeveral(
    [...frozen, ...rows].map((row) => ({
      table: 'challenges' as const,
      key: { pk: `${challengeKeys.lease}${row}` },
    })),
  )
  const named = leases.find((lease) => lease?.['userId'] !== undefined)
  return named && String(named['userId'])
}
