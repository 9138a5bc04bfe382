import { EventBridgeClient, PutEventsCommand, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { settingsOf } from '#local/services/environment.ts'
import { openKeys } from '#local/services/kms-keys.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { publish } from '#shared/stores/event-bus.ts'
import { failedOf, recordOf, streamEvent } from '#test/ledger/services.ts'
import { handler } from '../../functions/workers/publish.ts'

const bus = mockClient(EventBridgeClient)
let restore = () => {}
beforeAll(() => {
  restore = applyEnvironment(settingsOf(openKeys(undefined), {}, { EVENT_BUS: 'team' }))
})
afterAll(() => {
  bus.restore()
  restore()
})

const entry = (seq: number, more: object = {}): Entry =>
  ({
    id: `e-${seq}`,
    type: 'LOGIN',
    time: 1_763_000_000_000,
    actor: 'subject',
    outcome: 'success',
    requestId: 'r-1',
    policyVersion: 'p-1',
    chain: 'identity/u-1',
    seq,
    prevHash: '0'.repeat(64),
    writtenAt: 1_763_000_000_500,
    hash: '1'.repeat(64),
    userId: 'u-1',
    ...more,
  }) as Entry
const entries = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, at) => entry(at + 1, more))

/** Ids of the entries of each call. */
let calls: string[][] = []
/** Answers each event by its id: a code where it fails. */
function answer(codeOf: (id: string, call: number) => string | undefined): void {
  bus.on(PutEventsCommand).callsFake(({ Entries = [] }: PutEventsCommandInput) => {
    const ids = Entries.map(({ Detail = '' }) => (JSON.parse(Detail) as { id: string }).id)
    calls.push(ids)
    const results = ids.map((id) => {
      const code = codeOf(id, calls.length)
      return code === undefined ? { EventId: id } : { ErrorCode: code }
    })
    return { Entries: results }
  })
}
beforeEach(() => {
  calls = []
  bus.reset()
})
afterEach(() => bus.reset())

describe('a batch', () => {
  test('goes in calls of ten at most', async () => {
    answer(() => undefined)
    expect(await publish(entries(23))).toEqual({ published: 23 })
    expect(calls.map((ids) => ids.length)).toEqual([10, 10, 3])
    expect(calls.flat()).toEqual(entries(23).map(({ id }) => id))
  })

  test('goes in calls of 256 KB at most, as EventBridge counts them', async () => {
    answer(() => undefined)
    const large = entries(5, { flow: 'x'.repeat(100_000) })
    expect(await publish(large)).toEqual({ published: 5 })
    expect(calls.map((ids) => ids.length)).toEqual([2, 2, 1])
  })

  test('names source, type, time and bus', async () => {
    answer(() => undefined)
    await publish([entry(1)])
    const [call] = bus.commandCalls(PutEventsCommand)
    expect(call?.args[0].input.Entries?.[0]).toMatchObject({
      EventBusName: 'team',
      Source: 'latchkey',
      DetailType: 'LOGIN',
      Time: new Date(1_763_000_000_000),
    })
  })
})

describe('where EventBridge takes some events of a call', () => {
  test('the others alone are tried again', async () => {
    answer((id, call) => (call === 1 && ['e-2', 'e-5'].includes(id) ? 'ThrottlingException' : undefined))
    expect(await publish(entries(6))).toEqual({ published: 6 })
    expect(calls.slice(1)).toEqual([['e-2', 'e-5']])
  })

  test('and goes on to refuse one, that one is named to Lambda, and nothing is sent after its call', async () => {
    answer((id) => (id === 'e-3' ? 'InternalFailure' : undefined))
    const records = entries(15).map((each) => recordOf(each))
    const response = await handler(streamEvent(records))
    expect(failedOf(response)).toEqual([records[2]?.dynamodb?.SequenceNumber])
    expect(calls.slice(1)).toEqual([['e-3'], ['e-3']])
  })

  test('those before it are not sent again', async () => {
    answer((id) => (id === 'e-12' ? 'InternalFailure' : undefined))
    expect(await publish(entries(15))).toMatchObject({ published: 11, error: { name: 'EventRefused' } })
  })
})

test('a call that fails whole is named by its first event', async () => {
  bus
    .on(PutEventsCommand)
    .resolvesOnce({ Entries: entries(10).map(({ id }) => ({ EventId: id })) })
    .rejects(new Error('gone'))
  expect(await publish(entries(12))).toMatchObject({ published: 10, error: { message: 'gone' } })
})

test('without a bus nothing is published, and that is told by name', async () => {
  const undo = applyEnvironment(settingsOf(openKeys(undefined)))
  delete process.env['EVENT_BUS']
  await expect(publish([entry(1)])).rejects.toThrow('EVENT_BUS')
  undo()
})
