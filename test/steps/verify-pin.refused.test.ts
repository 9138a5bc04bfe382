/** Refused PINs, and the lock after ten in a row. */
import { expect, test } from 'vitest'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { answerOf, consent, goodPin, otherPin, signIn, stepUp, withPin } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { slowly } from '#test/support/slowly.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const verify = (token: string, pin = goodPin) => world.post('/api/pin/verify', { pin }, { token })
const wrong = '482916'

const pinsAtOnce = sized(16, 100)

test('of wrong PINs at once ten are answered, then the PIN is locked, the right one too', async () => {
  const { identity, token } = await withPin(world)
  const replies = await Promise.all(Array.from({ length: pinsAtOnce }, () => verify(token, wrong)))
  const answers = replies.map(answerOf)
  expect(answers.filter((answer) => answer === '401 PIN_INVALID')).toHaveLength(10)
  expect(answers.filter((answer) => answer === '423 PIN_LOCKED')).toHaveLength(pinsAtOnce - 10)
  expect(answerOf(await verify(token))).toBe('423 PIN_LOCKED')
  await world.pass(24 * 3600)
  const next = await signIn(world, identity)
  await stepUp(world, identity, next)
  expect(answerOf(await verify(next)), 'time does not open it').toBe('423 PIN_LOCKED')
  const entries = await entriesOf(world, identity.userId)
  expect(entries.filter(({ reason }) => reason === 'wrong_pin')).toHaveLength(10)
  expect(entries.filter(({ type }) => type === 'PIN_LOCKED')).toHaveLength(1)
})

test('a reset of the PIN opens the lock', async () => {
  const { identity, token } = await withPin(world)
  await Promise.all(Array.from({ length: 10 }, () => verify(token, wrong)))
  expect(answerOf(await verify(token))).toBe('423 PIN_LOCKED')
  const { userId } = identity
  await world.post('/api/pin/reset/request', { userId }, { ip: newIp() })
  const otp = await world.lastCode(identity.phone)
  const reset = await world.post('/api/pin/reset', { userId, otp, newPin: otherPin })
  expect(answerOf(reset)).toBe('200')
  await world.pass(60)
  const next = await signIn(world, identity)
  await stepUp(world, identity, next)
  expect(answerOf(await verify(next, goodPin))).toBe('401 PIN_INVALID')
  expect(answerOf(await verify(next, otherPin))).toBe('200')
})

test('never the PIN alone: without a live factor of possession in this session it is not compared', async () => {
  const { identity, token } = await withPin(world)
  const bare = await signIn(world, identity)
  for (const pin of [goodPin, wrong])
    expect(answerOf(await verify(bare, pin))).toBe('403 SECOND_FACTOR_REQUIRED')
  await world.pass(900)
  for (const pin of [goodPin, wrong])
    expect(answerOf(await verify(token, pin))).toBe('403 SECOND_FACTOR_REQUIRED')
  const story = await storyOf(world, identity.userId)
  expect(story.slice(-4)).toEqual(Array(4).fill('PIN_VERIFIED failure second_factor_required'))
})

test('an identity without a PIN gets PIN_INVALID', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  await consent(world, token)
  await stepUp(world, identity, token)
  expect(answerOf(await verify(token))).toBe('401 PIN_INVALID')
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('PIN_VERIFIED failure no_pin')
})

test('what is no PIN is refused before it is counted', async () => {
  const { token } = await withPin(world)
  for (let index = 0; index < 12; index += 1)
    expect(answerOf(await verify(token, '12345'))).toBe('400 PIN_FORMAT')
  expect(answerOf(await verify(token))).toBe('200')
})

test.each([
  ['right', goodPin],
  ['wrong', wrong],
])('a %s PIN whose sessions end while it is judged counts for nothing, and is recorded', async (_, pin) => {
  const { identity, token } = await withPin(world)
  const other = await signIn(world, identity)
  const [answer] = await slowly(world, 'verify-pin', () => verify(token, pin))
  await world.post('/api/auth/logout', { everywhere: true }, { token: other })
  expect(answerOf(await answer)).toBe('401 SESSION_INVALID')
  expect(await storyOf(world, identity.userId)).toContain('PIN_VERIFIED failure session_ended')
  expect((await identityAsStored(identity.userId)).pinFailures).toBe(0)
})

test('one identity locks alone', async () => {
  const locked = await withPin(world)
  const free = await withPin(world)
  await Promise.all(Array.from({ length: 10 }, () => verify(locked.token, wrong)))
  expect(answerOf(await verify(free.token))).toBe('200')
})
