/** Listing one's sessions. */
import { expect, test } from 'vitest'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const list = async (token: string) => (await world.get('/api/auth/sessions', { token })).body.data.sessions

test('every live session of the identity is listed with device, last use and which one this is', async () => {
  const identity = await world.identity()
  const phone = await signIn(world, identity, { device: { model: 'Pixel 12' } })
  await world.pass(120)
  const laptop = await signIn(world, identity)
  const sessions = await list(laptop)
  expect(sessions).toHaveLength(2)
  expect(sessions.map(({ id, current, device }) => ({ id, current, device }))).toEqual([
    { id: laptop.split('.')[1], current: true, device: null },
    { id: phone.split('.')[1], current: false, device: { model: 'Pixel 12' } },
  ])
  const [newest, oldest] = sessions as unknown as {
    lastUsedAt: string
    createdAt: string
    userAgent: string
  }[]
  expect(Date.parse(newest?.lastUsedAt ?? '') - Date.parse(oldest?.lastUsedAt ?? '')).toBeGreaterThanOrEqual(
    120_000,
  )
  expect(oldest?.userAgent).toBe('node')
  const text = JSON.stringify(sessions)
  for (const token of [phone, laptop]) expect(text).not.toContain(token.split('.')[2])
})

test('dead sessions and those of others are not listed', async () => {
  const identity = await world.identity()
  await signIn(world, await world.identity())
  await signIn(world, identity)
  await world.pass(12 * 3600)
  await signIn(world, identity)
  await world.put(`/admin/identities/${identity.userId}`, { username: `new-${identity.userId}` })
  const token = await signIn(world, identity)
  expect((await list(token)).map(({ id }) => id)).toEqual([token.split('.')[1]])
})

test('without a session there is no list', async () => {
  expect(answerOf(await world.get('/api/auth/sessions'))).toBe('401 SESSION_INVALID')
})
