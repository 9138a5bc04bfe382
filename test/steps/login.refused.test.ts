/** Refused logins: known and unknown alike, and what strangers can and cannot do by guessing. */
import { expect, test } from 'vitest'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { setFailedLogins } from '#test/support/failed-guesses.ts'
import { recordWrongPasswordsFrom } from '#test/support/full-registers.ts'
import { answerOf, resetByEmail, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const login = (identifier: string, password: string, ip = newIp()) =>
  world.post('/api/auth/login', { identifier, password }, { ip })
const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))
const minutes = (count: number) => world.pass(count * 60)

/** Ten failures at each alias in turn: a window's worth. */
async function failAtAllAliases(aliases: readonly string[]): Promise<void> {
  for (const alias of aliases) {
    const ip = newIp()
    await times(10, () => login(alias, 'not-it', ip))
  }
}

test('a wrong password and an unknown identifier get one answer', async () => {
  const { email, userId } = await world.identity()
  const wrong = await login(email, 'not-it')
  const unknown = await login(`no-${email}`, 'not-it')
  expect(answerOf(wrong)).toBe('401 CREDENTIALS_INVALID')
  expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' })
  expect([...unknown.headers.keys()]).toEqual([...wrong.headers.keys()])
  expect(await storyOf(world, userId)).toEqual(['IDENTITY_CREATED success', 'LOGIN failure wrong_password'])
})

test('a suspended identity, one without a password and one that must reset are answered like a wrong password', async () => {
  const suspended = await world.identity({ status: 'suspended' })
  const without = await world.identity({ passwordHash: undefined })
  const owing = await world.identity()
  await world.post(`/admin/identities/${owing.userId}/require-reset`)
  const reasons = []
  for (const identity of [suspended, without, owing]) {
    expect(answerOf(await login(identity.email, identity.password))).toBe('401 CREDENTIALS_INVALID')
    reasons.push((await storyOf(world, identity.userId)).at(-1))
  }
  expect(reasons).toEqual([
    'LOGIN failure suspended',
    'LOGIN failure no_password',
    'LOGIN failure reset_required',
  ])
})

test('after ten failures at one identifier it is closed for fifteen minutes, the right password too', async () => {
  const identity = await world.identity()
  const answers = await times(14, () => login(identity.email, 'not-it'))
  expect(answers.map(answerOf).sort()).toEqual([
    ...Array(10).fill('401 CREDENTIALS_INVALID'),
    ...Array(4).fill('429 RATE_LIMITED'),
  ])
  const right = await login(identity.email, identity.password)
  expect(answerOf(right)).toBe('429 RATE_LIMITED')
  expect(Number(right.headers.get('retry-after'))).toBe(right.body.error.retryAfterSeconds)
  expect(right.body.error.retryAfterSeconds).toBeGreaterThan(600)
  expect(right.body.error.retryAfterSeconds).toBeLessThanOrEqual(900)
  const other = await login(identity.username, identity.password)
  expect(answerOf(other), 'another alias has limits of its own').toBe('200')
  await minutes(15)
  expect(answerOf(await login(identity.email, identity.password))).toBe('200')
})

test('an unknown identifier is closed after ten failures like a known one, with one entry for the window', async () => {
  const identity = await world.identity()
  const unknown = `nobody-${identity.email}`
  for (const email of [identity.email, unknown]) {
    const answers = await times(12, () => login(email, 'not-it'))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2)
  }
  const limited = (await entriesOf(world, identity.userId)).filter(({ type }) => type === 'LIMIT_REACHED')
  expect(limited).toMatchObject([{ outcome: 'failure', limit: 'logins-per-identifier' }])
})

test('the ten failures count in any fifteen minutes, not in fixed ones', async () => {
  const { email, password } = await world.identity()
  await times(5, () => login(email, 'not-it'))
  await minutes(10)
  await times(5, () => login(email, 'not-it'))
  expect(answerOf(await login(email, password))).toBe('429 RATE_LIMITED')
  await minutes(5)
  await times(5, () => login(email, 'not-it'))
  expect(answerOf(await login(email, password))).toBe('429 RATE_LIMITED')
  await minutes(5)
  expect(answerOf(await login(email, password)), 'the second five still count').toBe('429 RATE_LIMITED')
  await minutes(5)
  expect(answerOf(await login(email, password))).toBe('200')
})

test('after fifty failures from one address it is closed for an hour, whoever is meant', async () => {
  const identity = await world.identity()
  const ip = newIp()
  // What of the fifty is not guessed here is recorded: whole, all are guessed.
  const guessed = sized(10, 50)
  await recordWrongPasswordsFrom(ip, 50 - guessed)
  const guesses = await times(guessed + 4, (index) => login(`stranger-${index}@example.com`, 'not-it', ip))
  expect(guesses.filter(({ status }) => status === 401)).toHaveLength(guessed)
  const neighbour = ip.replace(/::1$/, '::2')
  expect(answerOf(await login(identity.email, identity.password, neighbour)), 'one /64').toBe(
    '429 RATE_LIMITED',
  )
  expect(answerOf(await login(identity.email, identity.password)), 'elsewhere').toBe('200')
  await minutes(50)
  expect(answerOf(await login(identity.email, identity.password, ip))).toBe('429 RATE_LIMITED')
  await minutes(10)
  expect(answerOf(await login(identity.email, identity.password, ip))).toBe('200')
})

test('successes do not count against the limits', async () => {
  const identity = await world.identity()
  const ip = newIp()
  for (let index = 0; index < 12; index += 1)
    expect(answerOf(await login(identity.email, identity.password, ip))).toBe('200')
})

test('a hundred failures in a row over all aliases lock the password until a reset, and the owner is told once', async () => {
  const identity = await world.identity()
  const { userId, email, username, phone, password } = identity
  // What of the hundred is not guessed here is stored: whole, all are guessed.
  const rounds = sized(1, 3)
  await setFailedLogins(userId, 90 - 30 * rounds)
  for (let round = 0; round < rounds; round += 1) {
    await failAtAllAliases([email, username, phone])
    await minutes(15)
  }
  await times(9, () => login(email, 'not-it'))
  const ip = newIp()
  await login(username, 'not-it', ip)
  expect(answerOf(await login(username, password, ip))).toBe('401 CREDENTIALS_INVALID')
  await times(3, () => login(phone, 'not-it'))
  const entries = await entriesOf(world, userId)
  const locks = entries.filter(({ type }) => type === 'LIMIT_REACHED')
  expect(locks.map(({ limit }) => limit)).toEqual(['logins-per-identity'])
  expect(entries.filter(({ reason }) => reason === 'wrong_password')).toHaveLength(10 + 30 * rounds)
  expect(entries.at(-1)).toMatchObject({ type: 'LOGIN', outcome: 'failure', reason: 'locked' })
  const told = world.messages(email).filter(({ subject }) => subject?.includes('sign-in was locked'))
  expect(told).toHaveLength(1)
  await minutes(24 * 60)
  expect(answerOf(await login(email, password)), 'a day does not open it').toBe('401 CREDENTIALS_INVALID')
  await resetByEmail(world, identity, 'newpass123')
  await signIn(world, { email, password: 'newpass123' })
})

test('ninety-nine failures do not lock, and a success starts the row anew', async () => {
  const { userId, email, phone, password } = await world.identity()
  await setFailedLogins(userId, 90)
  await times(9, () => login(phone, 'not-it'))
  expect(answerOf(await login(email, password))).toBe('200')
  expect(answerOf(await login(phone, 'not-it'))).toBe('401 CREDENTIALS_INVALID')
  expect(answerOf(await login(email, password))).toBe('200')
})

test('the eleventh sign-in code of an hour is refused', async () => {
  const { userId, email, password } = await world.identity({ mfaEnabled: true })
  const answers = await times(12, () => login(email, password))
  expect(answers.map(answerOf).sort()).toEqual([
    ...Array(10).fill('200'),
    ...Array(2).fill('429 RATE_LIMITED'),
  ])
  const limited = (await entriesOf(world, userId)).filter(({ type }) => type === 'LIMIT_REACHED')
  expect(limited).toMatchObject([{ flow: 'login-mfa', limit: 'codes-per-subject' }])
})
