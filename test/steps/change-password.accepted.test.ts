/** Changing the password with the present one. */
import { expect, test } from 'vitest'
import { entriesOf } from '#test/support/entries.ts'
import {
  answerOf,
  goodPin,
  signIn,
  strongerPassword,
  strongPassword,
  withPin,
} from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const change = (token: string, password: string, newPassword: string) =>
  world.post('/api/auth/password/change', { password, newPassword }, { token, ip: newIp() })
const alive = async (token: string) => answerOf(await world.get('/api/auth/session', { token }))

test('this session goes on and all others end; the new password works and the old one does not', async () => {
  const identity = await world.identity()
  const { email, password } = identity
  const token = await signIn(world, identity)
  const others = [await signIn(world, identity), await signIn(world, identity)]
  expect(answerOf(await change(token, password, strongPassword))).toBe('200')
  expect(await alive(token)).toBe('200')
  for (const other of others) expect(await alive(other)).toBe('401 SESSION_INVALID')
  expect(await alive(await signIn(world, { email, password: strongPassword }))).toBe('200')
  const old = await world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })
  expect(answerOf(old)).toBe('401 CREDENTIALS_INVALID')
})

test('the epoch moves by one, the owner is told by email, and the entry names the field, never its value', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const before = await identityAsStored(identity.userId)
  await change(token, identity.password, strongPassword)
  expect((await identityAsStored(identity.userId)).credentialEpoch).toBe(before.credentialEpoch + 1)
  const entries = await entriesOf(world, identity.userId)
  expect(entries.at(-1)).toMatchObject({
    type: 'IDENTITY_CHANGED',
    outcome: 'success',
    fields: ['password'],
    breachCheck: 'passed',
    actor: 'subject',
  })
  expect(JSON.stringify(entries)).not.toMatch(/Quiet-Harbour|password123/)
  expect(world.messages(identity.email).map(({ subject }) => subject)).toEqual([
    'Latchkey: your password was changed',
  ])
})

test('a reset code that was on its way is dead', async () => {
  const identity = await world.identity()
  const { email, password } = identity
  const token = await signIn(world, identity)
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  const otp = await world.lastCode(email)
  await change(token, password, strongPassword)
  const reset = await world.post('/api/auth/reset-password', { email, otp, newPassword: 'newpass123' })
  expect(answerOf(reset)).toBe('401 OTP_INVALID')
})

test('the factors proved in this session go on, and so does the PIN', async () => {
  const { identity, token } = await withPin(world)
  await change(token, identity.password, strongPassword)
  expect(answerOf(await world.post('/api/pin/verify', { pin: goodPin }, { token }))).toBe('200')
})

test('while the breach service does not answer the change goes on, and says so in the ledger', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const outage = { service: 'hibp', mode: 'fail-before' } as const
  const reply = await withOutage(world, 'change-password', outage, () =>
    change(token, identity.password, strongPassword),
  )
  expect(answerOf(reply)).toBe('200')
  expect((await entriesOf(world, identity.userId)).at(-1)).toMatchObject({ breachCheck: 'skipped' })
})

test('of two changes at once one holds', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const answers = await Promise.all([
    change(token, identity.password, strongPassword),
    change(token, identity.password, strongerPassword),
  ])
  const won = answers.findIndex(({ status }) => status === 200)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(['401 SESSION_INVALID', '401 CREDENTIALS_INVALID']).toContain(
    answerOf(answers[1 - won] ?? answers[0]),
  )
  const password = [strongPassword, strongerPassword][won] ?? ''
  expect(await alive(await signIn(world, { email: identity.email, password }))).toBe('200')
})
