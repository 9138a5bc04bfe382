/** What tells an owner of a change: to every address once, with one link, however often its row comes and whatever failed. */
import { expect, test } from 'vitest'
import { patiently } from '#shared/delivery/patience.ts'
import type { MessageRow } from '#shared/events.ts'
import { putOne, scan } from '#shared/stores/database.ts'
import { redrive } from '#shared/stores/outbox-sweep.ts'
import { storePerson } from '#test/support/as-stored.ts'
import { useWorldByHand } from '#test/support/by-hand.ts'
import { type Fault, withFault, withFaults } from '#test/support/faults.ts'
import { disown, tokensSentTo } from '#test/support/not-me.ts'
import { answerOf } from '#test/support/sessions.ts'
import { noticeRows } from '#test/support/stored.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorldByHand()

const called = { function: 'notify' } as const
const dynamodb = { ...called, service: 'dynamodb' } as const
const hand = (...rows: readonly MessageRow[]) => world.notify(...rows)

/** A password that was reset by a code to the mailbox: told by email and by SMS. */
async function reset(person: TestIdentity, headers: Record<string, string> = {}): Promise<MessageRow> {
  const { email } = person
  await world.deliver(await world.orderOf('/api/auth/forgot-password', { email }, newIp()))
  const body = { email, otp: await world.lastCode(email), newPassword: 'newpass123' }
  expect((await world.post('/api/auth/reset-password', body, { headers })).status).toBe(200)
  const row = (await noticeRows()).find(({ message }) => message.userId === person.userId)
  if (row === undefined) throw new Error('Nobody was told')
  return row
}

const noticesTo = (person: TestIdentity) =>
  [person.email, person.phone].map(
    (address) => world.messages(address).filter(({ text }) => text.includes('not-me#')).length,
  )
const isTaken = async ({ sk }: MessageRow) => !(await noticeRows()).some((row) => row.sk === sk)

test('both confirmations of one change are one row, one MAC and one grant, and carry one link', async () => {
  const person = await storePerson()
  const row = await reset(person)
  expect(row.message).toMatchObject({
    to: [
      { channel: 'email', address: person.email },
      { channel: 'sms', address: person.phone },
    ],
  })
  const { calls } = world.stack.services
  const before = calls.byFunction('notify').length
  expect(await hand(row)).toBe(0)
  const made = calls.byFunction('notify').slice(before)
  const operations = made.map(({ operation }) => operation).filter((name) => name !== 'GenerateMac')
  expect(made.length - operations.length, 'the key of the day, at most').toBeLessThanOrEqual(1)
  expect(operations.toSorted()).toEqual([
    ...['DeleteItem', 'GetItem', 'Publish', 'SendEmail', 'TransactWriteItems', 'UpdateItem', 'UpdateItem'],
  ])
  expect(noticesTo(person)).toEqual([1, 1])
  const tokens = [...(await tokensSentTo(world, person.email)), ...(await tokensSentTo(world, person.phone))]
  expect(new Set(tokens).size).toBe(1)
  expect(answerOf(await disown(world, tokens[0] ?? ''))).toBe('200')
  expect(await isTaken(row)).toBe(true)
})

test('the mail names the device that did it by known words, and nothing that it says of itself', async () => {
  const person = await storePerson()
  const userAgent = 'Call +20 555 to keep your account (Linux; Android 15) Chrome/156.0'
  const row = await reset(person, { 'user-agent': userAgent })
  expect(row.message.from).toEqual({ userAgent })
  await hand(row)
  const mail = world.messages(person.email).find(({ text }) => text.includes('not-me#'))
  expect(mail?.text).toContain('\nDevice: Chrome on Android\n')
  expect(`${mail?.text}${mail?.html}`).not.toContain('555')
})

test('a row that comes again after it was taken sends nothing, at once or later', async () => {
  const person = await storePerson()
  const row = await reset(person)
  for (const seconds of [0, 0, 31, 3600]) {
    await world.pass(seconds)
    expect(await hand(row)).toBe(0)
  }
  expect(noticesTo(person)).toEqual([1, 1])
})

test('a row that comes to six workers at once, and twice in a batch, is sent once', async () => {
  const person = await storePerson()
  const row = await reset(person)
  await Promise.all([1, 2, 3, 4, 5, 6].map(() => hand(row, row)))
  expect(await hand(row)).toBe(0)
  expect(noticesTo(person)).toEqual([1, 1])
})

test('rows of the version before, in the outbox and one for each address, are moved once, sent and taken', async () => {
  const person = await storePerson()
  const { message, ...row } = await reset(person)
  await hand({ ...row, message })
  const { template, userId, locale, eventId, time } = message
  for (const [at, to] of [person.email, person.phone].entries()) {
    const channel = at === 0 ? 'email' : 'sms'
    const old = { template, userId, locale, eventId, time, channel, address: to } as const
    await putOne('outbox', { ...row, sk: `${row.sk}${at}`, message: old })
  }
  const rows = (await scan('outbox')).items.filter(
    ({ kind }) => kind === 'message',
  ) as unknown as MessageRow[]
  expect(rows).toHaveLength(2)
  expect(await world.deliver(...rows)).toBe(0)
  expect(await world.deliver(...rows), 'moved once').toBe(0)
  expect(await world.notify(...(await noticeRows()))).toBe(0)
  expect(noticesTo(person)).toEqual([2, 2])
  expect(await noticeRows()).toEqual([])
  expect((await scan('outbox')).items.filter(({ kind }) => kind === 'message')).toEqual([])
})

test.each([
  ['ses', [0, 1]],
  ['sns', [1, 0]],
] as const)(
  'while %s does not answer the other message goes, once, and the first follows',
  async (service, there) => {
    const person = await storePerson()
    const row = await reset(person)
    await withFault(world, { ...called, service, mode: 'fail-before', count: 1000 }, async () => {
      for (const _ of [1, 2, 3]) expect(await hand(row)).toBe(1)
    })
    expect(noticesTo(person)).toEqual(there)
    expect(await hand(row)).toBe(0)
    expect(noticesTo(person)).toEqual([1, 1])
    expect(await isTaken(row)).toBe(true)
  },
)

const faults: readonly Fault[] = [
  { ...dynamodb, operation: 'UpdateItem', mode: 'fail-before' },
  { ...dynamodb, operation: 'UpdateItem', count: 3, mode: 'fail-after' },
  { ...dynamodb, operation: 'UpdateItem', skip: 1, count: 3, mode: 'fail-before' },
  { ...dynamodb, operation: 'UpdateItem', skip: 1, count: 3, mode: 'fail-after' },
  { ...dynamodb, operation: 'TransactWriteItems', count: 3, mode: 'fail-before' },
  { ...dynamodb, operation: 'TransactWriteItems', count: 3, mode: 'fail-after' },
  { ...dynamodb, operation: 'GetItem', mode: 'fail-before' },
  { ...dynamodb, operation: 'DeleteItem', mode: 'fail-before' },
  { ...dynamodb, operation: 'DeleteItem', mode: 'fail-after' },
]

test.each(faults)('$service $operation $skip, $mode: both come once, at the next try', async (fault) => {
  const person = await storePerson()
  const row = await reset(person)
  expect(await withFault(world, fault, () => hand(row))).toBe(1)
  await world.pass(31)
  expect(await hand(row)).toBe(0)
  expect(noticesTo(person)).toEqual([1, 1])
  expect(await isTaken(row)).toBe(true)
})

test.each([
  ['lease', 'UpdateItem', 0],
  ['grant and reference', 'TransactWriteItems', 0],
  ['cap', 'UpdateItem', 1],
])(
  'a change of DynamoDB (%s) that worked and was not answered is repeated by the SDK, and no worker shuts itself out',
  async (_, operation, skip) => {
    const person = await storePerson()
    const row = await reset(person)
    const fault: Fault = { ...dynamodb, operation, skip, count: 1, mode: 'fail-after' }
    expect(await withFault(world, fault, () => hand(row))).toBe(0)
    expect(noticesTo(person)).toEqual([1, 1])
  },
)

test('a worker that ends having sent leaves the row to the next after 30 s, and to nobody before', async () => {
  const person = await storePerson()
  const row = await reset(person)
  const end: Fault = { ...dynamodb, operation: 'DeleteItem', mode: 'fail-before' }
  // Lease and cap are made; the release is not.
  const noRelease: Fault = { ...dynamodb, operation: 'UpdateItem', skip: 2, mode: 'fail-before' }
  expect(await withFaults(world, [end, noRelease], () => hand(row))).toBe(1)
  expect(await hand(row)).toBe(1)
  await world.pass(31)
  expect(await hand(row)).toBe(0)
  expect(new Set([...(await tokensSentTo(world, person.email))]).size).toBe(1)
  expect(noticesTo(person)).toEqual([2, 2])
  expect(await isTaken(row)).toBe(true)
})

test('what a throttled run has no time for is put off to the sweep: no try is burnt, nothing is sent twice', async () => {
  const person = await storePerson()
  const row = await reset(person)
  const throttled: Fault = { ...called, service: 'ses', mode: 'throttle', count: 1000 }
  await withFault(world, throttled, async () => {
    expect(await world.hand('notify', [row], 13_000)).toBe(0)
    expect(await world.hand('notify', [row], 5000), 'no time for a try').toBe(0)
  })
  expect(noticesTo(person), 'the SMS went').toEqual([0, 1])
  expect(await isTaken(row)).toBe(false)
  await world.pass(61)
  const due = { now: Date.now(), olderThanMs: 120_000, messagesOlderThanMs: 40_000, limit: 10, backOff: true }
  expect((await redrive(due)).redriven).toBe(1)
  expect(await hand(row)).toBe(0)
  expect(noticesTo(person)).toEqual([1, 1])
})

test('a sender that throttles for a moment is waited for within the run', async () => {
  const person = await storePerson()
  const row = await reset(person)
  await withFault(world, { ...called, service: 'ses', mode: 'throttle', count: 7 }, async () => {
    expect(await hand(row)).toBe(0)
  })
  expect(noticesTo(person)).toEqual([1, 1])
})

test('a day’s quota that is used up is no rate to wait for: it is a try, and somebody hears of it', async () => {
  const send = () =>
    Promise.reject(Object.assign(new Error('Daily message quota exceeded.'), { name: 'Throttling' }))
  const patience = { firstMs: 1, longestMs: 1, leftMs: () => 60_000 }
  await expect(patiently(patience, send)).rejects.toThrow('Daily message quota')
})
