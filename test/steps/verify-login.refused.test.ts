/** Codes that do not finish a login. */
import { expect, test } from 'vitest'
import { policy } from '#shared/policy.ts'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { setWrongSignInCodes } from '#test/support/failed-guesses.ts'
import { wrongCode } from '#test/support/recovery.ts'
import { answerOf, resetByEmail, signIn } from '#test/support/sessions.ts'
import { storedSessions } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf, sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

async function login({ email, password }: TestIdentity) {
  const reply = await world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })
  expect(answerOf(reply)).toBe('200')
  return reply.body.data
}
const verify = (challengeId: string, otp: string, more: object = {}) =>
  world.post('/api/auth/login/verify', { challengeId, otp, ...more })

async function challenged() {
  const identity = await world.identity({ mfaEnabled: true })
  const { challengeId } = await login(identity)
  return { identity, challengeId, otp: await world.lastCode(identity.phone) }
}

test('the fourth wrong code gets TRIES_EXHAUSTED, the right one then too, and no session is opened', async () => {
  const { identity, challengeId, otp } = await challenged()
  const wrong = wrongCode(otp)
  const answers = []
  for (let index = 0; index < 4; index += 1) answers.push(await verify(challengeId, wrong))
  answers.push(await verify(challengeId, otp))
  expect(answers.map(answerOf)).toEqual([
    ...Array(3).fill('401 OTP_INVALID'),
    ...Array(2).fill('429 TRIES_EXHAUSTED'),
  ])
  expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(await storedSessions(identity.userId)).toEqual([])
  const told = world.messages(identity.email).filter(({ subject }) => subject?.includes('wrong sign-in code'))
  expect(told, 'the owner is told once').toHaveLength(1)
  const limits = (await entriesOf(world, identity.userId)).filter(({ type }) => type === 'LIMIT_REACHED')
  expect(limits).toMatchObject([{ limit: 'tries', flow: 'login-mfa' }])
})

test('at most three of many concurrent wrong codes are answered', async () => {
  const { challengeId, otp } = await challenged()
  const guesses = Array.from({ length: sized(8, 30) }, () => verify(challengeId, wrongCode(otp)))
  const answers = (await Promise.all(guesses)).map(answerOf)
  expect(answers.filter((answer) => answer === '401 OTP_INVALID')).toHaveLength(3)
  expect(answers.filter((answer) => answer === '429 TRIES_EXHAUSTED')).toHaveLength(guesses.length - 3)
})

test('a used code cannot be used again', async () => {
  const { identity, challengeId, otp } = await challenged()
  const answers = await Promise.all(Array.from({ length: 3 }, () => verify(challengeId, otp)))
  expect(answers.map(answerOf).sort()).toEqual(['200', '401 OTP_INVALID', '401 OTP_INVALID'])
  expect(answerOf(await verify(challengeId, otp))).toBe('401 OTP_INVALID')
  expect(await storedSessions(identity.userId)).toHaveLength(1)
})

test('the code of one login does not finish another', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  const first = await login(identity)
  const otp = await world.lastCode(identity.phone)
  const second = await login(identity)
  await world.idle()
  if ((await world.lastCode(identity.phone)) !== otp)
    expect(answerOf(await verify(second.challengeId, otp))).toBe('401 OTP_INVALID')
  expect(answerOf(await verify(second.challengeId, otp, { flowId: first.challengeId }))).toBe(
    '401 OTP_INVALID',
  )
  expect(answerOf(await verify(first.challengeId, otp))).toBe('200')
})

test('wrong codes of one login use up nothing of another', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  const first = await login(identity)
  const otp = await world.lastCode(identity.phone)
  const second = await login(identity)
  for (let index = 0; index < 4; index += 1) await verify(second.challengeId, wrongCode(otp))
  expect(answerOf(await verify(first.challengeId, otp))).toBe('200')
})

test('a code lives for five minutes and no longer, although the item is still stored', async () => {
  const { challengeId, otp } = await challenged()
  await world.pass(300)
  expect(answerOf(await verify(challengeId, otp))).toBe('401 OTP_INVALID')
})

test.each([
  ['a changed phone', { phone: '+201055555501' }],
  ['a suspension', { status: 'suspended' }],
  ['turning the second factor off', { mfaEnabled: false }],
])('the code is dead after %s', async (_, change) => {
  const { identity, challengeId, otp } = await challenged()
  await world.put(`/admin/identities/${identity.userId}`, change)
  expect(answerOf(await verify(challengeId, otp))).toBe('401 OTP_INVALID')
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('MFA_VERIFIED failure stale_epoch')
})

test.each([
  [
    'a password that the team set',
    ({ userId }: TestIdentity) =>
      world.put(`/admin/identities/${userId}`, {
        passwordHash: '$2b$04$abcdefghijklmnopqrstuuE6hjV0tHQ3jp9kaJlJy0TjgfxYeTl2W',
      }),
  ],
  [
    'a reset that the team demands',
    ({ userId }: TestIdentity) => world.post(`/admin/identities/${userId}/require-reset`, {}),
  ],
])('no code is sent for a sign-in that was overtaken by %s', async (_, overtake) => {
  const identity = await world.identity({ mfaEnabled: true })
  // Of what comes before the record is read: a code that was bound before the change is dead by itself.
  const outage = { service: 'dynamodb', function: 'deliver', mode: 'fail-before' }
  await world.post('/_local/faults', { ...outage, count: 1000 })
  await login(identity)
  const before = world.messages(identity.phone).length
  expect((await overtake(identity)).status).toBe(200)
  await world.post('/_local/faults', { count: 0 })
  await world.pass(90)
  await world.idle()
  const sent = world.messages(identity.phone).slice(before)
  expect(sent.filter(({ text }) => /[0-9]{6}/.test(text))).toEqual([])
  expect(await storyOf(world, identity.userId)).toContain('CODE_NOT_SENT failure stale_epoch')
})

test('challenge ids that nobody was given are one answer: made up, of another form, of an identity without MFA', async () => {
  const plain = await world.identity()
  await signIn(world, plain)
  const madeUp = [
    'A'.repeat(22),
    `${'A'.repeat(22)}.${plain.userId}`,
    `${'A'.repeat(22)}.nobody`,
    '~',
    'a.b.c',
  ]
  const replies = []
  for (const challengeId of madeUp) replies.push(await verify(challengeId, '123456'))
  expect(replies.map(answerOf)).toEqual(madeUp.map(() => '401 OTP_INVALID'))
  expect(new Set(replies.map(({ body }) => JSON.stringify({ ...body, requestId: '' }))).size).toBe(1)
})

/** Messages of the mailbox by their subject. */
const told = (email: string, part: string) =>
  world.messages(email).filter(({ subject }) => subject?.includes(part))

test('the first wrong code of a sign-in tells the owner, though the worker has not bound the challenge yet', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  // Nothing the worker does before binding succeeds: the challenge is bound to nobody.
  const outage = { service: 'dynamodb', function: 'deliver', mode: 'fail-before', count: 1000 }
  await world.post('/_local/faults', outage)
  const { challengeId } = await login(identity)
  for (const otp of ['000000', '000001', '000002'])
    expect(answerOf(await verify(challengeId, otp))).toBe('401 OTP_INVALID')
  await world.post('/_local/faults', { count: 0 })
  await world.pass(90)
  await world.idle()
  expect(told(identity.email, 'wrong sign-in code')).toHaveLength(1)
  expect(await storyOf(world, identity.userId)).toContain('MFA_VERIFIED failure wrong_code')
})

test('a first wrong code that an outage hit is told with the next one: a guess that was counted silences nothing', async () => {
  const { identity, challengeId, otp } = await challenged()
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-before', count: 40 }
  await world.post('/_local/faults', { ...outage, function: 'verify-login' })
  expect(answerOf(await verify(challengeId, wrongCode(otp)))).toBe('503 UNAVAILABLE')
  await world.post('/_local/faults', { count: 0 })
  expect(answerOf(await verify(challengeId, wrongCode(otp)))).toBe('401 OTP_INVALID')
  await world.idle()
  expect(told(identity.email, 'wrong sign-in code')).toHaveLength(1)
})

test('a hundred wrong sign-in codes in a row close sign-in until a reset or an unlock, and the owner is told', async () => {
  const most = policy.wrongSignInCodesPerIdentity
  for (const open of sampleOf(['reset', 'unlock'] as const, 1)) {
    const { identity, challengeId, otp } = await challenged()
    const older = await login(identity)
    await world.idle()
    // Over all sign-ins: two of the hundred are made here, at two of them.
    await setWrongSignInCodes(identity.userId, most - 2)
    expect(answerOf(await verify(challengeId, wrongCode(otp)))).toBe('401 OTP_INVALID')
    expect(told(identity.email, 'sign-in was locked')).toEqual([])
    const other = wrongCode(await world.lastCode(identity.phone))
    expect(answerOf(await verify(older.challengeId, other))).toBe('401 OTP_INVALID')
    await world.idle()
    expect(told(identity.email, 'sign-in was locked')).toHaveLength(1)
    // No code of before and no new sign-in goes on, however long one waits.
    expect(answerOf(await verify(challengeId, otp))).toBe('429 TRIES_EXHAUSTED')
    for (const days of [0, 1, 30]) {
      await world.pass(days * 24 * 3600 + 1)
      const { email: identifier, password } = identity
      const refused = await world.post('/api/auth/login', { identifier, password }, { ip: newIp() })
      expect(answerOf(refused), `after ${days} days`).toBe('429 TRIES_EXHAUSTED')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    }
    const password = open === 'reset' ? 'a new one of the owner' : identity.password
    if (open === 'reset') await resetByEmail(world, identity, password)
    else await world.post(`/admin/identities/${identity.userId}/unlock`)
    const next = await login({ ...identity, password })
    const code = await world.lastCode(identity.phone)
    expect(answerOf(await verify(next.challengeId, code)), open).toBe('200')
    await world.idle()
    expect(told(identity.email, 'sign-in was locked'), 'told once').toHaveLength(1)
  }
})

test('a sign-in that succeeds starts the row of wrong codes anew', async () => {
  const { identity, challengeId, otp } = await challenged()
  await setWrongSignInCodes(identity.userId, policy.wrongSignInCodesPerIdentity - 1)
  expect(answerOf(await verify(challengeId, otp))).toBe('200')
  const next = await login(identity)
  const code = await world.lastCode(identity.phone)
  expect(answerOf(await verify(next.challengeId, wrongCode(code)))).toBe('401 OTP_INVALID')
  expect(answerOf(await verify(next.challengeId, code))).toBe('200')
})

test('of wrong codes at once around the hundredth just those up to it are answered as wrong', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  const sent = await Promise.all(Array.from({ length: 5 }, () => login(identity)))
  await world.idle()
  await setWrongSignInCodes(identity.userId, policy.wrongSignInCodesPerIdentity - 4)
  const guesses = sent.flatMap(({ challengeId }) => [0, 1, 2].map(() => verify(challengeId, '000000')))
  const answers = (await Promise.all(guesses)).map(answerOf)
  // One of a million codes is the right one of a sign-in.
  expect(answers.filter((answer) => answer === '401 OTP_INVALID')).toHaveLength(4)
  expect(answers.filter((answer) => answer === '429 TRIES_EXHAUSTED')).toHaveLength(11)
  await world.idle()
  expect(told(identity.email, 'sign-in was locked')).toHaveLength(1)
})
