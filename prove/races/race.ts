/** One race: many requests at once, and the one number that must come of it however they fall. */
import { strictEqual } from 'node:assert'
import type { EventType } from '#shared/events.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { atOnce, codeOf } from '#test/support/race.ts'
import type { Envelope, Response } from '#test/support/reply.ts'
import { itemsOf } from '#test/support/sessions-stored.ts'
import type { World } from '#test/support/world.ts'

export interface Ground {
  readonly world: World
  /** Requests at once; at least 60. */
  readonly many: number
  /** In half of the rounds makes the database and KMS refuse now and then, until `calm`. */
  readonly storm: () => void
  readonly calm: () => void
}

export interface Outcome {
  readonly requests: number
  /** What was counted, and what it had to be. */
  readonly counted: number
  readonly exactly: number
}

/** @throws AssertionError where something beside the count does not hold */
export type Race = (ground: Ground) => Promise<Outcome>

export type Reply = Response<Envelope>

/** All at once, under the storm of the round. */
export async function rush(
  { storm, calm }: Ground,
  count: number,
  call: (index: number) => Promise<Reply>,
): Promise<Reply[]> {
  storm()
  try {
    return await atOnce(count, call)
  } finally {
    calm()
  }
}

export const counted = (replies: readonly Reply[], code: string): number =>
  replies.filter((reply) => codeOf(reply) === code).length

export interface Answered {
  /** The last answer to each request. */
  readonly replies: readonly Reply[]
  /** All answers, those that were tried again after `UNAVAILABLE` too. */
  readonly all: readonly Reply[]
}

/**
 * All at once; whoever was told `UNAVAILABLE`, in a storm or by a machine too busy to answer in time, tries again after.
 * @throws AssertionError for any other answer than these
 */
export async function rushUntilAnswered(
  ground: Ground,
  count: number,
  call: (index: number) => Promise<Reply>,
  expected: readonly string[],
): Promise<Answered> {
  const replies = await rush(ground, count, call)
  const all = [...replies]
  for (let again = 0; counted(replies, 'UNAVAILABLE') > 0 && again < 8; again += 1) {
    const waiting = replies.flatMap((reply, index) => (codeOf(reply) === 'UNAVAILABLE' ? [index] : []))
    const late = await atOnce(waiting.length, (place) => call(waiting[place] ?? 0))
    for (const [place, index] of waiting.entries()) replies[index] = late[place] as Reply
    all.push(...late)
  }
  const others = replies.map(codeOf).filter((code) => !expected.includes(code))
  strictEqual(others.join(), '', `only ${expected.join(' and ')} are answered`)
  return { replies, all }
}

/** Entries that these requests left: what was done, whether or not its reply arrived. */
export async function recorded(
  { world }: Ground,
  { all }: Pick<Answered, 'all'>,
  type: EventType,
  outcome: Entry['outcome'],
): Promise<number> {
  await world.idle()
  const requests = new Set(all.map(({ headers }) => headers.get('x-request-id')))
  const entries = await itemsOf('ledger')
  return entries.filter(
    (entry) => entry.type === type && entry.outcome === outcome && requests.has(entry.requestId),
  ).length
}
