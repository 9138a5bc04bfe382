/** The deliver worker: who is sent a code, where to, and how many; what those get who are sent none. */
import { describe, expect, test } from 'vitest'
import { subjectKey } from '#shared/domain/subject.ts'
import { scan } from '#shared/stores/database.ts'
import { useWorldByHand } from '#test/support/by-hand.ts'
import { entriesOf, linesOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import {
  passwordEmail,
  passwordTwoFactor,
  pinReset,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { outboxRows, storedChallenge, storedChallengeOf, storedItem } from '#test/support/stored.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'
import { recordCalls } from '../infra/recorded-calls.ts'

const world = useWorldByHand({ SMS_DAILY_CAPS: JSON.stringify({ IN: 2 }) })

async function sendTo(path: string, body: object): Promise<void> {
  expect(await world.deliver(await world.orderOf(path, body, newIp()))).toBe(0)
}
let phones = 0
const indianPhone = () => `+9197${String(50_000_000 + ++phones)}`

test('by phone and by userId together a person is sent five codes an hour', async () => {
  const person = await world.identity()
  const aliases = [{ phone: person.phone }, { userId: person.userId }]
  for (let turn = 0; turn < 8; turn += 1) {
    await sendTo(pinReset.request, aliases[turn % 2] ?? {})
    await world.pass(40)
  }
  expect(world.messages(person.phone)).toHaveLength(5)
  const lines = await linesOf(world, person.userId)
  expect(lines.filter((line) => line === 'CODE_SENT success')).toHaveLength(5)
  expect(lines.filter((line) => line === 'CODE_NOT_SENT failure codes-per-identity')).toHaveLength(3)
  await sendTo(passwordEmail.request, { email: person.email })
  expect(world.messages(person.email)).toHaveLength(1)
  await world.pass(3600)
  await sendTo(pinReset.request, { phone: person.phone })
  expect(world.messages(person.phone)).toHaveLength(6)
})

test('a code that came late leaves room for the one that may be asked for an hour after it was', async () => {
  const person = await world.identity()
  const first = await world.orderOf(pinReset.request, { phone: person.phone }, newIp())
  await world.pass(45)
  expect(await world.deliver(first)).toBe(0)
  for (let sent = 1; sent < 5; sent += 1) {
    await world.pass(60)
    await sendTo(pinReset.request, { phone: person.phone })
  }
  await world.pass(60)
  const full = await world.post(pinReset.request, { phone: person.phone }, { ip: newIp() })
  expect(full.body.error.code).toBe('RATE_LIMITED')
  await world.pass(Number(full.headers.get('retry-after')))
  await sendTo(pinReset.request, { phone: person.phone })
  expect(world.messages(person.phone)).toHaveLength(6)
})

test('a challenge that was not sent can be guessed by nobody', async () => {
  const person = await world.identity({ phone: '+14155550123' })
  await sendTo(pinReset.request, { phone: person.phone })
  expect((await linesOf(world, person.userId)).at(-1)).toBe('CODE_NOT_SENT failure country_not_listed')
  expect(world.messages(person.phone)).toEqual([])
  expect(await storedChallenge(pinReset, person)).toMatchObject({ boundAt: expect.any(Number) })
  expect((await storedChallenge(pinReset, person))?.userId).toBeUndefined()
  expect((await resetSecret(world, pinReset, person, { otp: '135790' })).body.error.code).toBe('OTP_INVALID')
})

test('an identity without the address of a flow is sent nothing', async () => {
  await world.put('/admin/identities/only-name', { username: 'only-name' })
  await sendTo(pinReset.request, { userId: 'only-name' })
  expect((await linesOf(world, 'only-name')).at(-1)).toBe('CODE_NOT_SENT failure no_address')
})

/** SMS of recovery counted today for a country. */
async function counted(country: string): Promise<number> {
  const day = new Date(Date.now()).toISOString().slice(0, 10)
  return Number((await storedItem(`K#${day}#recovery#${country}`))?.['sent'] ?? 0)
}

describe('the daily cap of a country', () => {
  test('counts each bound code once, however often its sending fails, and none that does not go', async () => {
    const before = await counted('EG')
    const person = await world.identity()
    const row = await world.orderOf(pinReset.request, { phone: person.phone }, newIp())
    const fault = { service: 'sns', mode: 'fail-before', function: 'deliver', count: 1000 } as const
    for (const _ of [1, 2, 3]) expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
    expect(await world.deliver(row)).toBe(0)
    expect(await counted('EG')).toBe(before + 1)
    const older = await world.orderOf(pinReset.request, { userId: person.userId }, newIp())
    await world.pass(60)
    const newer = await world.orderOf(pinReset.request, { userId: person.userId }, newIp())
    expect(await world.deliver(older)).toBe(0)
    expect(await linesOf(world, person.userId)).toContain('CODE_NOT_SENT failure superseded')
    expect(await counted('EG')).toBe(before + 1)
    expect(await world.deliver(newer)).toBe(0)
    expect(await counted('EG')).toBe(before + 2)
  })

  test('is in no transaction, where codes to one country would cancel each other', async () => {
    const person = await world.identity()
    const row = await world.orderOf(pinReset.request, { phone: person.phone }, newIp())
    const recording = recordCalls()
    expect(await world.deliver(row)).toBe(0)
    recording.stop()
    const counting = recording.calls.filter(({ uses }) =>
      uses.some(({ keys }) => keys.some((key) => key.startsWith('K#'))),
    )
    expect(counting.map(({ operation }) => operation)).toEqual(['UpdateItem'])
  })

  test('lets the code go that took the last place and whose sending failed', async () => {
    const phone = indianPhone()
    const first = await world.identity({ phone: indianPhone() })
    await world.identity({ phone })
    await world.pass(24 * 3600)
    await sendTo(pinReset.request, { phone: first.phone })
    const row = await world.orderOf(pinReset.request, { phone }, newIp())
    const fault = { service: 'sns', mode: 'fail-before', function: 'deliver', count: 1000 } as const
    expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
    expect(await world.deliver(row)).toBe(0)
    expect(world.messages(phone)).toHaveLength(1)
    await world.pass(24 * 3600)
  })

  test('stops codes of recovery there for the day, elsewhere and for sign-in not', async () => {
    const people: TestIdentity[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      const person = await world.identity({ phone: indianPhone() })
      await sendTo(pinReset.request, { phone: person.phone })
      people.push(person)
    }
    expect(people.map(({ phone }) => world.messages(phone).length)).toEqual([1, 1, 0])
    const last = people.at(-1)
    if (last === undefined) throw new Error('Three people were registered')
    expect((await linesOf(world, last.userId)).at(-1)).toBe('CODE_NOT_SENT failure sms-cap')

    const egyptian = await world.identity()
    await sendTo(pinReset.request, { phone: egyptian.phone })
    expect(world.messages(egyptian.phone)).toHaveLength(1)

    const login = await world.post('/api/auth/login', { identifier: last.email, password: last.password })
    const { accessToken: token } = login.body.data
    const asked = await world.post('/api/auth/step-up/request', {}, { token })
    const rows = (await outboxRows()) as { kind: string; order?: { challengeId: string } }[]
    const row = rows.find(({ order }) => order?.challengeId === asked.body.data.flowId)
    expect(await world.deliver(row as never)).toBe(0)
    expect(world.messages(last.phone)).toHaveLength(1)

    await world.pass(24 * 3600)
    await sendTo(pinReset.request, { phone: last.phone })
    expect(world.messages(last.phone)).toHaveLength(2)
  })
})

describe('nobody', () => {
  test('an unknown subject gets a decoy in the place of a binding, that no code fits', async () => {
    const person = await world.identity()
    const value = `nobody-${person.email}`
    await sendTo(passwordEmail.request, { email: person.email })
    await sendTo(passwordEmail.request, { email: value })
    const known = await storedChallenge(passwordEmail, person)
    const decoy = await storedChallengeOf('password-email', { kind: 'email', value })
    const names = ['boundAt', 'channel', 'codeKeyId', 'codeMac', 'epoch'] as const
    for (const challenge of [known, decoy] as (Record<string, unknown> | undefined)[])
      for (const name of names) expect([name, challenge?.[name] === undefined]).toEqual([name, false])
    expect(decoy?.codeMac).toHaveLength(known?.codeMac?.length ?? 0)
    expect(decoy?.userId).toBeUndefined()
    expect(world.messages(value)).toEqual([])
    const pk = `J#password-email#~${subjectKey({ kind: 'email', value })}`
    expect(await storedItem(pk)).toMatchObject({ s1: expect.any(Number) })
  })

  test('guesses at a decoy and at a real code make the same calls and get the same reply', async () => {
    const person = await world.identity()
    const nobody = { ...person, email: `nobody-${person.email}` }
    const seen = []
    for (const each of [person, nobody]) {
      await sendTo(passwordEmail.request, { email: each.email })
      const { status, body, headers } = await verifyCode(world, passwordEmail, each, { otp: '135790' })
      const calls = await world.get(`/_local/calls?requestId=${headers.get('x-request-id')}`)
      seen.push({ status, body: { ...body, requestId: '' }, names: [...headers.keys()], calls: calls.body })
    }
    expect(seen[1]).toEqual(seen[0])
    expect(seen[0]?.status).toBe(401)
  })

  test('what happens to an unknown subject is in a chain of its own kind, under a pseudonym', async () => {
    const value = 'pseudonym@example.net'
    await sendTo(passwordEmail.request, { email: value })
    await world.idle()
    const entries = (await scan('ledger')).items.filter(({ chain }) => String(chain).startsWith('unknown/'))
    expect(entries.length).toBeGreaterThan(0)
    expect(JSON.stringify(entries)).not.toContain(value)
    expect(entries.every((entry) => /^[0-9a-f]{64}$/.test(String(entry['pseudonym'])))).toBe(true)
  })
})

test('a phone that changed between two tries is sent nothing, neither the old one nor the new', async () => {
  const person = await world.identity()
  const row = await world.orderOf(pinReset.request, { userId: person.userId }, newIp())
  const fault = { service: 'sns', mode: 'fail-before', function: 'deliver' } as const
  expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
  const moved = '+201234567891'
  await world.put(`/admin/identities/${person.userId}`, { phone: moved })
  expect(await world.deliver(row)).toBe(0)
  expect(
    [...world.messages(person.phone), ...world.messages(moved)].filter(
      ({ text }) => /[0-9]{6}/.test(text) && /PIN/.test(text),
    ),
  ).toEqual([])
  expect(await linesOf(world, person.userId)).toContain('CODE_NOT_SENT failure address_changed')
})

test('a pair that no longer matches when its order comes is sent nothing', async () => {
  const person = await world.identity()
  const body = { identifier: person.username, phone: person.phone }
  const row = await world.orderOf(passwordTwoFactor.request, body, newIp())
  await world.put(`/admin/identities/${person.userId}`, { phone: '+201234567892' })
  expect(await world.deliver(row)).toBe(0)
  expect(world.messages(person.phone).filter(({ text }) => /code/.test(text))).toEqual([])
  expect(await linesOf(world, person.userId)).toContain('CODE_NOT_SENT failure pair_mismatch')
})

test('a sent code is recorded as the system’s, with its channel', async () => {
  const person = await world.identity()
  await sendTo(passwordEmail.request, { email: person.email })
  expect((await entriesOf(world, person.userId)).find(({ type }) => type === 'CODE_SENT')).toMatchObject({
    actor: 'system',
    channel: 'email',
    userId: person.userId,
  })
})
