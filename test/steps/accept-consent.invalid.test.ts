/** Consent bodies that are not as they should be. */
import { expect, test } from 'vitest'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

test('a malformed acceptance records nothing', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const malformed = [
    {},
    { document: 'terms' },
    { version: '1' },
    { document: '', version: '1' },
    { document: 'terms', version: 1 },
    { document: ['terms'], version: '1' },
    { document: 'd'.repeat(101), version: '1' },
    { document: 'terms', version: 'v'.repeat(51) },
    { document: 'te\nrms', version: '1' },
    { document: '__proto__', version: '1' },
    { document: 'constructor', version: '1' },
    { document: 'toString', version: '1' },
    { document: 'terms', version: '1', acceptedAt: 0 },
  ]
  for (const body of malformed)
    expect(answerOf(await world.post('/api/consent', body, { token })), JSON.stringify(body)).toBe(
      '400 VALIDATION_FAILED',
    )
  expect((await identityAsStored(identity.userId)).consents).toEqual({})
  expect(answerOf(await world.post('/api/consent', { document: 'terms', version: '1' }))).toBe(
    '401 SESSION_INVALID',
  )
})
