/**
 * A notice's lease, `W#` and its row's id: who sends it now, and to which of its addresses it went. The row among the notices
 * is the mark that it is not done with.
 */
import { randomInt } from 'node:crypto'
import { Unavailable } from '../aws/unavailable.ts'
import type { MessageRow } from '../events.ts'
import type { Judged } from '../judged.ts'
import { check, type Item, removeOne, updateOne } from './database.ts'
import { leaseMs } from './deliveries.ts'
import { challengeKinds } from './keys.ts'
import { commit } from './transaction.ts'

const leaseMemorySeconds = 3 * 24 * 3600

const leaseKey = ({ sk }: MessageRow) => challengeKinds.lease.key(sk)
const rowKey = ({ pk, sk }: MessageRow) => ({ pk, sk })

/** Until when the holder has it, which is how a lease is told from another's; and places in the notice's `to` that are done. */
export interface Lease {
  readonly until: number
  readonly sent: readonly number[]
}

/**
 * Takes the lease on a notice. Only a row that was leased before may have been taken since: then it is looked for.
 * @returns the lease; or `busy` while another worker has it, `done` when the notice was taken care of
 * @throws Unavailable
 */
export async function leaseNotice(row: MessageRow, now: number): Promise<Judged<Lease, 'busy' | 'done'>> {
  // Told from every other lease, for the SDK may repeat what has worked and meet it.
  const until = now + leaseMs + randomInt(1_000_000) / 1_000_000
  const change = 'SET leaseUntil = :until, sweepAt = :sweepAt ADD leases :one'
  const result = await updateOne('challenges', leaseKey(row), change, {
    // `doneAt`: as the version before said it.
    condition: 'attribute_not_exists(doneAt) AND (attribute_not_exists(leaseUntil) OR leaseUntil <= :now)',
    values: {
      until,
      now,
      sweepAt: Math.ceil(now / 1000) + leaseMemorySeconds,
      one: 1,
    },
  })
  const met = result.done ? result.item : result.met
  if (met?.['doneAt'] !== undefined) return { refused: 'done' }
  const isOwn = met?.['leaseUntil'] === until
  const isFirst = isOwn && met?.['leases'] === 1
  if (!isFirst && !(await isThere(row))) return { refused: 'done' }
  return isOwn ? { until, sent: sentIn(met ?? {}) } : { refused: 'busy' }
}

const sentIn = ({ sent }: Item) => (sent ?? []) as number[]

async function isThere(row: MessageRow): Promise<boolean> {
  const there = check('notices', rowKey(row), { condition: 'attribute_exists(pk)' })
  return (await commit({ there })).committed
}

/** Lets the next try begin at once, unless another has it, where this one ended. @throws Unavailable */
export async function releaseNotice(row: MessageRow, { until, sent }: Lease): Promise<void> {
  const change = 'SET sent = :sent REMOVE leaseUntil'
  await updateOne('challenges', leaseKey(row), change, {
    condition: 'leaseUntil = :until',
    values: { until, sent },
  })
}

/** Takes away a notice that is done with. @throws Unavailable */
export async function takeNotice(row: MessageRow): Promise<void> {
  if (!(await removeOne('notices', rowKey(row), {})))
    throw new Unavailable('Another looked for the row of a notice just then')
}
