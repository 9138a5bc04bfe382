/** Refused asks for a code in a session. */
import { expect, test } from 'vitest'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const ask = (token: string | undefined, ip = newIp(), body?: unknown) =>
  world.post('/api/auth/step-up/request', body, { ...(token && { token }), ip })

test('no second code within sixty seconds, also not from another session of the identity', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const other = await signIn(world, identity)
  expect(answerOf(await ask(token))).toBe('200')
  await world.idle()
  const soon = await ask(other)
  expect(answerOf(soon)).toBe('429 RESEND_TOO_SOON')
  expect(soon.body.error.retryAfterSeconds).toBeLessThanOrEqual(60)
  expect(soon.headers.get('retry-after')).toBe(String(soon.body.error.retryAfterSeconds))
  await world.pass(60)
  expect(answerOf(await ask(other))).toBe('200')
  expect(await storyOf(world, identity.userId)).toEqual([
    'IDENTITY_CREATED success',
    'LOGIN success',
    'LOGIN success',
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'LIMIT_REACHED failure cooldown',
    'CODE_REQUESTED success',
    'CODE_SENT success',
  ])
})

test('the sixth code of an hour is RATE_LIMITED, until the hour of the first is over', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  for (let index = 0; index < 5; index += 1) {
    expect(answerOf(await ask(token))).toBe('200')
    await world.pass(61)
  }
  const sixth = await ask(token)
  expect(answerOf(sixth)).toBe('429 RATE_LIMITED')
  await world.pass(sixth.body.error.retryAfterSeconds)
  expect(answerOf(await ask(token))).toBe('200')
  const limits = (await entriesOf(world, identity.userId)).filter(({ type }) => type === 'LIMIT_REACHED')
  expect(limits).toMatchObject([{ limit: 'codes-per-subject', flow: 'step-up' }])
})

test('one address gets ten codes an hour over all identities', async () => {
  const ip = newIp()
  const answers = []
  for (let index = 0; index < 11; index += 1) {
    const token = await signIn(world, await world.identity())
    answers.push(answerOf(await ask(token, ip)))
  }
  expect(answers).toEqual([...Array(10).fill('200'), '429 RATE_LIMITED'])
})

test('an identity without a phone is told what is missing', async () => {
  const identity = await world.identity({ phone: undefined })
  const token = await signIn(world, identity)
  const reply = await ask(token)
  expect(answerOf(reply)).toBe('403 FORBIDDEN')
  expect(reply.body.error.message).toContain('phone')
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('CODE_REQUESTED failure no_phone')
})

test('without a live session nothing is sent, and a bad body is looked at only behind one', async () => {
  expect(answerOf(await ask(undefined))).toBe('401 SESSION_INVALID')
  expect(answerOf(await ask('u-1.abc.def', newIp(), { odd: 1 }))).toBe('401 SESSION_INVALID')
})
