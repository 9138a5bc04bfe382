/** New passwords that may not be, and proofs that do not hold: what is told, recorded and left as it was. */
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { policy } from '#shared/policy.ts'
import { storePassword } from '#test/support/as-stored.ts'
import { linesOf } from '#test/support/entries.ts'
import { callsOf } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  proofOf,
  resetSecret,
  verifyCode,
  wrongCode,
} from '#test/support/recovery.ts'
import { epochOf, storedChallenge, storedIdentity, storedItem } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf, sized } from '#test/support/whole.ts'

const world = useWorld()

const answer = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [
  status,
  body.error?.code,
]

/** One way through the code for all: one of them a day, all in `npm run prove -- whole-tests`. */
describe.each(sampleOf([passwordEmail, passwordEmailBasic, passwordTwoFactor], 1))('$id', (flow) => {
  test('a weak password is refused before the proof is looked at, which stays good', async () => {
    const person = await world.identity()
    const proof = await proofOf(world, flow, person)
    const before = [await storedChallenge(flow, person), await storedIdentity(person.userId)]
    for (const weak of [
      '',
      'short1!',
      'password123',
      'x'.repeat(129),
      `Xy-9 ${Object.values(flow.typed(person))[0]} Xy-9`,
    ]) {
      const refused = await resetSecret(world, flow, person, proof, weak)
      expect(answer(refused)).toEqual([400, 'PASSWORD_WEAK'])
      expect(refused.body.error.details.length).toBeGreaterThan(0)
    }
    expect([await storedChallenge(flow, person), await storedIdentity(person.userId)]).toEqual(before)
    expect((await resetSecret(world, flow, person, proof)).status).toBe(200)
    expect((await linesOf(world, person.userId)).filter((line) => line.startsWith('PASSWORD_RESET'))).toEqual(
      ['PASSWORD_RESET success'],
    )
  })

  test('identifiers that only the record knows are refused after the proof, which stays good', async () => {
    const id = randomBytes(6).toString('hex')
    const person = await world.identity({
      username: `quiet.heron.${id}`,
      email: `brass.lantern.${id}@example.com`,
    })
    const proof = await proofOf(world, flow, person)
    const unknownToTyped = flow.channel === 'email' ? person.username : person.email.split('@')[0]
    const holding = `Zz-44 ${unknownToTyped} !`
    const refused = await resetSecret(world, flow, person, proof, holding)
    expect(answer(refused)).toEqual([400, 'PASSWORD_WEAK'])
    expect((await resetSecret(world, flow, person, proof)).status).toBe(200)
    expect((await linesOf(world, person.userId)).slice(-2)).toEqual([
      'PASSWORD_RESET failure password_weak',
      'PASSWORD_RESET success',
    ])
  })

  test('a wrong proof is refused, recorded, and changes nothing', async () => {
    const person = await world.identity()
    const proof = await proofOf(world, flow, person)
    const before = await storedIdentity(person.userId)
    const wrong = proof['otp'] ? { otp: wrongCode(proof['otp']) } : { resetToken: 'A'.repeat(43) }
    const code = proof['otp'] ? 'OTP_INVALID' : 'TOKEN_INVALID'
    expect(answer(await resetSecret(world, flow, person, wrong))).toEqual([401, code])
    expect(await storedIdentity(person.userId)).toEqual(before)
    const reason = proof['otp'] ? 'wrong_code' : 'unknown_token'
    expect((await linesOf(world, person.userId)).at(-1)).toBe(`PASSWORD_RESET failure ${reason}`)
  })

  test('a proof is dead after a change of password, email, phone or status', async () => {
    const changes = [
      { passwordHash: '$2b$04$XXXXXXXXXXXXXXXXXXXXXO3fQUWJyj3hTtTdqJmDh4rJ5z5QwkXcu' },
      { email: `moved-${flow.id}@example.net` },
      { phone: `+2010777000${String(flow.id.length)}` },
      { status: 'suspended' },
    ]
    for (const change of changes) {
      const person = await world.identity()
      const proof = await proofOf(world, flow, person)
      const changed = await world.put(`/admin/identities/${person.userId}`, change)
      expect([Object.keys(change), changed.status]).toEqual([Object.keys(change), 200])
      const epoch = await epochOf(person.userId)
      const code = proof['otp'] ? 'OTP_INVALID' : 'TOKEN_INVALID'
      expect(answer(await resetSecret(world, flow, person, proof))).toEqual([401, code])
      expect(await epochOf(person.userId)).toBe(epoch)
      expect(await linesOf(world, person.userId)).toContain('PASSWORD_RESET failure stale_epoch')
    }
  })

  test('of eight resets at once with one proof one changes the password', async () => {
    const person = await world.identity()
    const proof = await proofOf(world, flow, person)
    const epoch = await epochOf(person.userId)
    const secrets = Array.from({ length: 8 }, (_, turn) => `${flow.newSecret}-${turn}`)
    const replies = await Promise.all(
      secrets.map((secret) => resetSecret(world, flow, person, proof, secret)),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await epochOf(person.userId)).toBe(epoch + 1)
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === 'PASSWORD_RESET success')).toHaveLength(1)
    const confirmations = world.messages(person.email).filter(({ text }) => /was changed/.test(text))
    expect(confirmations).toHaveLength(1)
  })

  test('none of the last five passwords may come back, the sixth may', async () => {
    const person = await world.identity()
    const secrets = Array.from({ length: 6 }, (_, turn) => `${flow.newSecret}-${turn}`)
    // What is not reset here is stored as a reset leaves it: whole, all are reset.
    const resets = sized(1, secrets.length)
    for (const secret of secrets.slice(0, -resets)) await storePassword(person.userId, secret)
    for (const secret of secrets.slice(-resets)) {
      expect(
        (await resetSecret(world, flow, person, await proofOf(world, flow, person), secret)).status,
      ).toBe(200)
      await world.pass(1200)
    }
    const proof = await proofOf(world, flow, person)
    for (const recent of secrets.slice(1))
      expect(answer(await resetSecret(world, flow, person, proof, recent))).toEqual([400, 'PASSWORD_REUSED'])
    expect((await resetSecret(world, flow, person, proof, secrets[0])).status).toBe(200)
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === 'PASSWORD_RESET failure password_reused')).toHaveLength(5)
  })
})

describe.each(sampleOf([passwordEmail, passwordEmailBasic], 1))('$id: guessing at the reset', (flow) => {
  const { triesPerCode, codeLifeSeconds } = flowOf(flow.id)

  test('ends where guessing at the verification does: they share their tries', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    await verifyCode(world, flow, person, { otp: wrongCode(otp) })
    for (let wrong = 1; wrong < triesPerCode; wrong += 1)
      expect(answer(await resetSecret(world, flow, person, { otp: wrongCode(otp) }))).toEqual([
        401,
        'OTP_INVALID',
      ])
    const refused = await resetSecret(world, flow, person, { otp })
    expect(answer(refused)).toEqual([429, 'TRIES_EXHAUSTED'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('a verified code has no more tries than before', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    for (let wrong = 1; wrong < triesPerCode; wrong += 1)
      await verifyCode(world, flow, person, { otp: wrongCode(otp) })
    expect((await verifyCode(world, flow, person, { otp })).status).toBe(200)
    expect(answer(await resetSecret(world, flow, person, { otp: wrongCode(otp) }))).toEqual([
      401,
      'OTP_INVALID',
    ])
    expect(answer(await resetSecret(world, flow, person, { otp }))).toEqual([429, 'TRIES_EXHAUSTED'])
  })

  test('an expired code resets nothing although its item is still stored', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    await world.pass(codeLifeSeconds)
    expect(await storedChallenge(flow, person)).toMatchObject({ state: 'ISSUED' })
    expect(answer(await resetSecret(world, flow, person, { otp }))).toEqual([401, 'OTP_INVALID'])
  })

  test('a refused new password gives the try back; the sixth that speaks of a secret spends the code', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    await resetSecret(world, flow, person, { otp })
    await world.pass(60)
    const next = await askCode(world, flow, person)
    for (let again = 0; again < policy.secretRefusalsPerChallenge; again += 1)
      expect(answer(await resetSecret(world, flow, person, { otp: next.code }))).toEqual([
        400,
        'PASSWORD_REUSED',
      ])
    expect(await storedChallenge(flow, person)).toMatchObject({ state: 'ISSUED', triesOpen: 0 })
    expect(answer(await resetSecret(world, flow, person, { otp: next.code }))).toEqual([
      429,
      'TRIES_EXHAUSTED',
    ])
    expect(answer(await resetSecret(world, flow, person, { otp: next.code }, flow.otherSecret))).toEqual([
      401,
      'OTP_INVALID',
    ])
  })
})

test('a breached password is refused after the proof, which stays good', async () => {
  const person = await world.identity()
  const proof = await proofOf(world, passwordEmail, person)
  expect(answer(await resetSecret(world, passwordEmail, person, proof, 'Violet-Harbour-1987!'))).toEqual([
    400,
    'PASSWORD_BREACHED',
  ])
  expect((await resetSecret(world, passwordEmail, person, proof)).status).toBe(200)
  expect(await linesOf(world, person.userId)).toContain('PASSWORD_RESET failure password_breached')
})

test('the token of another person, another flow, another challenge or a used-up life is refused', async () => {
  const [person, other] = [await world.identity(), await world.identity()]
  const { resetToken = '' } = await proofOf(world, passwordTwoFactor, person)
  const invalid = [401, 'TOKEN_INVALID']
  expect(answer(await resetSecret(world, passwordTwoFactor, other, { resetToken }))).toEqual(invalid)
  expect(
    answer(await resetSecret(world, passwordTwoFactor, { ...person, phone: other.phone }, { resetToken })),
  ).toEqual(invalid)
  expect(answer(await resetSecret(world, passwordEmail, person, { token: resetToken }))).toEqual(invalid)
  expect(
    answer(await resetSecret(world, passwordTwoFactor, person, { resetToken, flowId: 'other' })),
  ).toEqual(invalid)
  await world.pass(600)
  expect(answer(await resetSecret(world, passwordTwoFactor, person, { resetToken }))).toEqual(invalid)
})

describe.each([
  [passwordEmail, 'token'],
  [passwordTwoFactor, 'resetToken'],
] as const)('a token of $id', (flow, name) => {
  const tokenOf = async (person: Parameters<typeof askCode>[2]) => {
    const { code: otp } = await askCode(world, flow, person)
    return (await verifyCode(world, flow, person, { otp })).body[name] as string
  }

  test('with its challenge and another secret is refused, counted there, and leaves the true one good', async () => {
    const person = await world.identity()
    const token = await tokenOf(person)
    const [challengeId = ''] = token.split('.')
    const before = await storedIdentity(person.userId)
    const other = await tokenOf(await world.identity())
    const forged = [challengeId, `${challengeId}.`, `${challengeId}.${other.split('.')[1]}`, `${token}x`]
    for (const each of forged)
      expect(answer(await resetSecret(world, flow, person, { [name]: each }))).toEqual([401, 'TOKEN_INVALID'])
    expect(await storedIdentity(person.userId)).toEqual(before)
    expect(await storedItem(`V#${challengeId}`)).toMatchObject({
      state: 'VERIFIED',
      presented: forged.length,
    })
    const refused = (await linesOf(world, person.userId)).filter((line) => line.endsWith('unknown_token'))
    expect(refused).toHaveLength(forged.length)
    expect((await resetSecret(world, flow, person, { [name]: token })).status).toBe(200)
  })

  test('that names a live challenge costs the calls of one that names nothing, so neither tells which there is', async () => {
    const person = await world.identity()
    const [challengeId] = (await tokenOf(person)).split('.')
    const secret = 'A'.repeat(47)
    const callsAt = async (token: string) =>
      callsOf(world, await resetSecret(world, flow, person, { [name]: token }))
    const known = await callsAt(`${challengeId}.${secret}`)
    expect(known).toEqual(['dynamodb UpdateItem challenges', 'dynamodb TransactWriteItems outbox'])
    expect(await callsAt(`${'B'.repeat(22)}.${secret}`)).toEqual(known)
    expect(await callsAt(secret)).toEqual(known)
  })
})
