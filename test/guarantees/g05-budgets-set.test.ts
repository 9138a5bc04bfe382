/** G5: the budgets of an address that a stage has set hold as exactly as those agreed, up to the most that may be set. */
import { expect, test } from 'vitest'
import { policy } from '#shared/policy.ts'
import { atOnce, tally } from '#test/support/race.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'
import { recordCalls } from '../infra/recorded-calls.ts'

const most = policy.addressBudgetMost
const world = useWorld({
  settings: {
    LOGIN_FLOOR_MS: '0',
    ADDRESS_BUDGETS: JSON.stringify({ 'password-email': most, 'wrong-passwords': 3, 'mismatched-pairs': 2 }),
  },
})

let named = 0
const unknown = () => {
  named += 1
  return `nobody-${named}@example.net`
}
const ask = (ip: string) => world.post('/auth/request-password-reset', { email: unknown() }, { ip })

test('a hundred codes an hour and address, and not one more in any sliding hour', async () => {
  const ip = newIp()
  const first = await atOnce(30, () => ask(ip))
  expect(tally(first)).toEqual({ OK: 30 })
  await world.advance(1800)
  const rest = await atOnce(most, () => ask(ip))
  expect(tally(rest)).toEqual({ OK: most - 30, RATE_LIMITED: 30 })
  await world.advance(1801)
  const again = await atOnce(60, () => ask(ip))
  expect(tally(again)).toEqual({ OK: 30, RATE_LIMITED: 30 })
})

test('what is not set stays as agreed', async () => {
  const ip = newIp()
  const asked = () => world.post('/api/auth/forgot-password', { email: unknown() }, { ip })
  expect(tally(await atOnce(8, asked))).toEqual({ OK: 3, RATE_LIMITED: 5 })
})

test('fewer wrong passwords and mismatched pairs, where they are set so', async () => {
  const ip = newIp()
  const signIn = () => world.post('/api/auth/login', { identifier: unknown(), password: 'wrong' }, { ip })
  expect(tally(await atOnce(9, signIn))).toEqual({ CREDENTIALS_INVALID: 3, RATE_LIMITED: 6 })
  const pair = () =>
    world.post(
      '/api/password-reset/verify-identity',
      { identifier: unknown(), phone: '+201000000001' },
      { ip },
    )
  const replies: string[] = []
  for (let count = 0; count < 3; count += 1) replies.push(String((await pair()).status))
  expect(replies).toEqual(['401', '401', '429'])
})

test('people behind one address who are right do not all meet in one item, and each is held to the budget', async () => {
  const ip = newIp()
  const { email, password } = await world.identity()
  const recording = recordCalls()
  for (let count = 0; count < 16; count += 1)
    expect((await world.post('/api/auth/login', { identifier: email, password }, { ip })).status).toBe(200)
  recording.stop()
  const held = recording.calls
    .filter(({ operation }) => operation === 'TransactWriteItems')
    .map(({ uses }) => uses.flatMap(({ keys }) => keys).filter((key) => key.startsWith('A#ip#')))
    .filter((keys) => keys.length > 0)
  expect(held.map((keys) => keys.length)).toEqual(Array.from({ length: 16 }, () => 1))
  expect(new Set(held.flat()).size).toBeGreaterThan(1)
})
