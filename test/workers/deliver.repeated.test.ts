/** The deliver worker: one code, however often and in whatever order its order comes, and whatever failed before. */
import { describe, expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { refAlphabet } from '#shared/contract/references.ts'
import { generateMac } from '#shared/crypto/kms.ts'
import type { CodeRow } from '#shared/events.ts'
import { settings } from '#shared/settings.ts'
import { updateOne } from '#shared/stores/database.ts'
import { redrive } from '#shared/stores/outbox-sweep.ts'
import { storePerson } from '#test/support/as-stored.ts'
import { useWorldByHand } from '#test/support/by-hand.ts'
import { entriesOf, lineOf } from '#test/support/entries.ts'
import { type Fault, withFault, withFaults } from '#test/support/faults.ts'
import { hearOne } from '#test/support/one-reason.ts'
import { addressOf, passwordEmail, pinReset, type RecoveryFlow, verifyCode } from '#test/support/recovery.ts'
import { outboxRows, storedChallenge } from '#test/support/stored.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorldByHand()

const order = (flow: RecoveryFlow, person: TestIdentity) =>
  world.orderOf(flow.request, flow.typed(person), newIp())
const codesTo = (address: string) =>
  world.messages(address).map(({ text }) => /(?<![0-9])[0-9]{6}(?![0-9])/.exec(text)?.[0])
/** The chain is whole; its entries, one line each, oldest first. */
const linesOf = async (userId: string) => (await entriesOf(world, userId)).map(lineOf)
const sent = ['CODE_REQUESTED success', 'CODE_SENT success']

describe.each([passwordEmail, pinReset])('$id', (flow) => {
  test('an order that comes five times, one after another, is sent once', async () => {
    const person = await storePerson()
    const row = await order(flow, person)
    for (const _ of [1, 2, 3, 4, 5]) expect(await world.deliver(row)).toBe(0)
    expect(codesTo(addressOf(flow, person))).toHaveLength(1)
    expect(await linesOf(person.userId)).toEqual(sent)
  })

  test('an order that comes to six workers at once is sent once', async () => {
    const person = await storePerson()
    const row = await order(flow, person)
    await Promise.all(Array.from({ length: 6 }, () => world.deliver(row)))
    expect(await world.deliver(row)).toBe(0)
    expect(codesTo(addressOf(flow, person))).toHaveLength(1)
    expect(await linesOf(person.userId)).toEqual(sent)
  })

  test('an order that stands twice in one batch is sent once', async () => {
    const person = await storePerson()
    const row = await order(flow, person)
    await world.deliver(row, row)
    expect(codesTo(addressOf(flow, person))).toHaveLength(1)
    expect(await linesOf(person.userId)).toEqual(sent)
  })

  test('an order that a newer one replaced sends nothing, before the newer one or after it', async () => {
    for (const late of [true, false]) {
      const person = await storePerson()
      const older = await order(flow, person)
      await world.pass(60)
      const newer = await order(flow, person)
      for (const row of late ? [newer, older] : [older, newer]) expect(await world.deliver(row)).toBe(0)
      expect(codesTo(addressOf(flow, person))).toHaveLength(1)
      expect(await storedChallenge(flow, person)).toMatchObject({
        challengeId: newer.order.challengeId,
        userId: person.userId,
        state: 'ISSUED',
      })
      expect((await linesOf(person.userId)).toSorted()).toEqual([
        'CODE_NOT_SENT failure superseded',
        'CODE_REQUESTED success',
        'CODE_REQUESTED success',
        'CODE_SENT success',
      ])
    }
  })

  test('an order that comes after the life of its code sends nothing', async () => {
    const person = await storePerson()
    const row = await order(flow, person)
    await world.pass(300)
    expect(await world.deliver(row)).toBe(0)
    expect(codesTo(addressOf(flow, person))).toEqual([])
    expect((await linesOf(person.userId)).at(-1)).toBe('CODE_NOT_SENT failure expired')
  })

  const sender = flow.channel === 'email' ? 'ses' : 'sns'

  test('what failed between binding and sending sends the code it bound, at the next try', async () => {
    const person = await storePerson()
    const row = await order(flow, person)
    const fault = { service: sender, mode: 'fail-before', function: 'deliver' } as const
    expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
    const bound = await storedChallenge(flow, person)
    expect(bound).toMatchObject({ userId: person.userId, codeMac: expect.any(String) })
    expect(codesTo(addressOf(flow, person))).toEqual([])
    expect(await world.deliver(row)).toBe(0)
    expect((await storedChallenge(flow, person))?.codeMac).toBe(bound?.codeMac)
    const [otp = ''] = codesTo(addressOf(flow, person))
    if (flow.verify) expect((await verifyCode(world, flow, person, { otp })).status).toBe(200)
    expect((await linesOf(person.userId)).slice(0, 2)).toEqual(sent)
  })

  /** A code, its reference and their MAC as the version before had KMS make them. */
  async function madeBefore({ order: { challengeId, key } }: CodeRow, person: TestIdentity) {
    const { KEY_CODE_DERIVE, KEY_CODE } = settings()
    const named = [challengeId, flow.id, key]
    const mac = await generateMac(KEY_CODE_DERIVE, 'code-derive', named)
    let rest = mac.readUInt32BE(6)
    const ref = Array.from({ length: 4 }, () => {
      const character = refAlphabet.charAt(rest % refAlphabet.length)
      rest = Math.floor(rest / refAlphabet.length)
      return character
    }).join('')
    const code = String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
    const { epoch, channel = '' } = (await storedChallenge(flow, person)) ?? {}
    const bound = [person.userId, String(epoch), channel, addressOf(flow, person), ref, '']
    const codeMac = (await generateMac(KEY_CODE, 'code', [...named, ...bound, code])).toString('base64')
    return { code, values: { ref, codeMac, codeKeyId: KEY_CODE } }
  }

  test('a code that the version before bound and did not send goes out as it was bound, and counts', async () => {
    const person = await storePerson()
    const row = await order(flow, person)
    const fault = { service: sender, mode: 'fail-before', function: 'deliver' } as const
    expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
    const { code, values } = await madeBefore(row, person)
    const { pk } = (await storedChallenge(flow, person)) ?? { pk: '' }
    await updateOne('challenges', { pk }, 'SET #ref = :ref, codeMac = :codeMac, codeKeyId = :codeKeyId', {
      values,
    })
    expect(await world.deliver(row)).toBe(0)
    expect(codesTo(addressOf(flow, person))).toEqual([code])
    if (flow.verify) expect((await verifyCode(world, flow, person, { otp: code })).status).toBe(200)
  })

  test('what is bound with another code than the order’s is not sent at all', async () => {
    const person = await storePerson()
    const row = await order(flow, person)
    const fault = { service: sender, mode: 'fail-before', function: 'deliver' } as const
    expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
    const { pk } = (await storedChallenge(flow, person)) ?? { pk: '' }
    await updateOne('challenges', { pk }, 'SET codeMac = :codeMac', { values: { codeMac: 'another' } })
    expect(await world.deliver(row)).toBe(0)
    expect(codesTo(addressOf(flow, person))).toEqual([])
    expect((await linesOf(person.userId)).at(-1)).toBe('CODE_NOT_SENT failure binding_changed')
  })

  test('what failed having sent sends the same code again, and is recorded once', async () => {
    const person = await storePerson()
    const row = await order(flow, person)
    const fault = { service: sender, mode: 'fail-after', function: 'deliver' } as const
    expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
    expect(await world.deliver(row)).toBe(0)
    const codes = codesTo(addressOf(flow, person))
    expect(codes.length).toBeGreaterThanOrEqual(2)
    expect(new Set(codes).size).toBe(1)
    expect(await linesOf(person.userId)).toEqual(sent)
  })

  const called = { function: 'deliver' } as const
  const dynamodb = { ...called, service: 'dynamodb' } as const
  // Before its binding a code by SMS takes a place among its country's, by an update of its own.
  const afterPlace = { operation: 'UpdateItem', skip: flow.channel === 'email' ? 0 : 1 } as const
  const faults: readonly Fault[] = [
    { ...dynamodb, operation: 'GetItem', mode: 'fail-before' },
    { ...dynamodb, operation: 'BatchGetItem', mode: 'fail-before' },
    { ...called, service: 'kms', mode: 'fail-before' },
    { ...called, service: 'kms', mode: 'fail-after' },
    { ...called, service: 'kms', skip: 1, mode: 'fail-before' },
    { ...dynamodb, operation: 'TransactWriteItems', mode: 'fail-before' },
    { ...dynamodb, operation: 'TransactWriteItems', mode: 'fail-after' },
    // As often as the SDK tries: the record alone.
    { ...dynamodb, ...afterPlace, count: 3, mode: 'fail-before' },
    { ...dynamodb, ...afterPlace, count: 3, mode: 'fail-after' },
  ]

  test.each(faults)(
    '$service $operation $skip, $mode: the order is not lost, and no second code is made',
    async (fault) => {
      const person = await storePerson()
      const row = await order(flow, person)
      expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
      expect(await world.deliver(row)).toBe(0)
      const codes = codesTo(addressOf(flow, person))
      expect(new Set(codes).size).toBe(1)
      const repeated = fault.operation === 'UpdateItem' && fault.mode === 'fail-before'
      expect(codes).toHaveLength(repeated ? 2 : 1)
      expect(await linesOf(person.userId)).toEqual(sent)
    },
  )

  /** As if the worker had been killed there: what it bound stays bound, as no call of its own follows. */
  const killed: readonly (readonly [string, readonly Fault[], number])[] = [
    ['between binding and sending', [{ ...called, service: sender, mode: 'fail-before' }], 1],
    ['between sending and recording', [{ ...called, service: sender, mode: 'fail-after' }], 2],
    [
      'as its binding was answered',
      [{ ...dynamodb, operation: 'TransactWriteItems', mode: 'fail-after' }],
      1,
    ],
  ]

  test.each(killed)(
    'a worker that ends %s leaves the code to the next after 30 s, and to nobody before',
    async (_, faults, least) => {
      const person = await storePerson()
      const row = await order(flow, person)
      const noRelease: Fault = { ...dynamodb, ...afterPlace, mode: 'fail-before' }
      const first = await withFaults(world, [...faults, noRelease], () => world.deliver(row))
      expect(first).toBe(1)
      expect(await world.deliver(row, row)).toBe(2)
      await world.pass(31)
      expect(await world.deliver(row)).toBe(0)
      const codes = codesTo(addressOf(flow, person))
      expect(codes.length).toBeGreaterThanOrEqual(least)
      expect(new Set(codes).size).toBe(1)
      expect(await linesOf(person.userId)).toEqual(sent)
    },
  )

  test('two workers that take over at once send it once', async () => {
    const person = await storePerson()
    const row = await order(flow, person)
    const fault = { service: sender, mode: 'fail-before', function: 'deliver' } as const
    expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
    const failed = await Promise.all([1, 2, 3, 4].map(() => world.deliver(row)))
    expect(failed.filter((count) => count === 0).length).toBeGreaterThanOrEqual(1)
    expect(codesTo(addressOf(flow, person))).toHaveLength(1)
    expect(await linesOf(person.userId)).toEqual(sent)
  })

  test('an order that is being sent as a newer one replaces it is not called unsent by another worker', async () => {
    const person = await storePerson()
    const older = await order(flow, person)
    await world.pass(59)
    const slow: Fault = { ...called, service: sender, mode: 'slow', delayMs: 2500, count: 1 }
    await withFault(world, slow, async () => {
      const sending = world.deliver(older)
      await expect.poll(() => storedChallenge(flow, person)).toMatchObject({ boundAt: expect.any(Number) })
      await world.pass(1)
      const newer = await order(flow, person)
      expect(await world.deliver(older), 'another has it').toBe(1)
      expect(await world.deliver(newer)).toBe(0)
      expect(await world.deliver(older), 'another has it still').toBe(1)
      expect(await sending).toBe(0)
    })
    expect(await world.deliver(older)).toBe(0)
    expect(await linesOf(person.userId)).not.toContain('CODE_NOT_SENT failure superseded')
    expect((await linesOf(person.userId)).filter((line) => line === 'CODE_SENT success')).toHaveLength(2)
  })

  test('a row that cannot be handled holds up no other of its batch', async () => {
    const [first, second] = [await storePerson(), await storePerson()]
    const rows = [await order(flow, first), await order(flow, second)]
    const fault: Fault = { ...called, service: sender, mode: 'fail-before', count: 1000 }
    expect(await withFault(world, fault, () => world.deliver(...rows))).toBe(2)
    const [row, other] = rows
    if (row === undefined || other === undefined) throw new Error('Two orders were made')
    // An order of nothing: no worker can make sense of it.
    expect(await world.deliver({ ...row, order: {} } as never, other)).toBe(1)
    expect(codesTo(addressOf(flow, second))).toHaveLength(1)
    expect(await world.deliver(row)).toBe(0)
    expect(codesTo(addressOf(flow, first))).toHaveLength(1)
  })
})

test('a code that was late because it was put before the worker again leaves an entry that is not', async () => {
  const person = await storePerson()
  const row = await order(passwordEmail, person)
  await world.pass(61)
  const due = { now: Date.now(), olderThanMs: 120_000, messagesOlderThanMs: 40_000, limit: 10, backOff: true }
  expect(await redrive(due)).toMatchObject({ redriven: 1 })
  expect(await world.deliver({ ...row, redrivenAt: due.now })).toBe(0)
  const entry = (await entriesOf(world, person.userId)).find(({ type }) => type === 'CODE_SENT')
  expect(entry).toMatchObject({ id: row.sk, channel: 'email' })
  expect(entry?.late).toBeUndefined()
  expect(await outboxRows()).toEqual([])
})

test.each(['first', 'last'] as const)(
  'the code that took the last place of the hour is sent again after a failure, also where DynamoDB names only its %s refusal',
  async (named) => {
    const person = await storePerson()
    for (let sent = 1; sent < flowOf(pinReset.id).codesPerSubjectHour; sent += 1) {
      await world.deliver(await order(pinReset, person))
      await world.pass(61)
    }
    const row = await order(pinReset, person)
    const fault = { service: 'sns', mode: 'fail-before', function: 'deliver' } as const
    expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
    const before = codesTo(person.phone).length
    const hearAll = hearOne(named)
    await world.deliver(row).finally(hearAll)
    expect(codesTo(person.phone)).toHaveLength(before + 1)
    expect((await linesOf(person.userId)).at(-1)).toBe('CODE_SENT success')
  },
)
