/** What a person is shown of their own account. */
import { expect, test } from 'vitest'
import { storyOf } from '#test/support/entries.ts'
import {
  answerOf,
  goodPin,
  otherPin,
  resetByEmail,
  signIn,
  strongPassword,
  withPin,
} from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const get = (path: string, token: string) => world.get(`/api/auth/${path}`, { token })
const account = async (token: string) => (await get('account', token)).body.data

test('identifiers are masked, and a person without a PIN has none to try', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  expect(await account(token)).toEqual({
    userId: identity.userId,
    username: identity.username,
    maskedEmail: `${identity.email[0]}***@example.com`,
    maskedPhone: `+20****${identity.phone.slice(-4)}`,
    mfaEnabled: false,
    hasPin: false,
    pinTriesLeft: null,
    recent: expect.any(Array),
  })
})

test('what happened lately is told from the ledger: who got in, who did not, and each secret that changed', async () => {
  const identity = await world.identity()
  await world.post('/api/auth/login', { identifier: identity.email, password: 'a wrong password' })
  await resetByEmail(world, identity, strongPassword)
  const token = await signIn(world, { ...identity, password: strongPassword })
  await world.idle()
  const { recent } = await account(token)
  expect(recent.map(({ what }: { what: string }) => what)).toEqual([
    'SIGNED_IN',
    'PASSWORD_CHANGED',
    'CODE_SENT',
    'SIGN_IN_FAILED',
  ])
  const other = await world.identity()
  expect((await account(await signIn(world, other))).recent.length).toBeLessThan(2)
})

test('what a person has not is null', async () => {
  const { userId, email, password } = await world.identity()
  await world.put(`/admin/identities/${userId}`, { username: null, phone: null })
  expect(await account(await signIn(world, { email, password }))).toMatchObject({
    username: null,
    maskedPhone: null,
  })
})

test('tries of a PIN are those that a wrong one leaves, none once it is locked, and all again after a right one', async () => {
  const { token } = await withPin(world)
  const verify = (pin: string) => world.post('/api/pin/verify', { pin }, { token })
  const left = async () => (await account(token)).pinTriesLeft
  expect(await left()).toBe(10)
  await verify(otherPin)
  expect(await left()).toBe(9)
  await verify(goodPin)
  expect(await left()).toBe(10)
  for (let wrong = 9; wrong >= 0; wrong -= 1) {
    expect(answerOf(await verify(otherPin))).toBe('401 PIN_INVALID')
    expect(await left()).toBe(wrong)
  }
  expect(answerOf(await verify(goodPin))).toBe('423 PIN_LOCKED')
  expect(await account(token)).toMatchObject({ hasPin: true, pinTriesLeft: 0 })
})

test('looking costs a read of the ledger more than looking at the session, leaves no entry, and needs a session', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const calls = async (path: string) => {
    const { headers } = await get(path, token)
    const id = headers.get('x-request-id')
    const { body } = await world.get<{ operation: string }[]>(`/_local/calls?requestId=${id}`)
    return body.map(({ operation }) => operation)
  }
  expect(await calls('account')).toEqual([...(await calls('session')), 'Query'])
  expect(await storyOf(world, identity.userId)).toEqual(['IDENTITY_CREATED success', 'LOGIN success'])
  expect(answerOf(await world.get('/api/auth/account'))).toBe('401 SESSION_INVALID')
})
