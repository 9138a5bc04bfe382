/** Where CONSENTS lists agreements, none can be invented. */
import { expect, test } from 'vitest'
import { entriesOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import type { World } from '#test/support/world.ts'

const versionsOf = async (userId: string) =>
  Object.entries((await identityAsStored(userId)).consents)
    .map(([name, { version }]) => `${name}@${version}`)
    .sort()

const consentsIn = async (world: World, userId: string) =>
  (await entriesOf(world, userId)).map(({ type, consent, reason }) => [type, consent, reason])

const world = useWorld({
  settings: { CONSENTS: 'loan-terms@3,loan-terms@4,privacy@1', CONSENT: 'loan-terms' },
})

test('nothing else is accepted, the details name the field, and what was agreed to stays', async () => {
  const person = await world.identity({ consent: { document: 'loan-terms', version: '3' } })
  const token = await signIn(world, person)
  const accept = (document: string, version: string) =>
    world.post('/api/consent', { document, version }, { token })
  const invented = await accept('loan-terms', '999-never-published')
  expect(answerOf(invented)).toBe('400 VALIDATION_FAILED')
  expect(invented.body.error.details).toMatchObject([{ field: 'version' }])
  const junk = await accept('junk@0', '1@2')
  expect(answerOf(junk)).toBe('400 VALIDATION_FAILED')
  expect(junk.body.error.details).toMatchObject([{ field: 'document' }])
  expect(await versionsOf(person.userId)).toEqual(['loan-terms@3'])
  expect(answerOf(await accept('loan-terms', '4'))).toBe('200')
  expect(answerOf(await accept('privacy', '1'))).toBe('200')
  expect(await versionsOf(person.userId)).toEqual(['loan-terms@4', 'privacy@1'])
  expect(await consentsIn(world, person.userId)).toEqual([
    ['IDENTITY_CREATED', 'loan-terms@3', undefined],
    ['LOGIN', undefined, undefined],
    ['CONSENT_ACCEPTED', 'loan-terms@4', 'loan-terms@4'],
    ['CONSENT_ACCEPTED', 'privacy@1', 'privacy@1'],
  ])
})
