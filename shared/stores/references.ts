/** Whom a notice was sent to, by the reference in it: `N#reference`, one event each (ADR 0091). */
import { referenceCharacters } from '../contract/references.ts'
import { isShortReference } from '../contract/schemas.ts'
import { longestReference } from '../crypto/reference.ts'
import type { Message } from '../events.ts'
import { policy } from '../policy.ts'
import { getSeveral, noteOne, update, type Write } from './database.ts'
import { challengeKeys, challengeKinds } from './keys.ts'
import { commit } from './transaction.ts'

type Told = Pick<Message, 'userId' | 'eventId' | 'time'>

const daySeconds = 24 * 3600
const seconds = (ms: number) => Math.floor(ms / 1000)

/** Takes a reference where nobody has it, or just this event of this person, or whoever had it is long past finding. */
async function claim(
  reference: string,
  { userId, eventId, time }: Told,
  now: number,
  grant: Write | undefined,
): Promise<boolean> {
  const values = {
    ...{ userId, eventId },
    ...{ sweepAt: seconds(time) + policy.referenceDays * daySeconds, past: seconds(now) },
  }
  const change = 'SET userId = :userId, eventId = :eventId, sweepAt = :sweepAt'
  const key = challengeKinds.reference.key(reference)
  const condition =
    'attribute_not_exists(pk) OR (eventId = :eventId AND userId = :userId) OR sweepAt <= :past'
  const free = { condition, values }
  if (grant === undefined) return noteOne('challenges', key, change, free)
  return (await commit({ reference: update('challenges', key, change, free), grant })).committed
}

/**
 * Takes a reference that is no other event's, before a notice goes that has it in it: eight characters, one more as long as those
 * are taken. All notices of an event, and one that is sent again, come to the same.
 * @param grant behind the link in it, which is stored with the reference: one call for both
 * @param now epoch ms
 * @throws Unavailable
 */
export async function claimReference(told: Told, now: number, grant?: Write): Promise<string> {
  const longest = longestReference(told.eventId)
  for (let length: number = referenceCharacters.least; length <= referenceCharacters.most; length += 1) {
    const reference = longest.slice(0, length)
    if (await claim(reference, told, now, grant)) return reference
  }
  // By chance never (10^-23 with a hundred million of them): a defect, or somebody who wrote the table.
  throw new Error('Every reference of an event is taken')
}

/** No call wrote more rows: the largest change of an identity leaves an event and nine messages. */
const rowsOfCall = 16

/**
 * Before notices had short references they had the event's id, and the lease of each said whose it was. Its first part names
 * the call, and is enough. To be removed once {@link policy.referenceDays} have passed since 0.2.0.
 */
async function personOfEventId(eventId: string): Promise<string | undefined> {
  const [call = ''] = eventId.split('#')
  // The appender writes a message itself: of the freeze that an event brought.
  const frozen = eventId.includes('#') ? [`${eventId}#message`] : []
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

async function personOfShort(reference: string): Promise<string | undefined> {
  const [item] = await getSeveral([{ table: 'challenges', key: challengeKinds.reference.key(reference) }])
  return item !== undefined && Number(item['sweepAt']) > seconds(Date.now())
    ? String(item['userId'])
    : undefined
}

/**
 * @param reference as the schema reads it
 * @returns the userId, or undefined where no notice of the last {@link policy.referenceDays} days has it
 * @throws Unavailable
 */
export const personOfReference = (reference: string): Promise<string | undefined> =>
  isShortReference(reference) ? personOfShort(reference) : personOfEventId(reference)
