/** The checkpoint that a receipt is made from, where sealing lagged behind. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startClock } from '#local/clock.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { coveringCheckpoint } from '#shared/stores/covering-checkpoint.ts'
import { append } from '#shared/stores/ledger-append.ts'
import { sealLedger } from '#shared/stores/ledger-seal.ts'
import { loginOf, startLedger } from './services.ts'

const most = 2
const hour = 3600
const clock = startClock()
let world: Awaited<ReturnType<typeof startLedger>>
let seal: () => Promise<number[]>
let covering: (entry: Entry | undefined) => Promise<number | undefined>

beforeAll(async () => {
  world = await startLedger()
  seal = async () => {
    const sealed = await sealLedger({ clock: Date.now, leavesPerCheckpoint: most })
    return sealed.map(({ checkpoint }) => checkpoint.count)
  }
  covering = async (entry) => {
    if (entry === undefined) throw new Error('no entry')
    return (await coveringCheckpoint(entry, most))?.checkpoint.number
  }
})
afterAll(async () => {
  await world.close()
  clock.close()
})

let events = 0
async function appendTo(...users: string[]): Promise<void> {
  for (const userId of users) {
    events += 1
    const event = loginOf(`${userId}@example.com`, { userId })
    const row = { pk: 'S#test', sk: `event-${events}`, createdAt: Date.now(), kind: 'event', event } as const
    await world.database.transact([world.database.put('outbox', row)])
    await append(`identity/${userId}`, [{ row, person: { userId } }])
  }
}
const entriesOf = (userId: string) => world.entriesOf(`identity/${userId}`)

test('an entry that was written long after its backlog began is covered by a checkpoint dated before it', async () => {
  await appendTo('u-0')
  expect(await covering((await entriesOf('u-0'))[0])).toBeUndefined()
  expect(await seal()).toEqual([1])
  clock.advance(hour)
  await appendTo('u-1', 'u-2', 'u-3', 'u-4', 'u-5', 'u-6', 'u-7')
  clock.advance(hour)
  await appendTo('u-1', 'u-3', 'u-7')
  expect(await seal()).toEqual([2, 2, 2, 1])
  clock.advance(hour)
  await appendTo('u-1', 'u-7')
  expect(await seal()).toEqual([2])

  expect(await covering((await entriesOf('u-0'))[0])).toBe(1)
  const first = [
    ['u-1', [2, 2, 6]],
    ['u-3', [3, 3]],
    ['u-5', [4]],
    ['u-7', [5, 5, 6]],
  ] as const
  for (const [userId, numbers] of first) {
    const entries = await entriesOf(userId)
    expect([userId, await Promise.all(entries.map(covering))]).toEqual([userId, numbers])
  }
  await appendTo('u-1')
  expect(await covering((await entriesOf('u-1')).at(-1))).toBeUndefined()
})
