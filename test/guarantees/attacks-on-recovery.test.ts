/** Attacks on the recovery flows that were tried, each with what must come of it. */
import { describe, expect, test } from 'vitest'
import { entriesOf } from '#test/support/entries.ts'
import { setFailedGuesses } from '#test/support/failed-guesses.ts'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { atOnce, callsOf, codeOf, tally } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  type RecoveryFlow,
  resetSecret,
  verifyCode,
  wrongCode,
} from '#test/support/recovery.ts'
import { epochOf, storedChallenge } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

/** One more wrong guess than is allowed in a row. */
async function freeze(flow: RecoveryFlow, person: TestIdentity, code: string): Promise<void> {
  await setFailedGuesses({ kind: 'email', value: person.email }, 99)
  const last = await resetSecret(world, flow, person, { otp: wrongCode(code) })
  expect(codeOf(last)).toBe('OTP_INVALID')
}

describe('a frozen subject', () => {
  test('is not told that a code was right, not even where the new password would be refused', async () => {
    const flow = passwordEmailBasic
    const person = await world.identity()
    const used = await askCode(world, flow, person)
    expect((await resetSecret(world, flow, person, { otp: used.code })).status).toBe(200)
    await world.pass(61)
    const { code, flowId } = await askCode(world, flow, person)
    await freeze(flow, person, code)
    for (const secret of [flow.newSecret, flow.otherSecret]) {
      const reply = await resetSecret(world, flow, person, { otp: code, flowId }, secret)
      expect(codeOf(reply)).toBe('TRIES_EXHAUSTED')
      expect(reply.body.error.retryAfterSeconds).toBeGreaterThan(86_000)
    }
  })

  test('is refused in every flow that takes the same identifier, and a token from before still works', async () => {
    const person = await world.identity()
    const verified = await askCode(world, passwordEmail, person)
    const { token } = (await verifyCode(world, passwordEmail, person, { otp: verified.code })).body
    const { code } = await askCode(world, passwordEmailBasic, person)
    await freeze(passwordEmailBasic, person, code)
    const ask = (flow: RecoveryFlow) => world.post(flow.request, flow.typed(person), { ip: newIp() })
    expect(codeOf(await ask(passwordEmail))).toBe('TRIES_EXHAUSTED')
    expect(codeOf(await ask(passwordEmailBasic))).toBe('TRIES_EXHAUSTED')
    expect(codeOf(await verifyCode(world, passwordEmailBasic, person, { otp: code }))).toBe('TRIES_EXHAUSTED')
    expect(codeOf(await resetSecret(world, passwordEmail, person, { token }))).toBe('OK')
  })
})

describe('values moved to where they do not belong', () => {
  test('a code counts for its flow and its subject alone', async () => {
    const [person, other] = [await world.identity(), await world.identity()]
    const mine = await askCode(world, passwordEmail, person)
    await askCode(world, passwordEmail, other)
    await askCode(world, passwordEmailBasic, person)
    const tries = [
      () => resetSecret(world, passwordEmail, other, { otp: mine.code }),
      () => resetSecret(world, passwordEmail, other, { otp: mine.code, flowId: mine.flowId }),
      () => resetSecret(world, passwordEmailBasic, person, { otp: mine.code, flowId: mine.flowId }),
      () => verifyCode(world, passwordEmailBasic, person, { otp: mine.code, flowId: mine.flowId }),
    ]
    for (const attempt of tries) expect(codeOf(await attempt())).toBe('OTP_INVALID')
    expect((await verifyCode(world, passwordEmail, person, { otp: mine.code })).status).toBe(200)
  })

  test('a token counts for its flow, its subject and its flowId alone', async () => {
    const [person, other] = [await world.identity(), await world.identity()]
    const { code, flowId } = await askCode(world, passwordEmail, person)
    const foreign = await askCode(world, passwordEmail, other)
    const { token } = (await verifyCode(world, passwordEmail, person, { otp: code })).body
    const tries = [
      () => resetSecret(world, passwordEmail, other, { token }),
      () => resetSecret(world, passwordTwoFactor, person, { resetToken: token }),
      () => resetSecret(world, passwordEmail, person, { token, flowId: foreign.flowId }),
      () => resetSecret(world, passwordEmail, person, { token: `${token}=` }),
      () => resetSecret(world, passwordEmail, person, { token: token.toLowerCase() }),
    ]
    for (const attempt of tries) expect(codeOf(await attempt())).toBe('TOKEN_INVALID')
    expect(codeOf(await resetSecret(world, passwordEmail, person, { token, flowId }))).toBe('OK')
  })

  test('a verified challenge is found by its flowId for its own subject alone, and tells nothing of itself', async () => {
    const [attacker, victim] = [await world.identity(), await world.identity()]
    const flow = passwordEmailBasic
    const { code, flowId } = await askCode(world, flow, attacker)
    await verifyCode(world, flow, attacker, { otp: code, flowId })
    const burnt = await atOnce(5, () => resetSecret(world, flow, attacker, { otp: wrongCode(code), flowId }))
    expect(tally(burnt)).toEqual({ OTP_INVALID: 3, TRIES_EXHAUSTED: 2 })
    const before = (await entriesOf(world, attacker.userId)).length
    const moved = await atOnce(5, () => resetSecret(world, flow, victim, { otp: code, flowId }))
    expect(tally(moved)).toEqual({ OTP_INVALID: 5 })
    // What was tried on the victim is in the victim's chain.
    expect(await entriesOf(world, attacker.userId)).toHaveLength(before)
    expect(
      (await entriesOf(world, victim.userId)).filter(({ type }) => type === flow.resetType),
    ).toHaveLength(5)
  })

  test('a PIN code asked for by phone does not reset by userId', async () => {
    const person = await pinHolder(world)
    const { code, flowId } = await askCode(world, pinReset, person)
    const body = { userId: person.userId, newPin: '482915' }
    expect(codeOf(await world.post(pinReset.reset, { ...body, otp: code }))).toBe('OTP_INVALID')
    expect(codeOf(await world.post(pinReset.reset, { ...body, otp: code, flowId }))).toBe('OTP_INVALID')
    const { accessToken: token } = person
    expect(codeOf(await world.post('/api/pin/verify', { pin: firstPin }, { token }))).toBe('OK')
  })

  test('a step-up code resets no PIN', async () => {
    const person = await pinHolder(world)
    await world.pass(61)
    await world.post('/api/auth/step-up/request', undefined, { token: person.accessToken, ip: newIp() })
    const otp = await world.lastCode(person.phone)
    for (const typed of [{ phone: person.phone }, { userId: person.userId }])
      expect(codeOf(await world.post(pinReset.reset, { ...typed, otp, newPin: '482915' }))).toBe(
        'OTP_INVALID',
      )
  })

  test('a code of the two-factor flow counts for its pair alone', async () => {
    const [person, other] = [await world.identity(), await world.identity()]
    const { code, flowId } = await askCode(world, passwordTwoFactor, person)
    const { verify = '' } = passwordTwoFactor
    const pairs = [
      { identifier: person.email, phone: person.phone },
      { identifier: person.username, phone: other.phone },
      { identifier: other.username, phone: person.phone },
    ]
    for (const pair of pairs)
      expect(codeOf(await world.post(verify, { ...pair, otp: code, flowId }))).toBe('OTP_INVALID')
    expect((await verifyCode(world, passwordTwoFactor, person, { otp: code })).status).toBe(200)
  })
})

test('a new code at the moment of a guess at the old one: the old one verifies nothing after it', async () => {
  const flow = passwordEmailBasic
  for (let round = 0; round < sized(2, 6); round += 1) {
    const person = await world.identity()
    const old = await askCode(world, flow, person)
    await world.pass(61)
    const [asked, guessed] = await Promise.all([
      world.post(flow.request, flow.typed(person)),
      verifyCode(world, flow, person, { otp: old.code }),
    ])
    expect(codeOf(asked)).toBe('OK')
    const fresh = await world.lastCode(person.email)
    if (fresh === old.code) continue
    const again = await verifyCode(world, flow, person, { otp: old.code })
    expect(codeOf(again)).toBe('OTP_INVALID')
    expect((await storedChallenge(flow, person))?.state).toBe('ISSUED')
    // One that was verified before the new code was asked for goes on to live.
    const reset = await resetSecret(world, flow, person, { otp: old.code, flowId: old.flowId })
    expect(codeOf(reset)).toBe(guessed.status === 200 ? 'OK' : 'OTP_INVALID')
  }
})

test('right codes with refused passwords, at once with guesses, give no more guesses than the tries', async () => {
  const flow = passwordEmailBasic
  const person = await world.identity()
  const first = await askCode(world, flow, person)
  expect((await resetSecret(world, flow, person, { otp: first.code })).status).toBe(200)
  await world.pass(61)
  const { code } = await askCode(world, flow, person)
  const otp = wrongCode(code)
  const replies = await atOnce(sized(24, 90), (index) =>
    resetSecret(world, flow, person, { otp: index % 3 === 0 ? code : otp }),
  )
  const counts = tally(replies)
  expect(Object.keys(counts).sort()).toEqual(
    expect.arrayContaining(['OTP_INVALID', 'TRIES_EXHAUSTED'].filter((name) => counts[name])),
  )
  expect(counts['OK']).toBeUndefined()
  expect(counts['OTP_INVALID'] ?? 0).toBeLessThanOrEqual(3)
  const challenge = await storedChallenge(flow, person)
  // The sixth right code, where it comes before the last wrong one, spends the code and its own try with it.
  const spent = challenge?.state === 'CONSUMED' ? 1 : 0
  expect(challenge).toMatchObject({ triesOpen: (counts['OTP_INVALID'] ?? 0) + spent, triesFlow: 0 })
})

test('a guess asks the same of AWS whether a code was used up or never asked for', async () => {
  const flow = passwordEmailBasic
  const person = await world.identity()
  const { code } = await askCode(world, flow, person)
  await verifyCode(world, flow, person, { otp: code })
  expect((await resetSecret(world, flow, person, { otp: code })).status).toBe(200)
  const known = await resetSecret(world, flow, person, { otp: '123456' }, flow.otherSecret)
  const nobody = { ...person, email: `nobody-${person.email}` }
  const unknown = await resetSecret(world, flow, nobody, { otp: '123456' }, flow.otherSecret)
  expect(codeOf(known)).toBe('OTP_INVALID')
  expect(codeOf(unknown)).toBe('OTP_INVALID')
  expect(callsOf(world, known)).toEqual(callsOf(world, unknown))
})

test('a change of address between code and reset makes the code void', async () => {
  const person = await world.identity()
  const { code } = await askCode(world, passwordEmailBasic, person)
  const before = await epochOf(person.userId)
  const moved = await world.put(`/admin/identities/${person.userId}`, { email: `new-${person.email}` })
  expect(moved.status).toBe(200)
  expect(codeOf(await resetSecret(world, passwordEmailBasic, person, { otp: code }))).toBe('OTP_INVALID')
  expect(await epochOf(person.userId)).toBe(before + 1)
})

test('nobody looks a password up among the breached ones without a right code or token', async () => {
  const person = await world.identity()
  const { code } = await askCode(world, passwordEmail, person)
  const breached = 'Violet-Harbour-1987!'
  const lookUps = (reply: Awaited<ReturnType<typeof resetSecret>>) =>
    callsOf(world, reply).filter((call) => call.startsWith('hibp'))
  for (const proof of [{ otp: wrongCode(code) }, { token: 'x'.repeat(43) }]) {
    const reply = await resetSecret(world, passwordEmail, person, proof, breached)
    expect(codeOf(reply)).toBe('otp' in proof ? 'OTP_INVALID' : 'TOKEN_INVALID')
    expect(lookUps(reply)).toEqual([])
  }
  // The service may be too slow for its answer to count; that it was asked is what matters here.
  expect(lookUps(await resetSecret(world, passwordEmail, person, { otp: code }, breached))).toHaveLength(1)
})
