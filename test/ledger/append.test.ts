import { randomUUID } from 'node:crypto'
import type { DynamoDBRecord } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runInvocation } from '#local/services/attribution.ts'
import { log } from '#shared/call/log.ts'
import type { LedgerEvent } from '#shared/events.ts'
import { placeEntry } from '#shared/ledger/entry.ts'
import { readMovedHeads } from '#shared/stores/moved-heads.ts'
import { handler } from '../../functions/workers/append-ledger.ts'
import { expectWhole, failedOf, loginOf, recordOf, startLedger, streamEvent } from './services.ts'

let world: Awaited<ReturnType<typeof startLedger>>

beforeAll(async () => {
  world = await startLedger()
  await world.putIdentity({ userId: 'u-known', email: 'known@example.com', phone: '+201001234567' })
})
afterAll(() => world.close())

const records = (userId: string, ids: readonly string[]): Promise<DynamoDBRecord[]> =>
  Promise.all(ids.map((id) => world.record(loginOf(`${userId}@example.com`, { userId }), id)))
const idsOf = async (userId: string) => (await world.entriesOf(`identity/${userId}`)).map((entry) => entry.id)
const numbered = (count: number) =>
  Array.from({ length: count }, (_, place) => `e${String(place).padStart(3, '0')}`)

describe('an event', () => {
  test('becomes one entry with what is known of it, and leaves the outbox', async () => {
    const event = loginOf('known@example.com', {
      userId: 'u-one',
      flow: 'login-mfa',
      otpVerified: false,
      factors: [{ group: 'POSSESSION', method: 'sms-otp' }],
      device: { model: 'Pixel' },
      userAgent: 'Agent/1.0',
    })
    const before = Date.now()
    expect(failedOf(await handler(streamEvent([await world.record(event, 'only')])))).toEqual([])
    const [entry, ...more] = await world.entriesOf('identity/u-one')
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      id: 'only',
      type: 'LOGIN',
      chain: 'identity/u-one',
      seq: 1,
      prevHash: '0'.repeat(64),
      userId: 'u-one',
      time: event.time,
      outcome: 'failure',
      reason: 'wrong_password',
      otpVerified: false,
      userAgent: 'Agent/1.0',
    })
    expect(entry?.writtenAt).toBeGreaterThanOrEqual(before)
    expect(Object.keys(entry ?? {})).not.toContain('subject')
    expect(JSON.stringify(entry)).not.toContain('known@example.com')
    expect(await world.rowsOfOutbox()).toEqual([])
  })

  test.each([
    ['email', 'known@example.com'],
    ['phone', '+201001234567'],
    ['userId', 'u-known'],
    ['identity', 'u-known'],
  ] as const)('about a typed %s goes to the chain of whose it is', async (kind, value) => {
    const id = `typed-${kind}`
    await handler(streamEvent([await world.record(loginOf('', { subject: { kind, value } }), id)]))
    expect(await idsOf('u-known')).toContain(id)
  })

  test('about an unknown subject goes to a shared chain, under a pseudonym that is always the same', async () => {
    const subject = { kind: 'email', value: 'nobody@example.com' } as const
    const event = loginOf('', { subject, userId: '~decoy-1' })
    for (const id of ['unknown-1', 'unknown-2']) await handler(streamEvent([await world.record(event, id)]))
    const entries = (await world.database.scan('ledger')).items.filter(
      (entry) => entry['pseudonym'] !== undefined,
    )
    const [first, second, ...more] = entries
    expect(more).toEqual([])
    expect(first?.['chain']).toMatch(/^unknown\/(\d\d|1\d\d|2[0-4]\d|25[0-5])$/)
    expect(second).toMatchObject({ chain: first?.['chain'], pseudonym: first?.['pseudonym'] })
    expect(first?.['pseudonym']).toMatch(/^[0-9a-f]{64}$/)
    expect(first).not.toHaveProperty('userId')
  })

  const codeOf = (type: 'CODE_REQUESTED' | 'CODE_SENT', more: Partial<LedgerEvent> = {}) =>
    loginOf('known@example.com', { type, outcome: 'success', requestId: 'r-code', ...more })
  /** Calls that taking a batch makes, but for those that append. */
  const lookups = async (...batch: DynamoDBRecord[]) => {
    const requestId = randomUUID()
    const run = () => handler(streamEvent(batch))
    expect(failedOf(await runInvocation({ function: 'append-ledger', requestId }, run))).toEqual([])
    return world.services.calls
      .byRequest(requestId)
      .filter(({ operation }) => ['GetItem', 'GenerateMac'].includes(operation))
      .map(({ service, operation }) => `${service} ${operation}`)
  }

  test('of a request whose code was sent in the same batch is not looked up, in whichever order they come', async () => {
    const [asked, sent] = [
      await world.record(codeOf('CODE_REQUESTED'), 'asked-1'),
      await world.record(codeOf('CODE_SENT', { userId: 'u-known' }), 'sent-1'),
    ]
    expect(await lookups(asked, sent)).toEqual([])
    expect((await idsOf('u-known')).slice(-2)).toEqual(['asked-1', 'sent-1'])
    const [later, before] = [
      await world.record(codeOf('CODE_REQUESTED', { requestId: 'r-2' }), 'asked-2'),
      await world.record(codeOf('CODE_SENT', { requestId: 'r-2', userId: 'u-known' }), 'sent-2'),
    ]
    expect(await lookups(before, later)).toEqual([])
    expect((await idsOf('u-known')).slice(-2)).toEqual(['sent-2', 'asked-2'])
  })

  test('of another request or subject, or of another kind, takes nothing from a code that was sent', async () => {
    const sent = await world.record(codeOf('CODE_SENT', { userId: 'u-other' }), 'sent-3')
    const others = [
      await world.record(codeOf('CODE_REQUESTED', { requestId: 'r-another' }), 'other-request'),
      await world.record(loginOf('known@example.com', { requestId: 'r-code' }), 'other-type'),
      await world.record(
        codeOf('CODE_REQUESTED', { subject: { kind: 'phone', value: '+201001234567' } }),
        'other-subject',
      ),
    ]
    await lookups(sent, ...others)
    expect(await idsOf('u-other')).toEqual(['sent-3'])
    expect((await idsOf('u-known')).slice(-3).sort()).toEqual([
      'other-request',
      'other-subject',
      'other-type',
    ])
  })

  test('about a typed identifier is placed by one read, and a pseudonym is made once', async () => {
    expect(await lookups(await world.record(loginOf('known@example.com'), 'one-read'))).toEqual([
      'dynamodb GetItem',
    ])
    const nobody = loginOf('nobody-else@example.com')
    expect(await lookups(await world.record(nobody, 'nobody-1'))).toEqual([
      'dynamodb GetItem',
      'kms GenerateMac',
    ])
    expect(await lookups(await world.record(nobody, 'nobody-2'))).toEqual(['dynamodb GetItem'])
  })

  test('about an identity that was erased stays in its chain', async () => {
    const subject = { kind: 'identity', value: 'u-erased' } as const
    await handler(streamEvent([await world.record(loginOf('', { subject }), 'erased')]))
    expect(await idsOf('u-erased')).toEqual(['erased'])
  })

  test('that was put before the worker again is marked late', async () => {
    const record = await world.record(loginOf('', { userId: 'u-late' }), 'late')
    const row = (await world.rowsOfOutbox())[0] ?? {}
    await handler(streamEvent([record, recordOf({ ...row, redrivenAt: Date.now() }, 'MODIFY')]))
    const [entry, ...more] = await world.entriesOf('identity/u-late')
    expect(entry?.late).toBe(true)
    expect(more).toEqual([])
  })
})

describe('exactly once', () => {
  test('events of one chain keep their order, over more than one transaction', async () => {
    const ids = numbered(100)
    expect(failedOf(await handler(streamEvent(await records('u-order', ids))))).toEqual([])
    expect(await idsOf('u-order')).toEqual(ids)
    expectWhole(await world.entriesOf('identity/u-order'))
  })

  test('a batch that comes again adds nothing', async () => {
    const batch = await records('u-again', numbered(30))
    for (let time = 0; time < 3; time += 1) expect(failedOf(await handler(streamEvent(batch)))).toEqual([])
    expect(await idsOf('u-again')).toEqual(numbered(30))
  })

  test('figures of the business are told once of each entry, however often it comes', async () => {
    const told = vi.spyOn(log, 'info').mockReturnValue()
    try {
      const subject = { kind: 'phone', value: '+201001234567' } as const
      const more = { subject, userId: 'u-figures', flow: 'pin-reset', outcome: 'success' } as const
      const smsCode = { country: 'EG', askedAt: Date.now(), what: 'sent' } as const
      const batch = [
        await world.record(loginOf('', { ...more, type: 'CODE_REQUESTED' }), 'figures-1'),
        await world.record(loginOf('', { ...more, type: 'CODE_SENT', smsCode }), 'figures-2'),
      ]
      for (let time = 0; time < 2; time += 1) expect(failedOf(await handler(streamEvent(batch)))).toEqual([])
      const lines = told.mock.calls.map((call) => call as unknown[])
      expect(lines).toEqual([
        ['figures', { started: 1 }],
        ['figures', { country: 'EG', sent: 1 }],
      ])
    } finally {
      told.mockRestore()
    }
  })

  test('a batch of which a part was taken adds the rest, in order', async () => {
    const batch = await records('u-part', numbered(20))
    await handler(streamEvent([batch[3], batch[7]].filter((record) => record !== undefined)))
    await handler(streamEvent(batch))
    const rest = numbered(20).filter((id) => id !== 'e003' && id !== 'e007')
    expect(await idsOf('u-part')).toEqual(['e003', 'e007', ...rest])
  })

  test('a row that came back with its table, although its entry is there, goes without a second one', async () => {
    await handler(streamEvent(await records('u-back', numbered(60))))
    const back = await records('u-back', ['e000', 'e059', 'new'])
    expect(failedOf(await handler(streamEvent(back)))).toEqual([])
    expect(await idsOf('u-back')).toEqual([...numbered(60), 'new'])
    expectWhole(await world.entriesOf('identity/u-back'))
    expect(await world.rowsOfOutbox()).toEqual([])
  })

  test('a row on its usual way is looked for nowhere: DynamoDB restores to no moment of the last five minutes', async () => {
    const queries = async (ageMs: number) => {
      const requestId = randomUUID()
      const event = loginOf('usual@example.com', { userId: 'u-usual', time: Date.now() - ageMs })
      const record = await world.record(event, requestId)
      const run = () => handler(streamEvent([record]))
      expect(failedOf(await runInvocation({ function: 'append-ledger', requestId }, run))).toEqual([])
      return world.services.calls.byRequest(requestId).filter(({ operation }) => operation === 'Query').length
    }
    // The first looks for the head of the chain.
    await queries(0)
    expect([await queries(0), await queries(4 * 60_000), await queries(6 * 60_000)]).toEqual([0, 0, 1])
  })

  test('an image and its redriven image in one batch are one event', async () => {
    const [record] = await records('u-twice', ['twice'])
    const row = (await world.rowsOfOutbox())[0] ?? {}
    const again = recordOf({ ...row, redrivenAt: 5 }, 'MODIFY')
    await handler(streamEvent([record, again].filter((each) => each !== undefined)))
    expect(await idsOf('u-twice')).toEqual(['twice'])
  })

  test('two workers on the same chains at once leave whole chains and none twice', async () => {
    const users = ['u-race-1', 'u-race-2', 'u-race-3']
    const batches = await Promise.all(users.map((userId) => records(userId, numbered(40))))
    const mixed = batches.flat().toSorted(() => Math.random() - 0.5)
    const halves = [mixed.slice(0, 80), mixed.slice(40), mixed.slice(20, 100), mixed]
    await Promise.all(halves.map((half) => handler(streamEvent(half))))
    await handler(streamEvent(mixed))
    for (const userId of users) {
      const entries = await world.entriesOf(`identity/${userId}`)
      expect(entries.map((entry) => entry.id).sort()).toEqual(numbered(40))
      expectWhole(entries)
    }
    expect(await world.rowsOfOutbox()).toEqual([])
  })

  test.each(['fail-before', 'fail-after'] as const)(
    'a call that fails (%s) loses nothing and adds nothing twice',
    async (mode) => {
      const userId = `u-${mode}`
      const batch = await records(userId, numbered(10))
      world.services.faults.post({ service: 'dynamodb', operation: 'TransactWriteItems', mode, count: 9 })
      expect(failedOf(await handler(streamEvent(batch)))).toEqual([batch[0]?.dynamodb?.SequenceNumber])
      world.services.faults.post({ service: 'dynamodb', mode, count: 0 })
      expect(failedOf(await handler(streamEvent(batch)))).toEqual([])
      expect(await idsOf(userId)).toEqual(numbered(10))
      expectWhole(await world.entriesOf(`identity/${userId}`))
    },
  )

  test('an event whose subject cannot be looked up holds back those of its subject alone', async () => {
    const held = await world.record(loginOf('held@example.com'), 'held-1')
    const follows = await world.record(loginOf('held@example.com', { userId: 'u-held' }), 'held-2')
    const other = await world.record(loginOf('', { userId: 'u-free' }), 'free')
    world.services.faults.post({ service: 'dynamodb', operation: 'GetItem', mode: 'fail-before', count: 9 })
    expect(failedOf(await handler(streamEvent([held, follows, other])))).toEqual([
      held.dynamodb?.SequenceNumber,
    ])
    world.services.faults.post({ service: 'dynamodb', mode: 'fail-before', count: 0 })
    expect(await idsOf('u-held')).toEqual([])
    expect(await idsOf('u-free')).toEqual(['free'])
    await handler(streamEvent([held, follows, other]))
    expect(await idsOf('u-held')).toEqual(['held-2'])
    expect(await idsOf('u-free')).toEqual(['free'])
  })

  test('rows of other kinds are not this worker’s', async () => {
    const record = recordOf({ pk: 'S#x', sk: 'm', kind: 'message', createdAt: 1 })
    expect(failedOf(await handler(streamEvent([record])))).toEqual([])
  })
})

describe('the moved head', () => {
  test('is marked with the newest entry and the time of the oldest that is not sealed', async () => {
    const headOf = async () => (await readMovedHeads()).find((head) => head.chain === 'identity/u-head')
    await handler(streamEvent(await records('u-head', ['first'])))
    const first = await headOf()
    await handler(streamEvent(await records('u-head', ['second'])))
    const [, second] = await world.entriesOf('identity/u-head')
    expect(await headOf()).toEqual({
      chain: 'identity/u-head',
      seq: 2,
      hash: second?.hash,
      since: first?.since,
    })
  })

  test('is found again when this process remembers one that another has left behind', async () => {
    await handler(streamEvent(await records('u-stale', ['one'])))
    const [row] = await records('u-stale', ['two'])
    const [entry] = await world.entriesOf('identity/u-stale')
    if (!entry || !row) throw new Error('no entry')
    const { chain, seq, prevHash: _prevHash, hash, writtenAt, ...draft } = entry
    const other = placeEntry({ ...draft, id: 'by another worker' }, chain, { seq, hash }, writtenAt)
    await world.database.transact([world.database.put('ledger', { ...other })])
    await handler(streamEvent([row]))
    expect(await idsOf('u-stale')).toEqual(['one', 'by another worker', 'two'])
  })
})
