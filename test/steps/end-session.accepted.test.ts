/** Ending one session from another. */
import { expect, test } from 'vitest'
import { storyOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const idOf = (token: string) => token.split('.')[1] ?? ''
const end = (token: string, id: string) => world.del(`/api/auth/sessions/${id}`, { token })
const alive = async (token: string) => answerOf(await world.get('/api/auth/session', { token }))

test('the named session ends at once, the others go on', async () => {
  const identity = await world.identity()
  const [mine, lost, third] = [
    await signIn(world, identity),
    await signIn(world, identity),
    await signIn(world, identity),
  ]
  expect(answerOf(await end(mine, idOf(lost)))).toBe('200')
  expect(await alive(lost)).toBe('401 SESSION_INVALID')
  expect(await alive(mine)).toBe('200')
  expect(await alive(third)).toBe('200')
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('LOGOUT success ended_by_owner')
})

test('a session may end itself', async () => {
  const token = await signIn(world, await world.identity())
  expect(answerOf(await end(token, idOf(token)))).toBe('200')
  expect(await alive(token)).toBe('401 SESSION_INVALID')
})

test('of two at once one ends it, with one entry', async () => {
  const identity = await world.identity()
  const mine = await signIn(world, identity)
  const lost = await signIn(world, identity)
  const answers = await Promise.all([end(mine, idOf(lost)), end(mine, idOf(lost))])
  expect(answers.map(answerOf).sort()).toEqual(['200', '404 NOT_FOUND'])
  const story = await storyOf(world, identity.userId)
  expect(story.filter((line) => line.startsWith('LOGOUT'))).toHaveLength(1)
})
