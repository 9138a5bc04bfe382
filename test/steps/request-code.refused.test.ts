/** Asking for a code: what is refused, until when, and what a refusal leaves as it was. */
import { describe, expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { ask as issue } from '#shared/stores/challenges.ts'
import { linesOf } from '#test/support/entries.ts'
import {
  addressOf,
  askCode,
  passwordEmail,
  passwordEmailBasic,
  pinReset,
  type RecoveryFlow,
  recoveryFlows,
  resetSecret,
} from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

const typedFlows = recoveryFlows.filter(({ id }) => id !== 'password-two-factor')
const ask = (flow: RecoveryFlow, person: TestIdentity, ip = newIp()) =>
  world.post(flow.request, flow.typed(person), { ip })

/** One way through the code for all: one of them a day, all in `npm run prove -- whole-tests`. */
describe.each(sampleOf(typedFlows, 1, 1))('$id', (flow) => {
  const { codesPerSubjectHour, codesPerIpHour } = flowOf(flow.id)

  test('a second code within the wait is refused, noted once, and the first stays good', async () => {
    const person = await world.identity()
    const { code } = await askCode(world, flow, person)
    const before = await storedChallenge(flow, person)
    for (const _ of [1, 2, 3]) {
      const refused = await ask(flow, person)
      expect([refused.status, refused.body.error.code]).toEqual([429, 'RESEND_TOO_SOON'])
      const seconds = Number(refused.headers.get('retry-after'))
      expect(seconds).toBeGreaterThanOrEqual(1)
      expect(seconds).toBeLessThanOrEqual(60)
      expect(refused.body.error.retryAfterSeconds).toBe(seconds)
    }
    await world.idle()
    expect(world.messages(addressOf(flow, person))).toHaveLength(1)
    expect(await storedChallenge(flow, person)).toMatchObject({
      challengeId: before?.challengeId,
      codeMac: before?.codeMac,
      triesOpen: 0,
    })
    expect(await linesOf(world, person.userId)).toEqual([
      'CODE_REQUESTED success',
      'CODE_SENT success',
      'LIMIT_REACHED failure cooldown',
    ])
    if (flow.secret === 'newPassword')
      expect((await resetSecret(world, flow, person, { otp: code })).status).toBe(200)
  })

  test('one more than the hourly budget of a subject is refused until the oldest is an hour old', async () => {
    const person = await world.identity()
    for (let sent = 0; sent < codesPerSubjectHour; sent += 1) {
      await askCode(world, flow, person)
      await ask(flow, person)
      await world.pass(60)
    }
    const refused = await ask(flow, person)
    expect([refused.status, refused.body.error.code]).toEqual([429, 'RATE_LIMITED'])
    const seconds = Number(refused.headers.get('retry-after'))
    const expected = 3600 - 60 * codesPerSubjectHour
    expect(seconds).toBeGreaterThan(expected - 30)
    expect(seconds).toBeLessThanOrEqual(expected)
    await world.pass(seconds)
    expect((await ask(flow, person)).status).toBe(200)
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === 'CODE_SENT success')).toHaveLength(codesPerSubjectHour + 1)
    expect(lines.filter((line) => line === 'LIMIT_REACHED failure codes-per-subject')).toHaveLength(1)
  })

  test('one more than the hourly budget of an address is refused, whoever is meant', async () => {
    const ip = newIp()
    const people = await Promise.all([world.identity(), world.identity()])
    const [person, other] = people as [TestIdentity, TestIdentity]
    for (let sent = 0; sent < codesPerIpHour; sent += 1) {
      const stranger = { ...other, email: `nobody-${sent}@example.net`, phone: `+2011000000${10 + sent}` }
      expect((await ask(flow, stranger, ip)).status).toBe(200)
    }
    const refused = await ask(flow, person, ip)
    expect([refused.status, refused.body.error.code]).toEqual([429, 'RATE_LIMITED'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3500)
    const neighbour = ip.replace(/::1$/, ':ffff:1:2:3')
    expect((await ask(flow, person, neighbour)).status).toBe(429)
    expect((await ask(flow, person)).status).toBe(200)
    expect((await linesOf(world, person.userId)).toSorted()).toEqual([
      'CODE_REQUESTED success',
      'CODE_SENT success',
      'LIMIT_REACHED failure codes-per-ip',
    ])
  })

  test('unknown and suspended subjects meet the same limits', async () => {
    const suspended = await world.identity({ status: 'suspended' })
    const unknown = {
      ...suspended,
      email: `no-${suspended.email}`,
      phone: suspended.phone.replace('+2010', '+2012'),
    }
    for (const person of [suspended, unknown]) {
      expect((await ask(flow, person)).status).toBe(200)
      expect((await ask(flow, person)).body.error.code).toBe('RESEND_TOO_SOON')
      for (let sent = 1; sent < codesPerSubjectHour; sent += 1) {
        await world.pass(60)
        expect((await ask(flow, person)).status).toBe(200)
      }
      await world.pass(60)
      expect((await ask(flow, person)).body.error.code).toBe('RATE_LIMITED')
    }
    await world.idle()
    expect(world.messages(suspended.email)).toEqual([])
    expect(world.messages(suspended.phone)).toEqual([])
  })
})

test('budgets of one address are counted per flow', async () => {
  const ip = newIp()
  const person = await world.identity()
  for (let sent = 0; sent < 3; sent += 1)
    await ask(passwordEmailBasic, { ...person, email: `a${sent}@b.example` }, ip)
  expect((await ask(passwordEmailBasic, person, ip)).body.error.code).toBe('RATE_LIMITED')
  expect((await ask(passwordEmail, person, ip)).status).toBe(200)
  expect((await ask(pinReset, person, ip)).status).toBe(200)
})

test('eight requests at once send one code', async () => {
  const person = await world.identity()
  const ip = newIp()
  const replies = await Promise.all(Array.from({ length: 8 }, () => ask(passwordEmail, person, ip)))
  const codes = replies.map(({ status, body }) => (status === 200 ? 'ok' : body.error.code))
  expect(codes.toSorted()).toEqual([...Array(7).fill('RESEND_TOO_SOON'), 'ok'])
  await world.idle()
  expect(world.messages(person.email)).toHaveLength(1)
  expect((await linesOf(world, person.userId)).toSorted()).toEqual([
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'LIMIT_REACHED failure cooldown',
  ])
})

describe('to the millisecond', () => {
  const subject = { kind: 'email', value: 'boundary@example.net' } as const
  const start = 1_800_000_000_000

  const askAt = async (key: string, source: string, now: number) => {
    const order = { flow: 'password-email', challengeId: `c-${now}`, freezeSubject: subject } as const
    const { refused } = await issue({ ...order, key, source, now }, [])
    return refused && 'refusal' in refused ? refused.refusal : 'asked'
  }

  test('the wait ends after 60,000 ms and not after 59,999', async () => {
    expect(await askAt('wait', 'w1', start)).toBe('asked')
    expect(await askAt('wait', 'w1', start + 59_999)).toEqual({ limit: 'cooldown', until: start + 60_000 })
    expect(await askAt('wait', 'w1', start + 60_000)).toBe('asked')
  })

  test('the sixth code of a subject comes 3,600,000 ms after the first and not a millisecond sooner', async () => {
    const hour = 3_600_000
    for (let sent = 0; sent < 5; sent += 1)
      expect(await askAt('hour', `h${sent}`, start + sent * 600_000)).toBe('asked')
    const full = { limit: 'codes-per-subject', until: start + hour }
    expect(await askAt('hour', 'h', start + hour - 1)).toEqual(full)
    expect(await askAt('hour', 'h', start + hour)).toBe('asked')
    expect(await askAt('hour', 'h', start + hour + 60_000)).toEqual({
      limit: 'codes-per-subject',
      until: start + hour + 600_000,
    })
  })

  test('the eleventh code to an address comes 3,600,000 ms after the first and not a millisecond sooner', async () => {
    for (let sent = 0; sent < 10; sent += 1)
      expect(await askAt(`ip-${sent}`, 'one', start + sent)).toBe('asked')
    const until = start + 3_600_000
    expect(await askAt('ip-x', 'one', until - 1)).toEqual({ limit: 'codes-per-ip', until })
    expect(await askAt('ip-x', 'one', until)).toBe('asked')
    expect(await askAt('ip-y', 'one', until)).toEqual({ limit: 'codes-per-ip', until: until + 1 })
  })
})
