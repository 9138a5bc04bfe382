import type { DynamoDBRecord } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { log } from '#shared/call/log.ts'
import type { EventRow } from '#shared/events.ts'
import { leaseMs } from '#shared/stores/deliveries.ts'
import { readChain } from '#shared/stores/ledger.ts'
import { eventRow } from '#shared/stores/outbox.ts'
import { isDue, isWaiting, redrive as sweep } from '#shared/stores/outbox-sweep.ts'
import { handler as appendLedger } from '../../functions/workers/append-ledger.ts'
import { handler as sentinel } from '../../functions/workers/sentinel.ts'
import { messagesOlderThanMs } from '../../functions/workers/sweep-outbox.ts'
import { timeoutSeconds } from '../../infra/capacity.ts'
import { failedOf, loginOf, recordOf, startLedger, streamEvent } from './services.ts'

let world: Awaited<ReturnType<typeof startLedger>>
beforeAll(async () => {
  world = await startLedger()
})
afterAll(() => world.close())

/** Appends all that the outbox holds. */
async function drain(): Promise<void> {
  await appendLedger(streamEvent((await world.rowsOfOutbox()).map((row) => recordOf(row))))
}

const touched = (eventName: 'MODIFY' | 'REMOVE' | 'INSERT', seq: number | bigint): DynamoDBRecord => ({
  eventName,
  eventID: `stream-record-${seq}`,
  dynamodb: {
    Keys: { chain: { S: 'identity/u-1' }, seq: { N: String(seq) } },
    NewImage: { outcome: { S: 'forged' } },
    SequenceNumber: String(seq),
    ApproximateCreationDateTime: 1_763_000_000,
  },
})

describe('the sentinel', () => {
  test('says which entry was touched, without its content, where alarms read it', async () => {
    const lines: string[] = []
    const spy = vi
      .spyOn(log, 'critical')
      .mockImplementation((...line) => void lines.push(JSON.stringify(line)))
    await sentinel(streamEvent([touched('MODIFY', 7)]))
    spy.mockRestore()
    expect(lines).toEqual(['["ledger_tampered",{"change":"MODIFY","chain":"identity/u-1","seq":7}]'])
  })

  test('records each change in the ledger once, however often the stream brings it', async () => {
    const batch = streamEvent([touched('MODIFY', 7), touched('INSERT', 8), touched('REMOVE', 9)])
    for (let time = 0; time < 2; time += 1) {
      await sentinel(batch)
      await drain()
    }
    await sentinel(batch)
    expect(await world.rowsOfOutbox()).toEqual([])
    const entries = await world.entriesOf('system')
    expect(
      entries.map(({ type, reason, fields, time, userId }) => ({ type, reason, fields, time, userId })),
    ).toEqual([
      {
        type: 'LEDGER_TAMPERED',
        reason: 'entry_changed',
        fields: ['identity/u-1#7'],
        time: 1_763_000_000_000,
      },
      {
        type: 'LEDGER_TAMPERED',
        reason: 'entry_removed',
        fields: ['identity/u-1#9'],
        time: 1_763_000_000_000,
      },
    ])
  })

  test('is not stopped by a row whose number is beyond what is exact', async () => {
    expect(failedOf(await sentinel(streamEvent([touched('REMOVE', 2n ** 60n + 1n)])))).toEqual([])
    await drain()
    const entries = await world.entriesOf('system')
    expect(entries.at(-1)?.fields).toEqual(['identity/u-1#1152921504606846977'])
  })

  test('asks for a record again that it could not record', async () => {
    world.services.faults.post({
      service: 'dynamodb',
      operation: 'TransactWriteItems',
      mode: 'fail-before',
      count: 9,
    })
    expect(failedOf(await sentinel(streamEvent([touched('REMOVE', 20)])))).toEqual(['20'])
    world.services.faults.post({ service: 'dynamodb', mode: 'fail-before', count: 0 })
    expect(failedOf(await sentinel(streamEvent([touched('REMOVE', 20)])))).toEqual([])
    await drain()
    expect((await world.entriesOf('system')).at(-1)?.fields).toEqual(['identity/u-1#20'])
  })
})

describe('rows that are left over', () => {
  const options = { now: 1_000_000, olderThanMs: 120_000, limit: 10, backOff: true }

  test('are due after two minutes, and again after as long as they had waited', () => {
    expect(isDue({ kind: 'event', createdAt: 880_001 }, options)).toBe(false)
    expect(isDue({ kind: 'event', createdAt: 880_000 }, options)).toBe(true)
    expect(isDue({ kind: 'event', createdAt: 600_000, redrivenAt: 720_001 + 100_000 }, options)).toBe(false)
    expect(isDue({ kind: 'event', createdAt: 600_000, redrivenAt: 800_000 }, options)).toBe(true)
    expect(isDue({ kind: 'event', createdAt: 0, redrivenAt: 600_000 }, options)).toBe(false)
    expect(isDue({ kind: 'event', createdAt: 0, redrivenAt: 600_000 }, { ...options, backOff: false })).toBe(
      true,
    )
  })

  test('are put before the workers again, and the age of the oldest is told', async () => {
    const { transact } = world.database
    const now = Date.now()
    const made = (id: string, time: number) =>
      eventRow(loginOf(`${id}@example.com`, { userId: 'u-left', time }), id)
    await transact([made('old', now - 500_000), made('older', now - 600_000), made('new', now - 1000)])
    expect(await sweep({ now, olderThanMs: 120_000, limit: 10, backOff: true })).toEqual({
      redriven: 2,
      oldestMs: 600_000,
      behind: [],
    })
    expect(await sweep({ now, olderThanMs: 120_000, limit: 10, backOff: true })).toMatchObject({
      redriven: 0,
    })
    const rows = (await world.rowsOfOutbox()) as unknown as EventRow[]
    expect(new Map(rows.map((row) => [row.sk, row.redrivenAt]))).toEqual(
      new Map([
        ['old', now],
        ['older', now],
        ['new', undefined],
      ]),
    )
    await appendLedger(streamEvent(rows.map((row) => recordOf(row, 'MODIFY'))))
    const late = (await world.entriesOf('identity/u-left')).map((entry) => [entry.id, entry.late])
    expect(new Map(late as [string, boolean][])).toEqual(
      new Map([
        ['old', true],
        ['older', true],
        ['new', undefined],
      ]),
    )
  })

  test('wait where the stream should have brought them by now, and are neither due nor put back before', () => {
    const messages = { ...options, messagesOlderThanMs: 40_000 }
    const of = (kind: 'event' | 'code', age: number, redrivenAt?: number) =>
      isWaiting(
        { kind, createdAt: options.now - age, ...(redrivenAt !== undefined && { redrivenAt }) },
        messages,
      )
    expect([9_999, 10_000, 119_999, 120_000].map((age) => of('event', age))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect([9_999, 10_000, 39_999, 40_000].map((age) => of('code', age))).toEqual([false, true, true, false])
    expect(of('event', 60_000, options.now - 30_000)).toBe(false)
  })

  test('have lost their worker and its lease by the time they are put back', async () => {
    for (const sender of ['deliver', 'notify'] as const)
      expect(timeoutSeconds(sender) * 1000).toBeLessThan(leaseMs)
    expect(leaseMs).toBeLessThan(messagesOlderThanMs)
  })

  test('are left alone while more rows than so many wait for their worker, which is behind', async () => {
    const { transact } = world.database
    await appendLedger(streamEvent((await world.rowsOfOutbox()).map((row) => recordOf(row))))
    const now = Date.now()
    const rowOf = (id: string, age: number) =>
      eventRow(loginOf(`${id}@example.com`, { time: now - age }), `behind-${id}`)
    await transact([rowOf('w1', 10_000), rowOf('w2', 119_000), rowOf('due', 120_000), rowOf('young', 9000)])
    const scheduled = { now, olderThanMs: 120_000, messagesOlderThanMs: 40_000, limit: 10, backOff: true }
    expect(await sweep({ ...scheduled, mostWaiting: 1 })).toEqual({
      redriven: 0,
      oldestMs: 120_000,
      behind: ['append-ledger'],
    })
    expect(await sweep({ ...scheduled, mostWaiting: 2 })).toEqual({
      redriven: 1,
      oldestMs: 120_000,
      behind: [],
    })
  })

  test('of another worker than the one that is behind are put back', async () => {
    const { put, transact } = world.database
    const now = Date.now()
    const events = [1, 2].map((id) =>
      eventRow(loginOf(`${id}@example.com`, { time: now - 60_000 }), `both-${id}`),
    )
    const code = { pk: 'both', sk: 'code', kind: 'code', createdAt: now - 50_000 }
    await transact([...events, put('outbox', code)])
    const scheduled = { now, olderThanMs: 120_000, messagesOlderThanMs: 40_000, limit: 10, backOff: true }
    const { redriven, behind } = await sweep({ ...scheduled, mostWaiting: 1 })
    expect({ redriven, behind }).toEqual({ redriven: 1, behind: ['append-ledger'] })
    await transact([world.database.remove('outbox', { pk: 'both', sk: 'code' })])
  })

  test('are taken up to the limit', async () => {
    const { transact } = world.database
    for (const id of ['l1', 'l2', 'l3'])
      await transact([eventRow(loginOf(`${id}@example.com`, { time: 1 }), id)])
    expect(await sweep({ now: Date.now(), olderThanMs: 1000, limit: 2, backOff: true })).toMatchObject({
      redriven: 2,
    })
  })
})

describe('a page of an identity’s entries', () => {
  test('follows on from the one before, oldest first, without loss or repetition', async () => {
    const ids = Array.from({ length: 7 }, (_, n) => `p${n}`)
    for (const id of ids)
      await appendLedger(
        streamEvent([await world.record(loginOf('p@example.com', { userId: 'u-page' }), id)]),
      )
    const seen: string[][] = []
    let cursor: string | undefined
    do {
      const page = await readChain('u-page', cursor, 3)
      seen.push((page?.entries ?? []).map((entry) => entry.id))
      cursor = page?.nextCursor
    } while (cursor !== undefined)
    expect(seen.flat()).toEqual(ids)
    expect(seen[0]).toHaveLength(3)
  })

  test('is refused for a cursor that is not one of ours', async () => {
    for (const cursor of [
      '',
      'x',
      Buffer.from('seq:0').toString('base64url'),
      Buffer.from('seq:-1').toString('base64url'),
    ])
      expect(await readChain('u-page', cursor, 3)).toBeUndefined()
  })
})
