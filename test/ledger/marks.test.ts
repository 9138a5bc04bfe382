/** Marks of chains that moved: made once in five minutes, and yet no head is missed by sealing, whoever remembers what, and whoever dies. */
import { createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startClock } from '#local/clock.ts'
import { runInvocation } from '#local/services/attribution.ts'
import { dirtyShard } from '#shared/ledger/chains.ts'
import type { Checkpoint } from '#shared/ledger/checkpoint.ts'
import * as keys from '#shared/stores/checkpoint-key.ts'
import * as checkpoints from '#shared/stores/checkpoints.ts'
import { append, type Memory } from '#shared/stores/ledger-append.ts'
import { sealLedger } from '#shared/stores/ledger-seal.ts'
import { isMarked, readMovedHeads } from '#shared/stores/moved-heads.ts'
import { sized } from '#test/support/whole.ts'
import { linesOf, sorted, verify } from './forge.ts'
import { loginOf, startLedger } from './services.ts'

let world: Awaited<ReturnType<typeof startLedger>>
const clock = startClock()

beforeAll(async () => {
  world = await startLedger()
  await seal()
})
afterAll(async () => {
  await world.close()
  clock.close()
})

const minute = 60
let events = 0

async function appendTo(userId: string, memory: Memory): Promise<void> {
  events += 1
  const event = loginOf(`${userId}@example.com`, { userId })
  const row = { pk: 'S#marks', sk: `mark-${events}`, createdAt: Date.now(), kind: 'event' as const, event }
  await world.database.transact([world.database.put('outbox', row)])
  await append(`identity/${userId}`, [{ row, person: { userId } }], memory)
}
const seal = () => sealLedger({ clock: Date.now })
const rowOf = (userId: string) => {
  const chain = `identity/${userId}`
  return world.database.get('seal', { pk: dirtyShard(chain), sk: chain })
}
const marksOf = async (userId: string) => (await rowOf(userId))?.['marks']

async function log() {
  const entries = sorted((await world.database.scan('ledger')).items)
  const made: Checkpoint[] = []
  for (let next = await checkpoints.readCheckpoint(1); next; ) {
    made.push(next)
    next = await checkpoints.readCheckpoint(made.length + 1)
  }
  return { entries, checkpoints: made }
}
async function uncovered(): Promise<number | undefined> {
  const { entries, checkpoints: made } = await log()
  const key = createPublicKey(await keys.publicKeyPem(process.env['KEY_CHECKPOINT'] ?? ''))
  return (await verify({ entries: linesOf(entries), checkpoints: linesOf(made) }, key)).uncovered
}

test('a mark holds for five minutes from its making, and in no time before it', () => {
  const m = 60_000
  expect([undefined, 10 * m].map((at) => isMarked(at, 10 * m))).toEqual([false, true])
  expect([isMarked(10 * m, 15 * m - 1), isMarked(10 * m, 15 * m), isMarked(10 * m, 10 * m - 1)]).toEqual([
    true,
    false,
    false,
  ])
})

test('a chain is marked once in five minutes, by each appender for itself', async () => {
  const [one, other]: Memory[] = [new Map(), new Map()]
  for (const memory of [one, one, one]) await appendTo('u-once', memory as Memory)
  expect(await marksOf('u-once')).toBe(1)
  await appendTo('u-once', other as Memory)
  expect(await marksOf('u-once')).toBe(2)
  clock.advance(5 * minute)
  await appendTo('u-once', one as Memory)
  expect(await marksOf('u-once')).toBe(3)
})

test('what a chain gained without a mark is sealed by its older one, and an idle chain is sealed once', async () => {
  const memory: Memory = new Map()
  const leafOf = async () =>
    (await seal())
      .flatMap(({ checkpoint }) => checkpoint.leaves)
      .find(({ chain }) => chain === 'identity/u-more')
  await appendTo('u-more', memory)
  expect(await leafOf()).toMatchObject({ seq: 1 })
  await appendTo('u-more', memory)
  expect(await readMovedHeads()).toMatchObject([{ chain: 'identity/u-more', seq: 2 }])
  expect(await leafOf()).toMatchObject({ seq: 2 })
  expect(await leafOf()).toBeUndefined()
  // The row stays while an appender may rely on it, and not for longer.
  expect(await rowOf('u-more')).toMatchObject({ sealed: 2 })
  clock.advance(9 * minute)
  await seal()
  expect(await rowOf('u-more')).toBeUndefined()
})

test('a row that the version before wrote is sealed by its head, and goes when it has not moved', async () => {
  const chain = 'identity/u-before'
  await appendTo('u-before', new Map())
  const { seq, hash, since } = (await rowOf('u-before')) ?? {}
  const row = { pk: dirtyShard(chain), sk: chain, seq, hash, since }
  await world.database.transact([world.database.put('seal', row)])
  expect((await readMovedHeads()).map(({ chain: name }) => name)).toContain(chain)
  await seal()
  expect(await rowOf('u-before')).toBeUndefined()
})

test('a row that was marked while it was sealed stays', async () => {
  const memory: Memory = new Map()
  await appendTo('u-during', memory)
  clock.advance(9 * minute)
  const whileSealing = world.services.faults
  whileSealing.post({ service: 's3', operation: 'PutObject', mode: 'slow', delayMs: 300, count: 1 })
  const sealing = seal()
  while (whileSealing.pending().length > 0) await new Promise(setImmediate)
  await appendTo('u-during', memory)
  await sealing
  expect(await readMovedHeads()).toMatchObject([{ chain: 'identity/u-during', seq: 2 }])
  await seal()
  expect(await uncovered()).toBe(0)
})

/** One thing that happens; two of them at once. */
const deed = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('append'), by: fc.nat(2), chain: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('seal'), by: fc.nat(0), chain: fc.nat(0) }) },
  // Dies at one of its calls, having worked or not.
  { weight: 1, arbitrary: fc.record({ what: fc.constant('killed'), by: fc.nat(40), chain: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('forgets'), by: fc.nat(2), chain: fc.nat(0) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('waits'), by: fc.nat(400), chain: fc.nat(0) }) },
)

test('appenders whose memories differ in age and sealers that die miss no head', async () => {
  let history = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(deed, deed), { minLength: 12, maxLength: 24 }), async (pairs) => {
      history += 1
      const memories: Memory[] = [new Map(), new Map(), new Map()]
      const does = async ({ what, by, chain }: (typeof pairs)[number][number]): Promise<unknown> => {
        if (what === 'append') return appendTo(`u-${history}-${chain}`, memories[by] ?? new Map())
        if (what === 'seal') return seal()
        if (what === 'forgets') return memories[by]?.clear()
        if (what === 'waits') return clock.advance(by)
        const mode = chain === 0 ? 'fail-before' : 'fail-after'
        world.services.faults.post({ function: 'dying', service: 'dynamodb', mode, skip: by, count: 50 })
        const died = await runInvocation({ function: 'dying', requestId: `d-${events}` }, seal).catch(() => 1)
        world.services.faults.post({ count: 0 })
        return died
      }
      for (const [one, other] of pairs) await Promise.all([does(one), does(other)])
      await seal()
      expect(await readMovedHeads()).toEqual([])
      expect(await uncovered()).toBe(0)
      clock.advance(9 * minute)
      await seal()
      expect((await world.database.scan('seal')).items.map(({ pk }) => pk)).toEqual(['checkpoint'])
    }),
    { numRuns: sized(2, 6) },
  )
}, 120_000)
