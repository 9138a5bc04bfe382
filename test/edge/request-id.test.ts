/** A client may choose the request id that the gateway hands on: nothing rests on it being new. */
import { expect, test } from 'vitest'
import { policy } from '#shared/policy.ts'
import { tally } from '#test/support/race.ts'
import { passwordEmailBasic } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const verify = '/api/auth/verify-reset-otp'
const headers = { 'x-amzn-requestid': 'chosen-by-the-client' }

test('guesses that all carry one request id are counted one by one', async () => {
  const { email } = await world.identity()
  await world.post(passwordEmailBasic.request, { email }, { ip: newIp(), headers })
  const code = await world.lastCode(email)
  const otp = code === '000000' ? '000001' : '000000'
  const replies = []
  for (let guess = 0; guess < 5; guess += 1)
    replies.push(await world.post(verify, { email, otp }, { headers }))
  expect(tally(replies)).toEqual({ OTP_INVALID: 3, TRIES_EXHAUSTED: 2 })
  expect(replies[0]?.headers.get('x-request-id')).not.toBe('chosen-by-the-client')
})

test('wrong passwords that all carry one request id are counted one by one', async () => {
  const { email } = await world.identity()
  const body = { identifier: email, password: 'not this one' }
  const ip = newIp()
  const replies = []
  for (let guess = 0; guess < policy.loginFailuresPerIdentifier + 2; guess += 1)
    replies.push(await world.post('/api/auth/login', body, { ip, headers }))
  expect(tally(replies)).toEqual({ CREDENTIALS_INVALID: policy.loginFailuresPerIdentifier, RATE_LIMITED: 2 })
})

test('requests that all carry one request id each reach the ledger and their person', async () => {
  const person = await world.identity()
  const asked = await world.post(
    passwordEmailBasic.request,
    { email: person.email },
    { ip: newIp(), headers },
  )
  expect(asked.status).toBe(200)
  const otp = await world.lastCode(person.email)
  const verified = await world.post(verify, { email: person.email, otp }, { headers })
  expect(verified.status).toBe(200)
  const body = { email: person.email, otp, newPassword: 'a-second-new-pass' }
  const reset = await world.post(passwordEmailBasic.reset, body, { headers })
  expect(reset.status).toBe(200)
  await world.idle()
  const types = (await world.ledger(person.userId)).map(({ type }) => type)
  expect(types).toEqual(
    expect.arrayContaining(['CODE_REQUESTED', 'CODE_SENT', 'CODE_VERIFIED', 'PASSWORD_RESET']),
  )
  expect(world.messages(person.email)).toHaveLength(2)
})
