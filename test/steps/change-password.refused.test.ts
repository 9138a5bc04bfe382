/** Refused password changes. */
import { expect, test, vi } from 'vitest'
import { transact } from '#shared/stores/database.ts'
import { refusedSecretsRegister } from '#shared/stores/logins.ts'
import { endSessionWrite } from '#shared/stores/sessions.ts'
import { storePassword } from '#test/support/as-stored.ts'
import { storyOf } from '#test/support/entries.ts'
import { answerOf, signIn, strongerPassword, strongPassword } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { storedItem } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const change = (token: string, password: string, newPassword: string, ip = newIp()) =>
  world.post('/api/auth/password/change', { password, newPassword }, { token, ip })

test('a wrong present password is CREDENTIALS_INVALID, and nothing changes', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const before = await identityAsStored(identity.userId)
  expect(answerOf(await change(token, 'not-it', strongPassword))).toBe('401 CREDENTIALS_INVALID')
  expect(await identityAsStored(identity.userId)).toEqual(before)
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('IDENTITY_CHANGED failure wrong_password')
})

test.each([
  ['Short-1a', 'must have 12 to 128 characters'],
  [`Aa1-${'x'.repeat(125)}`, 'must have 12 to 128 characters'],
  ['quiet-harbour-71', 'must contain an upper-case letter'],
  ['QUIET-HARBOUR-71', 'must contain a lower-case letter'],
  ['Quiet-Harbour-xx', 'must contain a digit'],
  ['QuietHarbour7171', 'must contain a special character'],
])('%s is PASSWORD_WEAK and told why, before the present one is compared', async (newPassword, message) => {
  const token = await signIn(world, await world.identity())
  const reply = await change(token, 'not-it', newPassword)
  expect(answerOf(reply)).toBe('400 PASSWORD_WEAK')
  expect(reply.body.error.details).toContainEqual({ field: 'newPassword', message })
})

test('a password that holds an own identifier is weak, told only after the right present one', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const own = `Aa-1-${identity.username}-x`
  expect(answerOf(await change(token, 'not-it', own))).toBe('401 CREDENTIALS_INVALID')
  const reply = await change(token, identity.password, own)
  expect(answerOf(reply)).toBe('400 PASSWORD_WEAK')
  expect(reply.body.error.details).toHaveLength(1)
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('IDENTITY_CHANGED failure password_weak')
})

test('a breached password is refused, and the session and the old password go on', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  expect(answerOf(await change(token, identity.password, 'Violet-Harbour-1987!'))).toBe(
    '400 PASSWORD_BREACHED',
  )
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('IDENTITY_CHANGED failure password_breached')
  await signIn(world, identity)
})

test('none of the last five passwords comes back, the sixth may', async () => {
  const identity = await world.identity()
  const passwords = Array.from({ length: 6 }, (_, index) => `Quiet-Harbour-7${index}`)
  let present = identity.password
  // What is not changed here is stored as a reset leaves it: whole, all are changed.
  const changes = sized(1, passwords.length)
  for (const next of passwords.slice(0, -changes)) {
    await storePassword(identity.userId, next)
    present = next
  }
  const token = await signIn(world, { ...identity, password: present })
  for (const next of passwords.slice(-changes)) {
    expect(answerOf(await change(token, present, next))).toBe('200')
    present = next
  }
  for (const used of passwords.slice(1))
    expect(answerOf(await change(token, present, used)), used).toBe('400 PASSWORD_REUSED')
  expect(answerOf(await change(token, present, passwords[0] ?? ''))).toBe('200')
})

test('ten wrong present passwords close the change for fifteen minutes, the right one too', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const guesses = Array.from({ length: 14 }, () => change(token, 'not-it', strongPassword))
  const answers = (await Promise.all(guesses)).map(answerOf)
  expect(answers.filter((answer) => answer === '401 CREDENTIALS_INVALID')).toHaveLength(10)
  const right = await change(token, identity.password, strongPassword)
  expect(answerOf(right)).toBe('429 RATE_LIMITED')
  expect(right.headers.get('retry-after')).toBe(String(right.body.error.retryAfterSeconds))
  const story = await storyOf(world, identity.userId)
  expect(story.filter((line) => line.startsWith('LIMIT_REACHED'))).toHaveLength(1)
  await world.pass(15 * 60)
  expect(answerOf(await change(token, identity.password, strongPassword))).toBe('200')
})

test('wrong present passwords do not close the login', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  await Promise.all(Array.from({ length: 10 }, () => change(token, 'not-it', strongPassword)))
  await signIn(world, identity)
})

test('a change whose session ends while the new password is judged is counted and told like a refused one', async () => {
  const identity = await world.identity()
  const { userId } = identity
  const token = await signIn(world, identity)
  const ask = globalThis.fetch
  // Whoever ends the session himself does so just when the new password is looked up.
  const asking = vi.spyOn(globalThis, 'fetch').mockImplementation(async (...request) => {
    if (String(request[0]).includes('/range/'))
      await transact([endSessionWrite({ userId, sessionId: token.split('.')[1] ?? '' })])
    return ask(...request)
  })
  const reply = await change(token, identity.password, strongPassword)
  asking.mockRestore()
  expect(answerOf(reply)).toBe('401 SESSION_INVALID')
  expect(await storedItem(refusedSecretsRegister(userId).pk)).toMatchObject({ s1: expect.any(Number) })
  expect((await storyOf(world, userId)).at(-1)).toBe('IDENTITY_CHANGED failure session_ended')
})

test('without a session, with a bad body, in that order', async () => {
  const token = await signIn(world, await world.identity())
  const post = (body: unknown, more: object) => world.post('/api/auth/password/change', body, more)
  expect(answerOf(await post({}, {}))).toBe('401 SESSION_INVALID')
  for (const body of [
    {},
    { password: 'a' },
    { newPassword: strongerPassword },
    { password: ['a'], newPassword: 'b' },
  ])
    expect(answerOf(await post(body, { token }))).toBe('400 VALIDATION_FAILED')
})
