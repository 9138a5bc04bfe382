/** Codes that are asked for and never given back pause their country's recovery by SMS, and nothing else. */
import { expect, test } from 'vitest'
import { transact, update } from '#shared/stores/database.ts'
import { countWrites, pause, readCounts } from '#shared/stores/sms-counts.ts'
import { linesOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import { atOnce, tally } from '#test/support/race.ts'
import {
  askCode,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  type RecoveryFlow,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { answerOf } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld({ settings: { SMS_UNVERIFIED_FLOORS: JSON.stringify({ IN: 40 }) } })

let phones = 0
const indian = () => {
  phones += 1
  return world.identity({ phone: `+9197${50_000_000 + phones}`, mfaEnabled: true })
}
const people = async (count: number, make: () => Promise<TestIdentity>) => {
  const made: TestIdentity[] = []
  for (let each = 0; each < count; each += 1) made.push(await make())
  return made
}
const ask = (person: TestIdentity, flow: RecoveryFlow = pinReset) =>
  world.post(flow.request, flow.typed(person), { ip: newIp() })
const codesTo = ({ phone }: TestIdentity) =>
  world.messages(phone).filter(({ text }) => /reset code/.test(text)).length
const counts = async (country: string) => {
  const { slots } = await readCounts(country, Date.now())
  const sum = (name: 'sent' | 'verified') => slots.reduce((total, slot) => total + slot[name], 0)
  return [sum('sent'), sum('verified')]
}
test('all chains of all days are counted, those of before too, in as many items that chains seldom meet', async () => {
  const now = Date.now()
  const dayMs = 24 * 3_600_000
  const keys = new Set<string>()
  for (let number = 0; number < 140; number += 1) {
    const code = { what: 'sent', country: 'KE', askedAt: now - (number % 14) * dayMs } as const
    const writes = countWrites([code], `identity/u-${number}`)
    keys.add(String(writes[0]?.Update?.Key?.['pk']?.S).split('#').at(-1) ?? '')
    await transact(writes)
  }
  expect(keys.size).toBeGreaterThan(25)
  const old = `Q#${new Date(now - 3 * dayMs).toISOString().slice(0, 10)}#KE#5`
  await transact([update('challenges', { pk: old }, 'ADD s0 :one', { values: { one: 1 } })])
  expect(await counts('KE')).toEqual([141, 0])
})

const slotPasses = () => world.advance(1201)

test('a code counts as sent once and as verified once, by whichever way it is given back', async () => {
  const person = await world.identity()
  const before = await counts('EG')
  const { code } = await askCode(world, passwordTwoFactor, person)
  const { body } = await verifyCode(world, passwordTwoFactor, person, { otp: code })
  const reset = () => resetSecret(world, passwordTwoFactor, person, { resetToken: body.resetToken })
  expect(tally(await atOnce(5, reset))).toEqual({ OK: 1, TOKEN_INVALID: 4 })
  // No PIN to reset: the code was right, and is left as it was.
  const pin = await askCode(world, pinReset, person)
  expect(answerOf(await resetSecret(world, pinReset, person, { otp: pin.code }))).toBe('403 NOT_ELIGIBLE')
  await askCode(world, passwordEmailBasic, person)
  await world.idle()
  const after = await counts('EG')
  expect(after.map((count, place) => count - (before[place] ?? 0))).toEqual([2, 1])
})

test('what the stream brings again, or a commit whose reply was lost, counts no second time', async () => {
  const person = await world.identity()
  const before = await counts('EG')
  const fault = {
    service: 'dynamodb',
    operation: 'TransactWriteItems',
    mode: 'fail-after',
    function: 'append-ledger',
  } as const
  await withFault(world, fault, async () => {
    await ask(person, passwordTwoFactor)
    await world.idle()
  })
  await world.advance(300)
  await world.idle()
  const after = await counts('EG')
  expect(after.map((count, place) => count - (before[place] ?? 0))).toEqual([1, 0])
})

test('requests to a paused country send nothing and are answered as ever, while another goes on', async () => {
  const many = await people(11, indian)
  const [egyptian] = await people(1, () => world.identity())
  if (egyptian === undefined) throw new Error('Somebody was registered')
  for (const person of many) expect((await ask(person)).status).toBe(200)
  await world.idle()
  expect(many.map(codesTo)).toEqual(Array(11).fill(1))
  await slotPasses()

  // Eleven in an hour are too many. Each goes on asking by two flows, as often as the budgets allow.
  const statuses: number[] = []
  const turns = sized(2, 5)
  for (let turn = 0; turn < turns; turn += 1) {
    for (const flow of turn < turns - 1 ? [pinReset, passwordTwoFactor] : [passwordTwoFactor])
      for (const half of [many.slice(0, 6), many.slice(6)]) {
        await world.put('/_local/source-ip', { ip: newIp() })
        const sent = await Promise.all(half.map((person) => world.post(flow.request, flow.typed(person))))
        statuses.push(...sent.map(({ status }) => status))
      }
    await world.advance(61)
  }
  expect(statuses).toEqual(Array(11 * (2 * turns - 1)).fill(200))
  await world.idle()
  expect(many.map(codesTo)).toEqual(Array(11).fill(1))
  const [one] = many
  if (one === undefined) throw new Error('Eleven were registered')
  expect((await linesOf(world, one.userId)).at(-1)).toBe('CODE_NOT_SENT failure sms-paused')

  await askCode(world, pinReset, egyptian)
  expect(codesTo(egyptian)).toBe(1)
  await askCode(world, passwordEmailBasic, one)
  // Nobody can close signing in for a country by asking for resets.
  const login = await world.post('/api/auth/login', { identifier: one.email, password: one.password })
  const otp = await world.lastCode(one.phone)
  const { challengeId } = login.body.data
  expect(answerOf(await world.post('/api/auth/login/verify', { challengeId, otp }))).toBe('200')
}, 120_000)

test('it opens again by itself when the hour is over, and shuts again when it goes on', async () => {
  await world.advance(3600)
  await world.advance(241)
  const [first, ...rest] = await people(12, indian)
  if (first === undefined) throw new Error('Twelve were registered')
  await askCode(world, pinReset, first)
  for (const person of rest) await ask(person)
  await world.idle()
  expect(rest.map(codesTo)).toEqual(Array(11).fill(1))
  await slotPasses()
  await ask(first, passwordTwoFactor)
  await world.idle()
  expect((await linesOf(world, first.userId)).at(-1)).toBe('CODE_NOT_SENT failure sms-paused')
})

test('at midnight a pause goes on, and the watch that stops leaves nothing shut', async () => {
  const toMidnight = 86_400 - (Math.floor(Date.now() / 1000) % 86_400)
  await world.advance(toMidnight - 30)
  await pause('EG', Date.now())
  await world.advance(40)
  const person = await world.identity()
  await ask(person)
  await world.idle()
  expect(codesTo(person)).toBe(0)
  await world.advance(180)
  await ask(person)
  await world.idle()
  expect(codesTo(person)).toBe(1)
})

holdEventsToSchemas(world)
