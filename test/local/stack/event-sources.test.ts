/** Which records reach which worker. */
import { describe, expect, test } from 'vitest'
import { matchesAny } from '#local/streams/filter.ts'
import { type StreamWorkerId, schedules, streamSources } from '#shared/event-sources.ts'
import type { TableId } from '#shared/tables.ts'

const row = (eventName: string, image: Record<string, unknown>) => ({
  eventName,
  dynamodb: { NewImage: image },
})
const kind = (name: string) => ({ kind: { S: name } })
const redriven = { redrivenAt: { N: '1' } }

const reaches = (record: unknown, table: TableId = 'outbox') =>
  (Object.keys(streamSources) as StreamWorkerId[]).filter(
    (worker) => streamSources[worker].table === table && matchesAny(streamSources[worker].filters, record),
  )

describe('outbox rows', () => {
  test.each([
    ['code', ['deliver']],
    ['message', ['deliver']],
    ['event', ['append-ledger']],
    ['other', []],
  ])('a new row of kind %s reaches %j', (name, workers) => {
    expect(reaches(row('INSERT', kind(name)))).toEqual(workers)
  })

  test('a changed order reaches its worker only when it was put before the workers again', () => {
    expect(reaches(row('MODIFY', kind('code')))).toEqual([])
    expect(reaches(row('MODIFY', { ...kind('event'), ...redriven }))).toEqual(['append-ledger'])
    expect(reaches(row('MODIFY', { ...kind('code'), ...redriven }))).toEqual(['deliver'])
  })

  test('a notice of its own table reaches its own worker, new or put before it again', () => {
    expect(reaches(row('INSERT', kind('message')), 'notices')).toEqual(['notify'])
    expect(reaches(row('MODIFY', { ...kind('message'), ...redriven }), 'notices')).toEqual(['notify'])
    expect(reaches(row('MODIFY', kind('message')), 'notices')).toEqual([])
  })

  test('no stream has more readers than two', () => {
    const sources = Object.values(streamSources)
    for (const { table } of sources)
      expect(sources.filter((source) => source.table === table).length).toBeLessThanOrEqual(2)
  })

  test('the order of a code that became its event reaches the appender', () => {
    expect(reaches(row('MODIFY', kind('event')))).toEqual(['append-ledger'])
  })

  test('a row that was taken reaches nobody', () => {
    expect(reaches({ eventName: 'REMOVE', dynamodb: { Keys: { pk: { S: 'a' } } } })).toEqual([])
  })

  test('a kind of the wrong type, or inherited, is none', () => {
    expect(reaches(row('INSERT', { kind: { N: 'event' } }))).toEqual([])
    expect(reaches(row('INSERT', Object.create({ kind: { S: 'event' } })))).toEqual([])
  })
})

test('the sentinel sees every change of the ledger but a new entry', () => {
  const sees = (eventName: string) => matchesAny(streamSources.sentinel.filters, { eventName })
  expect([sees('INSERT'), sees('MODIFY'), sees('REMOVE')]).toEqual([false, true, true])
})

test('the publisher sees new entries of the ledger, and no change of one', () => {
  const sees = (eventName: string) => matchesAny(streamSources.publish.filters, { eventName })
  expect([sees('INSERT'), sees('MODIFY'), sees('REMOVE')]).toEqual([true, false, false])
})

test('sealing comes every five minutes, sweeping and the watch over SMS every minute', () => {
  expect(schedules).toEqual({
    'seal-ledger': { everySeconds: 300 },
    'sweep-outbox': { everySeconds: 60 },
    'watch-sms': { everySeconds: 60 },
  })
})

test('patterns have the form that Lambda takes: leaves are lists of values or exists rules', () => {
  const leaves = (value: unknown): unknown[] =>
    Array.isArray(value) ? [value] : Object.values(value as object).flatMap(leaves)
  for (const { filters } of Object.values(streamSources)) {
    expect(leaves([...filters][0])).not.toHaveLength(0)
    for (const rules of leaves(Object.assign({}, ...filters)) as unknown[][]) {
      expect(
        rules.every((rule) => typeof rule === 'string' || Object.keys(rule as object)[0] === 'exists'),
      ).toBe(true)
    }
  }
})
