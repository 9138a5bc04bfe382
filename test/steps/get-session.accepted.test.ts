/** Looking at the session. */
import { expect, test } from 'vitest'
import { storyOf } from '#test/support/entries.ts'
import { answerOf, goodPin, signIn, withPin } from '#test/support/sessions.ts'
import { storedSessions } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const get = (token: string) => world.get('/api/auth/session', { token })

test('a fresh session shows whose it is, its factor and its times', async () => {
  const identity = await world.identity()
  const { body } = await get(await signIn(world, identity))
  const { factors, createdAt, expiresAt, ...rest } = body.data
  expect(rest).toEqual({ userId: identity.userId, consent: null, device: null })
  expect(factors).toEqual([{ group: 'KNOWLEDGE', method: 'password', at: createdAt, expiresAt }])
  expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(12 * 3600 * 1000)
})

test('factors run out one by one: PIN after five minutes, code after fifteen', async () => {
  const { token } = await withPin(world)
  await world.post('/api/pin/verify', { pin: goodPin }, { token })
  const methods = async () => (await get(token)).body.data.factors.map(({ method }) => method)
  expect(await methods()).toEqual(['password', 'sms-otp', 'pin'])
  await world.pass(300)
  expect(await methods()).toEqual(['password', 'sms-otp'])
  await world.pass(600)
  expect(await methods()).toEqual(['password'])
})

test('looking leaves no entry and shows no secret', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const { body } = await get(token)
  const secret = token.split('.').at(-1) ?? token
  expect(JSON.stringify(body)).not.toContain(secret)
  expect(await storyOf(world, identity.userId)).toEqual(['IDENTITY_CREATED success', 'LOGIN success'])
})

test('the last use is noted at most once a minute', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const lastUse = async () => (await storedSessions(identity.userId))[0]?.lastUsedAt ?? 0
  const first = await lastUse()
  await world.pass(5)
  await get(token)
  expect(await lastUse()).toBe(first)
  await world.pass(60)
  await get(token)
  expect(await lastUse()).toBeGreaterThanOrEqual(first + 60_000)
})

test.each(['bearer', 'BEARER', 'Bearer '])('the scheme is read in any case: %s', async (scheme) => {
  const token = await signIn(world, await world.identity())
  const reply = await world.get('/api/auth/session', { headers: { authorization: `${scheme} ${token}` } })
  expect(answerOf(reply)).toBe('200')
})
