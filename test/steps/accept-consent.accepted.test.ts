/** Accepting a legal agreement. */
import { expect, test } from 'vitest'
import { storyOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const accept = (token: string, document: string, version: string) =>
  world.post('/api/consent', { document, version }, { token })

test('what was accepted is recorded with its version and time, and shown in the session', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const reply = await accept(token, 'terms', '2026-01')
  expect(answerOf(reply)).toBe('200')
  expect(reply.body.data).toEqual({ document: 'terms', version: '2026-01', acceptedAt: expect.any(String) })
  const session = await world.get('/api/auth/session', { token })
  expect(session.body.data.consent).toMatchObject({ document: 'terms', version: '2026-01' })
  expect((await storyOf(world, identity.userId)).at(-1)).toBe('CONSENT_ACCEPTED success terms@2026-01')
})

test('a newer version takes the place of the older, and ends no session', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  await accept(token, 'terms', '1')
  await accept(token, 'terms', '2')
  const { consents } = await identityAsStored(identity.userId)
  expect(Object.entries(consents).map(([name, { version }]) => [name, version])).toEqual([['terms', '2']])
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('200')
})

test('acceptances of several documents at once are all kept', async () => {
  const identity = await world.identity()
  const token = await signIn(world, identity)
  const documents = ['terms', 'privacy', 'cookies']
  const replies = await Promise.all(documents.map((document) => accept(token, document, '1')))
  expect(replies.map(answerOf)).toEqual(['200', '200', '200'])
  const { consents } = await identityAsStored(identity.userId)
  expect(Object.keys(consents).sort()).toEqual(documents.toSorted())
})

test.each(['fail-before', 'fail-after'] as const)(
  '%s: the retry leaves the acceptance recorded',
  async (mode) => {
    const identity = await world.identity()
    const token = await signIn(world, identity)
    const outage = { service: 'dynamodb', operation: 'TransactWriteItems', mode } as const
    const first = await withOutage(world, 'accept-consent', outage, () => accept(token, 'terms', '1'))
    expect(answerOf(first)).toBe('503 UNAVAILABLE')
    const { consents } = await identityAsStored(identity.userId)
    expect(Object.keys(consents)).toEqual(mode === 'fail-after' ? ['terms'] : [])
    expect(answerOf(await accept(token, 'terms', '1'))).toBe('200')
    const accepted = (await storyOf(world, identity.userId)).filter((line) => line.startsWith('CONSENT'))
    expect(accepted).toHaveLength(mode === 'fail-after' ? 2 : 1)
  },
)
