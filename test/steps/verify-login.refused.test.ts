/** Codes that do not finish a login. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf, signIn, wrongFor } from '#test/support/sessions.ts'
import { entriesOf, storyOf } from '#test/support/sessions-ledger.ts'
import { storedSessions } from '#test/support/sessions-stored.ts'
import { createWorld, newIp, type TestIdentity, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const login = async ({ email, password }: TestIdentity) =>
  (await world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })).body.data
const verify = (challengeId: string, otp: string, more: object = {}) =>
  world.post('/api/auth/login/verify', { challengeId, otp, ...more })

async function challenged() {
  const identity = await world.identity({ mfaEnabled: true })
  const { challengeId } = await login(identity)
  return { identity, challengeId, otp: await world.lastCode(identity.phone) }
}

test('the fourth wrong code gets TRIES_EXHAUSTED, the right one then too, and no session is opened', async () => {
  const { identity, challengeId, otp } = await challenged()
  const wrong = wrongFor(otp)
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
  const guesses = Array.from({ length: 30 }, () => verify(challengeId, wrongFor(otp)))
  const answers = (await Promise.all(guesses)).map(answerOf)
  expect(answers.filter((answer) => answer === '401 OTP_INVALID')).toHaveLength(3)
  expect(answers.filter((answer) => answer === '429 TRIES_EXHAUSTED')).toHaveLength(27)
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
  for (let index = 0; index < 4; index += 1) await verify(second.challengeId, wrongFor(otp))
  expect(answerOf(await verify(first.challengeId, otp))).toBe('200')
})

test('a code lives for five minutes and no longer, although the item is still stored', async () => {
  const { challengeId, otp } = await challenged()
  await world.advance(300)
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
  await world.advance(90)
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
