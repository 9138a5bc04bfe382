/** Sessions that cannot be ended. */
import { expect, test } from 'vitest'
import { storyOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const end = (token: string | undefined, id: string) =>
  world.del(`/api/auth/sessions/${id}`, token === undefined ? {} : { token })

test('the session of someone else is not found, and goes on', async () => {
  const identity = await world.identity()
  const mine = await signIn(world, identity)
  const theirs = await signIn(world, await world.identity())
  expect(answerOf(await end(mine, theirs.split('.')[1] ?? ''))).toBe('404 NOT_FOUND')
  expect(answerOf(await world.get('/api/auth/session', { token: theirs }))).toBe('200')
  expect(await storyOf(world, identity.userId)).toEqual(['IDENTITY_CREATED success', 'LOGIN success'])
})

test.each([
  ['made up', 'A'.repeat(22)],
  ['a whole token', `u-1.${'A'.repeat(22)}.${'B'.repeat(43)}`],
  ['longer than a key may be', 'i'.repeat(1100)],
  ['odd bytes', '%00%F0%9F%98%80'],
])('an id that is %s is NOT_FOUND', async (_, id) => {
  const token = await signIn(world, await world.identity())
  expect(answerOf(await end(token, id))).toBe('404 NOT_FOUND')
})

test('without a live session nothing ends', async () => {
  const token = await signIn(world, await world.identity())
  expect(answerOf(await end(undefined, token.split('.')[1] ?? ''))).toBe('401 SESSION_INVALID')
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('200')
})
