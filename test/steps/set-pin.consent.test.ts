/** A deployment that names the agreement which opens the PIN gate. */
import { expect, test } from 'vitest'
import { answerOf, goodPin, signIn, stepUp } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld({ settings: { CONSENT: 'terms@2' } })

test('only the named version of the named document opens the gate', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  await stepUp(world, identity, token)
  const set = () => world.post('/api/pin/set', { userId: identity.userId, pin: goodPin }, { token })
  for (const [document, version] of [
    ['privacy', '2'],
    ['terms', '1'],
    ['terms', '20'],
  ]) {
    await world.post('/api/consent', { document, version }, { token })
    expect(answerOf(await set()), `${document} ${version}`).toBe('403 CONSENT_REQUIRED')
    const session = await world.get('/api/auth/session', { token })
    expect(session.body.data.consent).toBeNull()
  }
  await world.post('/api/consent', { document: 'terms', version: '2' }, { token })
  const session = await world.get('/api/auth/session', { token })
  expect(session.body.data.consent).toMatchObject({ document: 'terms', version: '2' })
  expect(answerOf(await set())).toBe('200')
})

test('consent that the backend recorded opens the gate as well', async () => {
  const identity = await world.identity({ consent: { document: 'terms', version: '2' } })
  const token = await signIn(world, identity)
  await stepUp(world, identity, token)
  const body = { userId: identity.userId, pin: goodPin }
  expect(answerOf(await world.post('/api/pin/set', body, { token }))).toBe('200')
})
