/** Setting the first PIN. */
import { expect, test } from 'vitest'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { answerOf, goodPin, readyForPin, signIn, withPin } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

test.each(['userId', 'phone'] as const)(
  'named by %s, the PIN is set beside a live factor of possession',
  async (name) => {
    const { identity, token } = await readyForPin(world)
    const device = { id: 'd-9', os: 'iOS' }
    const body = { [name]: identity[name], pin: goodPin, device }
    const reply = await world.post('/api/pin/set', body, { token })
    expect(answerOf(reply)).toBe('200')
    const entries = await entriesOf(world, identity.userId)
    expect(await storyOf(world, identity.userId)).toEqual([
      'IDENTITY_CREATED success',
      'LOGIN success',
      'CONSENT_ACCEPTED success terms@1',
      'CODE_REQUESTED success',
      'CODE_SENT success',
      'STEP_UP_VERIFIED success',
      'PIN_SET success',
    ])
    const set = entries.find(({ type }) => type === 'PIN_SET')
    expect(set?.device).toEqual(device)
    expect(set?.factors).toEqual([
      { group: 'KNOWLEDGE', method: 'password' },
      { group: 'POSSESSION', method: 'sms-otp' },
      { group: 'KNOWLEDGE', method: 'pin' },
    ])
  },
)

test('the owner is told by email, and neither the reply nor the record shows the PIN', async () => {
  const { identity, token } = await readyForPin(world)
  const reply = await world.post('/api/pin/set', { userId: identity.userId, pin: goodPin }, { token })
  const stored = JSON.stringify(await identityAsStored(identity.userId))
  const ledger = JSON.stringify(await entriesOf(world, identity.userId))
  const told = world.messages(identity.email)
  expect(told.map(({ subject }) => subject)).toEqual(['Latchkey: your PIN was set'])
  for (const text of [JSON.stringify(reply.body), stored, ledger, JSON.stringify(told)])
    expect(text).not.toContain(goodPin)
})

test('the first PIN ends no session: this one and the others go on', async () => {
  const { identity, token } = await readyForPin(world)
  const other = await signIn(world, identity)
  const before = await identityAsStored(identity.userId)
  await world.post('/api/pin/set', { userId: identity.userId, pin: goodPin }, { token })
  expect((await identityAsStored(identity.userId)).credentialEpoch).toBe(before.credentialEpoch)
  for (const each of [token, other])
    expect(answerOf(await world.get('/api/auth/session', { token: each }))).toBe('200')
})

test('of many at once one sets the PIN', async () => {
  const { identity, token } = await readyForPin(world)
  const body = { userId: identity.userId, pin: goodPin }
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => world.post('/api/pin/set', body, { token })),
  )
  expect(replies.map(answerOf).sort()).toEqual(['200', ...Array(7).fill('409 PIN_ALREADY_SET')])
  const set = (await storyOf(world, identity.userId)).filter((line) => line === 'PIN_SET success')
  expect(set).toHaveLength(1)
})

test('a PIN set in one session is proved in another', async () => {
  const { token } = await withPin(world)
  expect(answerOf(await world.post('/api/pin/verify', { pin: goodPin }, { token }))).toBe('200')
})
