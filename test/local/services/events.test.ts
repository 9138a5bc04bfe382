import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Services, startServices } from '#local/services/index.ts'
import { openPublished } from '#local/services/published.ts'
import { type Clients, clientsOf } from './clients.ts'

let services: Services
let clients: Clients
beforeAll(async () => {
  services = await startServices()
  clients = clientsOf(services)
})
afterAll(() => services.close())

const event = (more: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  EventBusName: 'latchkey',
  Source: 'latchkey',
  DetailType: 'LOGIN',
  Detail: '{"userId":"u-1"}',
  ...more,
})
const put = (...Entries: PutEventsRequestEntry[]) => clients.events.send(new PutEventsCommand({ Entries }))

describe('PutEvents', () => {
  test('takes events in order, and shows them as a target is handed them', async () => {
    const Time = new Date('2026-11-26T09:30:00Z')
    const { FailedEntryCount, Entries = [] } = await put(event({ Time }), event({ DetailType: 'LOGOUT' }))
    expect(FailedEntryCount).toBe(0)
    const [first, second] = services.published.events('u-1')
    expect([first?.id, second?.id]).toEqual(Entries.map(({ EventId }) => EventId))
    expect(first).toMatchObject({
      version: '0',
      source: 'latchkey',
      'detail-type': 'LOGIN',
      time: '2026-11-26T09:30:00Z',
      detail: { userId: 'u-1' },
    })
    expect(services.published.events('u-2')).toEqual([])
  })

  test('refuses an event that is none, and takes the others', async () => {
    const before = services.published.events().length
    const { FailedEntryCount, Entries = [] } = await put(
      event(),
      event({ Detail: '["not", "an object"]' }),
      event({ DetailType: undefined }),
    )
    expect(FailedEntryCount).toBe(2)
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'InvalidArgument',
    ])
    expect(services.published.events()).toHaveLength(before + 1)
  })

  test('refuses whole what is too much at once, and a bus that is not there', async () => {
    const before = services.published.events().length
    const eleven = Array.from({ length: 11 }, () => event())
    const large = event({ Detail: JSON.stringify({ text: 'x'.repeat(256 * 1024) }) })
    await expect(put(...eleven)).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(put(large)).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(put(event({ EventBusName: 'other' }))).rejects.toThrow('other does not exist')
    expect(services.published.events()).toHaveLength(before)
  })
})

test('what was published is kept across restarts, and gone after a clear', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-events-'))
  try {
    const file = join(folder, 'events.ndjson')
    const about = { source: 'latchkey', account: '0', time: 'now', region: 'r', resources: [] }
    openPublished(file).add({ ...about, 'detail-type': 'LOGIN', detail: { userId: 'u-1' } })
    const again = openPublished(file)
    expect(again.events('u-1')).toHaveLength(1)
    again.clear()
    expect(again.events()).toEqual([])
    expect(openPublished(file).events()).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
