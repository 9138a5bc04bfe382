/** G1: asking for, proving and using a code answers the same, for the same AWS calls, whoever is meant. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { codeOf } from '#test/support/race.ts'
import { passwordEmail, passwordEmailBasic, pinReset, type RecoveryFlow } from '#test/support/recovery.ts'
import { createWorld, newIp, type TestIdentity, type World } from '#test/support/world.ts'
import { setFailedGuesses } from './failed-guesses.ts'
import { type Scenario, same } from './same-reply.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const otp = '123456'
const flows: readonly (RecoveryFlow & { readonly named: string })[] = [
  { ...passwordEmail, named: 'password-email' },
  { ...passwordEmailBasic, named: 'password-email-basic' },
  { ...pinReset, named: 'pin-reset by phone' },
  { ...pinReset, named: 'pin-reset by userId', typed: ({ userId }) => ({ userId }) },
]

const askBy =
  (flow: RecoveryFlow): Scenario =>
  async (person) => {
    const reply = await world.post(flow.request, flow.typed(person), { ip: newIp() })
    await world.idle()
    return reply
  }
const resetBy = (flow: RecoveryFlow) => (person: TestIdentity, proof: object) =>
  world.post(flow.reset, { ...flow.typed(person), ...proof, [flow.secret]: flow.newSecret })
const verifyBy = (flow: RecoveryFlow) => (person: TestIdentity, proof: object) =>
  world.post(flow.verify ?? '', { ...flow.typed(person), ...proof })

test('asking again by the route to resend', () =>
  same(world, 'OK', async (person) => {
    await askBy(passwordEmail)(person)
    await world.advance(61)
    return askBy({ ...passwordEmail, request: '/auth/resend-password-reset-otp' })(person)
  }))

describe.each(flows)('$named', (flow) => {
  const { codesPerSubjectHour } = flowOf(flow.id)
  const isPin = flow.secret === 'newPin'
  const ask = askBy(flow)
  const reset = resetBy(flow)
  const frozen = async (person: TestIdentity) => {
    await ask(person)
    const [kind, value] = Object.entries(flow.typed(person))[0] ?? []
    await setFailedGuesses({ kind: kind as 'email', value: value ?? '' }, 99)
    expect(codeOf(await reset(person, { otp }))).toBe('OTP_INVALID')
  }
  const askTimes = async (person: TestIdentity, times: number, pause: number) => {
    for (let sent = 1; sent < times; sent += 1) {
      await ask(person)
      await world.advance(pause)
    }
    return ask(person)
  }

  test('a code is asked for', () => same(world, 'OK', ask, isPin))
  test('asked for again too soon: the first refusal, which is an entry, and the second', async () => {
    await same(world, 'RESEND_TOO_SOON', (person) => askTimes(person, 2, 0), isPin)
    await same(world, 'RESEND_TOO_SOON', (person) => askTimes(person, 3, 0), isPin)
  })
  test('the codes of the hour are used up', () =>
    same(world, 'RATE_LIMITED', (person) => askTimes(person, codesPerSubjectHour + 1, 61), isPin))
  test('frozen after too many guesses: asking and resetting', async () => {
    const first = async (person: TestIdentity) => {
      await frozen(person)
      return ask(person)
    }
    await same(world, 'TRIES_EXHAUSTED', first, isPin)
    const second = async (person: TestIdentity) => {
      await frozen(person)
      return reset(person, { otp })
    }
    await same(world, 'TRIES_EXHAUSTED', second, isPin)
  })
})

const provings = flows.flatMap((flow) => [
  { flow, named: `reset of ${flow.named}`, prove: resetBy(flow) },
  ...(flow.verify === undefined ? [] : [{ flow, named: `verify of ${flow.named}`, prove: verifyBy(flow) }]),
])

describe.each(provings)('$named', ({ flow, prove }) => {
  const { triesPerCode, codeLifeSeconds } = flowOf(flow.id)
  const ask = askBy(flow)

  test('no code was asked for', () => same(world, 'OTP_INVALID', (person) => prove(person, { otp })))
  test('a wrong code without its flowId', () =>
    same(world, 'OTP_INVALID', async (person) => {
      await ask(person)
      return prove(person, { otp })
    }))
  test('a wrong code with its flowId', () =>
    same(world, 'OTP_INVALID', async (person) => {
      const { flowId } = (await ask(person)).body.data
      return prove(person, { otp, flowId })
    }))
  test('the flowId of nothing', () =>
    same(world, 'OTP_INVALID', async (person) => {
      await ask(person)
      return prove(person, { otp, flowId: 'x'.repeat(22) })
    }))
  test('a code that is over its time', () =>
    same(world, 'OTP_INVALID', async (person) => {
      await ask(person)
      await world.advance(codeLifeSeconds)
      return prove(person, { otp })
    }))
  test('the tries are used up: the first refusal, which is an entry, and the second', async () => {
    const guess = async (person: TestIdentity, times: number) => {
      await ask(person)
      for (let guesses = 1; guesses < times; guesses += 1) await prove(person, { otp })
      return prove(person, { otp })
    }
    await same(world, 'TRIES_EXHAUSTED', (person) => guess(person, triesPerCode + 1))
    await same(world, 'TRIES_EXHAUSTED', (person) => guess(person, triesPerCode + 2))
  })
})
