/** Refusals of the first PIN, in the order in which they are told. */
import { expect, test } from 'vitest'
import { storyOf } from '#test/support/entries.ts'
import { answerOf, consent, goodPin, readyForPin, signIn, stepUp, withPin } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const set = (body: object, token?: string) =>
  world.post('/api/pin/set', body, token === undefined ? {} : { token })

test('each refusal comes before those after it: the request that has every fault loses them one by one', async () => {
  const identity = await world.identity()
  const other = await world.identity()
  const { userId } = identity
  const token = await signIn(world, identity)
  const answers = [
    await set({ userId: other.userId, phone: other.phone, pin: '1' }),
    await set({ userId: other.userId, phone: other.phone, pin: '1' }, token),
    await set({ userId: other.userId, pin: '12345' }, token),
    await set({ userId: other.userId, pin: '123456' }, token),
    await set({ userId: other.userId, pin: goodPin }, token),
    await set({ userId, pin: goodPin }, token),
  ]
  await consent(world, token)
  answers.push(await set({ userId, pin: goodPin }, token))
  await stepUp(world, identity, token)
  answers.push(await set({ userId, pin: goodPin }, token))
  answers.push(await set({ userId, pin: goodPin }, token))
  expect(answers.map(answerOf)).toEqual([
    '401 SESSION_INVALID',
    '400 VALIDATION_FAILED',
    '400 PIN_FORMAT',
    '400 PIN_TRIVIAL',
    '403 FORBIDDEN',
    '403 CONSENT_REQUIRED',
    '403 SECOND_FACTOR_REQUIRED',
    '200',
    '409 PIN_ALREADY_SET',
  ])
  const story = (await storyOf(world, userId)).filter((line) => line.startsWith('PIN_SET'))
  expect(story).toEqual([
    'PIN_SET failure forbidden',
    'PIN_SET failure consent_required',
    'PIN_SET failure second_factor_required',
    'PIN_SET success',
    'PIN_SET failure pin_already_set',
  ])
  expect(await storyOf(world, other.userId), 'nothing is said of the other one').toEqual([
    'IDENTITY_CREATED success',
  ])
})

test.each(['12345', '1234567', '12a456', '', '١٢٣٤٥٦', ' 48291'])('%j is no PIN', async (pin) => {
  const { identity, token } = await readyForPin(world)
  expect(answerOf(await set({ userId: identity.userId, pin }, token))).toBe('400 PIN_FORMAT')
})

test.each(['000000', '123456', '987654', '121212', '123123', '112233'])('%s is too easy', async (pin) => {
  const token = await signIn(world, await world.identity())
  expect(answerOf(await set({ userId: 'u-any', pin }, token))).toBe('400 PIN_TRIVIAL')
})

test('the phone of someone else is FORBIDDEN, and so is a phone where the identity has none', async () => {
  const other = await world.identity()
  const phoneless = await world.identity({ phone: undefined })
  for (const identity of [await world.identity(), phoneless]) {
    const token = await signIn(world, identity)
    expect(answerOf(await set({ phone: other.phone, pin: goodPin }, token))).toBe('403 FORBIDDEN')
  }
})

test('a factor of possession counts for fifteen minutes', async () => {
  const { identity, token } = await readyForPin(world)
  await world.pass(900)
  const reply = await set({ userId: identity.userId, pin: goodPin }, token)
  expect(answerOf(reply)).toBe('403 SECOND_FACTOR_REQUIRED')
})

test('the factor of one session does not count in another', async () => {
  const { identity } = await readyForPin(world)
  const other = await signIn(world, identity)
  const reply = await set({ userId: identity.userId, pin: goodPin }, other)
  expect(answerOf(reply)).toBe('403 SECOND_FACTOR_REQUIRED')
})

test('a PIN that is set is not replaced here, and the old one goes on', async () => {
  const { identity, token } = await withPin(world)
  const reply = await set({ userId: identity.userId, pin: '739164' }, token)
  expect(answerOf(reply)).toBe('409 PIN_ALREADY_SET')
  expect(answerOf(await world.post('/api/pin/verify', { pin: goodPin }, { token }))).toBe('200')
})
