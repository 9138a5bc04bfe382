/** Proving a code that is wrong, old, used or another's: one answer, counted before it is compared. */
import { describe, expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { linesOf } from '#test/support/entries.ts'
import {
  addressOf,
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  verifyCode,
  verifyingFlows,
  wrongCode,
} from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const invalid = [401, 'OTP_INVALID']
const answer = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [
  status,
  body.error?.code,
]

/** One way through the code for all: one of them a day, all in `npm run prove -- whole-tests`. */
describe.each(sampleOf(verifyingFlows, 1, 2))('$id', (flow) => {
  const { triesPerCode, codeLifeSeconds } = flowOf(flow.id)

  test('a wrong code is refused and recorded, and the right one still works', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    const refused = await verifyCode(world, flow, person, { otp: wrongCode(otp) })
    expect(answer(refused)).toEqual(invalid)
    expect(refused.headers.has('retry-after')).toBe(false)
    expect((await verifyCode(world, flow, person, { otp })).status).toBe(200)
    expect((await linesOf(world, person.userId)).slice(2)).toEqual([
      'CODE_VERIFIED failure wrong_code',
      'CODE_VERIFIED success',
    ])
  })

  test('an expired code is refused although its item is still stored', async () => {
    const person = await world.identity()
    const { code: otp, flowId } = await askCode(world, flow, person)
    await world.pass(codeLifeSeconds)
    expect(await storedChallenge(flow, person)).toMatchObject({ challengeId: flowId, state: 'ISSUED' })
    expect(answer(await verifyCode(world, flow, person, { otp }))).toEqual(invalid)
    expect(answer(await verifyCode(world, flow, person, { otp, flowId }))).toEqual(invalid)
    expect((await linesOf(world, person.userId)).slice(2)).toEqual(
      Array(2).fill('CODE_VERIFIED failure expired'),
    )
  })

  test('a code is good until the end of its life', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    await world.pass(codeLifeSeconds - 30)
    expect((await verifyCode(world, flow, person, { otp })).status).toBe(200)
  })

  test('after the last allowed wrong guess the right code is refused too, until a new one may be asked for', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    for (let wrong = 0; wrong < triesPerCode; wrong += 1)
      expect(answer(await verifyCode(world, flow, person, { otp: wrongCode(otp) }))).toEqual(invalid)
    const refused = await verifyCode(world, flow, person, { otp })
    expect(answer(refused)).toEqual([429, 'TRIES_EXHAUSTED'])
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(30)
    expect(seconds).toBeLessThanOrEqual(60)
    await world.pass(seconds)
    const later = await verifyCode(world, flow, person, { otp })
    expect([...answer(later), later.headers.get('retry-after')]).toEqual([429, 'TRIES_EXHAUSTED', '1'])
    const fresh = await askCode(world, flow, person)
    expect((await verifyCode(world, flow, person, { otp: fresh.code })).status).toBe(200)
    expect((await linesOf(world, person.userId)).slice(2)).toEqual([
      ...Array(triesPerCode).fill('CODE_VERIFIED failure wrong_code'),
      'LIMIT_REACHED failure tries',
      'CODE_REQUESTED success',
      'CODE_SENT success',
      'CODE_VERIFIED success',
    ])
  })

  test('a stranger without the flowId cannot use up the tries of its owner', async () => {
    const person = await world.identity()
    const { code: otp, flowId } = await askCode(world, flow, person)
    for (let wrong = 0; wrong <= triesPerCode; wrong += 1)
      await verifyCode(world, flow, person, { otp: wrongCode(otp) })
    expect(answer(await verifyCode(world, flow, person, { otp }))).toEqual([429, 'TRIES_EXHAUSTED'])
    expect(answer(await verifyCode(world, flow, person, { otp: wrongCode(otp), flowId }))).toEqual(invalid)
    expect((await verifyCode(world, flow, person, { otp, flowId })).status).toBe(200)
  })

  test('guesses with the flowId have their own end', async () => {
    const person = await world.identity()
    const { code: otp, flowId } = await askCode(world, flow, person)
    for (let wrong = 0; wrong < triesPerCode; wrong += 1)
      expect(answer(await verifyCode(world, flow, person, { otp: wrongCode(otp), flowId }))).toEqual(invalid)
    expect(answer(await verifyCode(world, flow, person, { otp, flowId }))).toEqual([429, 'TRIES_EXHAUSTED'])
    expect((await verifyCode(world, flow, person, { otp })).status).toBe(200)
  })

  test('a flowId of nothing or of another challenge uses up no try', async () => {
    const [person, other] = [await world.identity(), await world.identity()]
    const { code: otp, flowId } = await askCode(world, flow, person)
    const others = await askCode(world, flow, other)
    for (const wrongId of ['nothing', others.flowId])
      expect(answer(await verifyCode(world, flow, person, { otp, flowId: wrongId }))).toEqual(invalid)
    expect(await storedChallenge(flow, person)).toMatchObject({
      triesFlow: 0,
      triesOpen: 0,
      challengeId: flowId,
    })
    expect((await linesOf(world, person.userId)).slice(2)).toEqual(
      Array(2).fill('CODE_VERIFIED failure other_challenge'),
    )
  })

  test('a new code kills the one before it', async () => {
    const person = await world.identity()
    const first = await askCode(world, flow, person)
    await world.pass(60)
    const second = await askCode(world, flow, person)
    expect(answer(await verifyCode(world, flow, person, { otp: first.code, flowId: first.flowId }))).toEqual(
      invalid,
    )
    if (first.code !== second.code)
      expect(answer(await verifyCode(world, flow, person, { otp: first.code }))).toEqual(invalid)
    expect((await verifyCode(world, flow, person, { otp: second.code })).status).toBe(200)
  })

  test('a verified code cannot be verified again', async () => {
    const person = await world.identity()
    const { code: otp, flowId } = await askCode(world, flow, person)
    expect((await verifyCode(world, flow, person, { otp })).status).toBe(200)
    expect(answer(await verifyCode(world, flow, person, { otp }))).toEqual(invalid)
    expect(answer(await verifyCode(world, flow, person, { otp, flowId }))).toEqual(invalid)
    expect(
      (await linesOf(world, person.userId)).filter((line) => line === 'CODE_VERIFIED success'),
    ).toHaveLength(1)
  })

  test('of twelve wrong guesses at once no more are answered than there are tries', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    const guesses = Array.from({ length: 12 }, () => verifyCode(world, flow, person, { otp: wrongCode(otp) }))
    const codes = (await Promise.all(guesses)).map(({ body }) => body.error.code)
    expect(codes.filter((code) => code === 'OTP_INVALID')).toHaveLength(triesPerCode)
    expect(codes.filter((code) => code === 'TRIES_EXHAUSTED')).toHaveLength(12 - triesPerCode)
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === 'CODE_VERIFIED failure wrong_code')).toHaveLength(triesPerCode)
    expect(lines.filter((line) => line === 'LIMIT_REACHED failure tries')).toHaveLength(1)
  })

  test('a right code sent by eight requests at once is verified by one', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => verifyCode(world, flow, person, { otp })),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === 'CODE_VERIFIED success')).toHaveLength(1)
  })

  test('a code is dead once the identity is suspended or its address changes', async () => {
    for (const change of [
      { status: 'suspended' },
      { [flow.channel]: flow.channel === 'email' ? `new-${Date.now()}@example.net` : '+201099999999' },
    ]) {
      const person = await world.identity()
      const { code: otp, flowId } = await askCode(world, flow, person)
      expect((await world.put(`/admin/identities/${person.userId}`, change)).status).toBe(200)
      expect(answer(await verifyCode(world, flow, person, { otp, flowId }))).toEqual(invalid)
      expect(await linesOf(world, person.userId)).toContain('CODE_VERIFIED failure stale_epoch')
      await world.del(`/admin/identities/${person.userId}`)
    }
  })

  test('unknown and suspended subjects are answered like a wrong code, to the end of the tries', async () => {
    const suspended = await world.identity({ status: 'suspended' })
    const unknown = { ...suspended, username: `x-${suspended.username}`, email: `x-${suspended.email}` }
    for (const person of flow.id === 'password-two-factor' ? [] : [suspended, unknown]) {
      await world.post(flow.request, flow.typed(person), { ip: newIp() })
      await world.idle()
      for (let wrong = 0; wrong < triesPerCode; wrong += 1)
        expect(answer(await verifyCode(world, flow, person, { otp: '135790' }))).toEqual(invalid)
      expect(answer(await verifyCode(world, flow, person, { otp: '135790' }))).toEqual([
        429,
        'TRIES_EXHAUSTED',
      ])
    }
    expect(
      answer(await verifyCode(world, flow, { ...unknown, email: 'never@asked.example' }, { otp: '135790' })),
    ).toEqual(invalid)
    expect(world.messages(addressOf(flow, suspended))).toEqual([])
  })
})

test('a code of one flow proves nothing in another', async () => {
  const person = await world.identity()
  const { code: otp } = await askCode(world, passwordEmail, person)
  await askCode(world, passwordEmailBasic, person)
  await askCode(world, passwordTwoFactor, person)
  const codes = world
    .messages(person.email)
    .concat(world.messages(person.phone))
    .map(({ text }) => text)
  expect(codes.filter((text) => text.includes(otp))).toHaveLength(1)
  expect(answer(await verifyCode(world, passwordEmailBasic, person, { otp }))).toEqual(invalid)
  expect(answer(await verifyCode(world, passwordTwoFactor, person, { otp }))).toEqual(invalid)
  expect((await verifyCode(world, passwordEmail, person, { otp })).status).toBe(200)
})

test('a mismatched pair finds no challenge: the code is refused', async () => {
  const [person, other] = [await world.identity(), await world.identity()]
  const { code: otp, flowId } = await askCode(world, passwordTwoFactor, person)
  const mixed = { ...person, phone: other.phone }
  expect(answer(await verifyCode(world, passwordTwoFactor, mixed, { otp }))).toEqual(invalid)
  expect(answer(await verifyCode(world, passwordTwoFactor, mixed, { otp, flowId }))).toEqual(invalid)
  const byEmail = await world.post(passwordTwoFactor.verify ?? '', {
    identifier: person.email,
    phone: person.phone,
    otp,
  })
  expect(answer(byEmail)).toEqual(invalid)
  expect((await verifyCode(world, passwordTwoFactor, person, { otp })).status).toBe(200)
})
