/** How long sessions live, as the deployer sets it: SESSION_HOURS and SESSION_IDLE_HOURS. */
import { expect, test } from 'vitest'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld({ settings: { SESSION_HOURS: '30', SESSION_IDLE_HOURS: '1' } })

const minutes = (count: number) => world.pass(count * 60)
const get = async (token: string) => answerOf(await world.get('/api/auth/session', { token }))
const isActive = async (token: string) =>
  (await world.post('/admin/sessions/introspect', { token })).body.data.active

test('a session that is not used for as long ends, and no use after that brings it back', async () => {
  const token = await signIn(world, await world.identity())
  await minutes(58)
  expect(await get(token)).toBe('200')
  await minutes(60)
  expect(await get(token)).toBe('401 SESSION_INVALID')
  expect(await isActive(token)).toBe(false)
  expect(await get(token)).toBe('401 SESSION_INVALID')
})

test('one that is used goes on, by its own routes or by a question of the team', async () => {
  const token = await signIn(world, await world.identity())
  for (let turn = 0; turn < 3; turn += 1) {
    await minutes(58)
    expect(await get(token)).toBe('200')
    await minutes(58)
    expect(await isActive(token)).toBe(true)
  }
})

test('uses within a minute are noted once, so that a session ends a minute too early at most', async () => {
  const [one, other] = [
    await signIn(world, await world.identity()),
    await signIn(world, await world.identity()),
  ]
  await world.pass(50)
  for (const token of [one, other]) expect(await get(token)).toBe('200')
  await minutes(59)
  expect(await get(one), 'a minute before its hour').toBe('200')
  await world.pass(20)
  expect(await get(other), 'within that minute').toBe('401 SESSION_INVALID')
})

test('an unused session is in no list', async () => {
  const identity = await world.identity()
  await signIn(world, identity)
  await minutes(60)
  const token = await signIn(world, identity)
  const { sessions } = (await world.get('/api/auth/sessions', { token })).body.data
  expect(sessions.map(({ id }) => id)).toEqual([token.split('.')[1]])
})

test('it lives the hours that are set, however much it is used, and says so', async () => {
  const { email, password } = await world.identity()
  const { data } = (await world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() }))
    .body
  expect(data.expiresInSeconds).toBe(30 * 3600)
  const token = data.accessToken
  const shown = (await world.get('/api/auth/session', { token })).body.data
  expect(Date.parse(shown.expiresAt) - Date.parse(shown.createdAt)).toBe(30 * 3600_000)
  expect(shown.factors).toMatchObject([{ method: 'password', expiresAt: shown.expiresAt }])
  for (let passed = 0; passed < 30 * 60 - 50; passed += 50) {
    expect(await get(token)).toBe('200')
    await minutes(50)
  }
  expect(await get(token)).toBe('200')
  await minutes(50)
  expect(await get(token)).toBe('401 SESSION_INVALID')
})
