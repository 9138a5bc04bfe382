/** Lifting everything that guessing closed. */
import { beforeAll, expect, test } from 'vitest'
import { adminOf } from '#test/support/admin.ts'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { setFailedGuesses, setFailedLogins } from '#test/support/failed-guesses.ts'
import { recordWrongPasswordsAt } from '#test/support/full-registers.ts'
import {
  askCode,
  passwordEmailBasic,
  recoveryFlows,
  resetSecret,
  verifyCode,
  wrongCode,
} from '#test/support/recovery.ts'
import { answerOf, goodPin, signIn, withPin } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

const login = ({ email }: Pick<TestIdentity, 'email'>, password: string) =>
  world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })
const times = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make))

/** Ten wrong passwords at the email: what is not failed here is recorded; whole, all are. */
const failed = sized(1, 10)
async function failTen(identity: TestIdentity): Promise<void> {
  await recordWrongPasswordsAt({ kind: 'email', value: identity.email }, 10 - failed)
  await times(failed, () => login(identity, 'not-it'))
}

test('a PIN lock is lifted, and the session goes on', async () => {
  const { identity, token } = await withPin(world)
  const verify = (pin: string) => world.post('/api/pin/verify', { pin }, { token })
  await times(10, () => verify('482916'))
  expect(answerOf(await verify(goodPin))).toBe('423 PIN_LOCKED')
  expect(answerOf(await admin.unlock(identity.userId))).toBe('200')
  expect(answerOf(await verify(goodPin))).toBe('200')
})

test('the limit of failed logins is lifted', async () => {
  const identity = await world.identity()
  await failTen(identity)
  expect(answerOf(await login(identity, identity.password))).toBe('429 RATE_LIMITED')
  await admin.unlock(identity.userId)
  expect(answerOf(await login(identity, identity.password))).toBe('200')
})

test('a password locked by a hundred failures in a row is opened', async () => {
  const identity = await world.identity()
  await setFailedLogins(identity.userId, 100 - failed)
  await failTen(identity)
  await world.pass(15 * 60)
  expect(answerOf(await login(identity, identity.password))).toBe('401 CREDENTIALS_INVALID')
  await admin.unlock(identity.userId)
  expect(answerOf(await login(identity, identity.password))).toBe('200')
})

test('the wait and the budgets of codes are lifted, under every alias', async () => {
  const { userId, email, phone } = await world.identity()
  const ask = (path: string, body: object) => world.post(path, body, { ip: newIp() })
  for (let index = 0; index < 3; index += 1) {
    expect(answerOf(await ask('/api/auth/forgot-password', { email }))).toBe('200')
    await world.pass(61)
  }
  expect(answerOf(await ask('/api/auth/forgot-password', { email }))).toBe('429 RATE_LIMITED')
  expect(answerOf(await ask('/api/pin/reset/request', { phone }))).toBe('200')
  expect(answerOf(await ask('/api/pin/reset/request', { phone }))).toBe('429 RESEND_TOO_SOON')
  await admin.unlock(userId)
  expect(answerOf(await ask('/api/auth/forgot-password', { email }))).toBe('200')
  expect(answerOf(await ask('/api/pin/reset/request', { phone }))).toBe('200')
  await world.idle()
  expect(world.messages(email), 'and the codes are really sent').toHaveLength(4)
})

test('mismatched pairs are forgotten', async () => {
  const { userId, email, phone } = await world.identity()
  const pair = (given: string) =>
    world.post('/api/password-reset/verify-identity', { identifier: email, phone: given }, { ip: newIp() })
  await times(5, () => pair('+201000000009'))
  expect(answerOf(await pair(phone))).toBe('429 RATE_LIMITED')
  await admin.unlock(userId)
  expect(answerOf(await pair(phone))).toBe('200')
})

test('the tries of a code that is out stay used up: unlocking is no way to guess on', async () => {
  const { userId, email } = await world.identity()
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  const otp = await world.lastCode(email)
  const verify = (code: string) => world.post('/api/auth/verify-reset-otp', { email, otp: code })
  for (let index = 0; index < 3; index += 1) await verify(wrongCode(otp))
  await admin.unlock(userId)
  expect(answerOf(await verify(otp))).toBe('429 TRIES_EXHAUSTED')
})

/** The hundredth failure in a row, at a code whose tries end with it. */
async function frozenPerson() {
  const person = await world.identity()
  const { code } = await askCode(world, passwordEmailBasic, person)
  const guess = (otp = wrongCode(code)) => verifyCode(world, passwordEmailBasic, person, { otp })
  await guess()
  await guess()
  await setFailedGuesses({ kind: 'email', value: person.email }, 99)
  expect(answerOf(await guess())).toBe('401 OTP_INVALID')
  const frozen = await guess(code)
  expect(answerOf(frozen)).toBe('429 TRIES_EXHAUSTED')
  expect(Number(frozen.headers.get('retry-after'))).toBeGreaterThan(86_000)
  return { person, guess }
}

test('a freeze is lifted at the code whose guess brought it: what is left is that its tries are used up', async () => {
  const { person, guess } = await frozenPerson()
  await admin.unlock(person.userId)
  for (let call = 0; call < 2; call += 1) {
    const exhausted = await guess()
    expect(answerOf(exhausted)).toBe('429 TRIES_EXHAUSTED')
    expect(exhausted.headers.get('retry-after')).toBe('1')
  }
  const story = await storyOf(world, person.userId)
  expect(story.slice(story.findIndex((line) => line.endsWith('unlocked')) + 1)).toEqual([
    'LIMIT_REACHED failure tries',
  ])
})

test('a code asked for after a lifted freeze ends with its own tries, until a new one may be asked for', async () => {
  const { person } = await frozenPerson()
  await admin.unlock(person.userId)
  const { code } = await askCode(world, passwordEmailBasic, person)
  const guess = () => verifyCode(world, passwordEmailBasic, person, { otp: wrongCode(code) })
  for (let wrong = 0; wrong < 3; wrong += 1) expect(answerOf(await guess())).toBe('401 OTP_INVALID')
  const exhausted = await guess()
  expect(answerOf(exhausted)).toBe('429 TRIES_EXHAUSTED')
  expect(Number(exhausted.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  expect((await storyOf(world, person.userId)).at(-1)).toBe('LIMIT_REACHED failure tries')
})

test('secrets, sessions and epoch stay as they are, and the entry names the admin', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const before = await identityAsStored(identity.userId)
  await admin.unlock(identity.userId)
  const { rev, updatedAt, ...after } = await identityAsStored(identity.userId)
  expect({ ...after, rev: before.rev, updatedAt: before.updatedAt }).toEqual(before)
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('200')
  expect((await entriesOf(world, identity.userId)).at(-1)).toMatchObject({
    type: 'IDENTITY_CHANGED',
    reason: 'unlocked',
    actor: 'arn:aws:iam::000000000000:user/local',
  })
})

test.each(['u-nobody', '~decoy'])('%s is NOT_FOUND', async (userId) => {
  expect(answerOf(await admin.unlock(userId))).toBe('404 NOT_FOUND')
})

test.each(['fail-before', 'fail-after'] as const)('%s: the retry unlocks', async (mode) => {
  const identity = await world.identity()
  await failTen(identity)
  const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode } as const
  const first = await withOutage(world, 'unlock-identity', outage, () => admin.unlock(identity.userId))
  expect(answerOf(first)).toBe('503 UNAVAILABLE')
  expect(answerOf(await login(identity, identity.password))).toBe(
    mode === 'fail-after' ? '200' : '429 RATE_LIMITED',
  )
  expect(answerOf(await admin.unlock(identity.userId))).toBe('200')
  expect(answerOf(await login(identity, identity.password))).toBe('200')
  const unlocked = (await storyOf(world, identity.userId)).filter((line) => line.endsWith('unlocked'))
  expect(unlocked).toHaveLength(mode === 'fail-after' ? 2 : 1)
})

test('a code that nobody asked for is answered after an unlock as before it', async () => {
  const person = await world.identity()
  const otp = '123456'
  const guesses = async () => {
    const replies = []
    for (const flow of recoveryFlows) {
      if (flow.verify !== undefined) replies.push(await verifyCode(world, flow, person, { otp }))
      const proof = flow.id === 'password-two-factor' ? { resetToken: 'x'.repeat(43) } : { otp }
      replies.push(await resetSecret(world, flow, person, proof))
    }
    return replies.map(answerOf)
  }
  const before = await guesses()
  expect(new Set(before)).toEqual(new Set(['401 OTP_INVALID', '401 TOKEN_INVALID']))
  await admin.unlock(person.userId)
  expect(await guesses()).toEqual(before)
})
