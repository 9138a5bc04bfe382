/** Where nothing is listed, acceptances can still not be wiped. */
import { beforeAll, expect, test } from 'vitest'
import { adminOf } from '#test/support/admin.ts'
import { entriesOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const versionsOf = async (userId: string) =>
  Object.entries((await identityAsStored(userId)).consents).map(([name, { version }]) => `${name}@${version}`)

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

test('twenty documents are kept, the 21st is refused over both routes, and none makes room for it', async () => {
  const person = await world.identity({ consent: { document: 'loan-terms', version: '3' } })
  const token = await signIn(world, person)
  const answers: string[] = []
  for (let index = 0; index < 20; index += 1) {
    const agreement = { document: `junk@${index}`, version: '1@2' }
    answers.push(answerOf(await world.post('/api/consent', agreement, { token })))
  }
  expect(answers).toEqual([...Array(19).fill('200'), '400 VALIDATION_FAILED'])
  const kept = await versionsOf(person.userId)
  expect(kept).toHaveLength(20)
  expect(kept).toContain('loan-terms@3')
  const change = { consent: { document: 'one-more', version: '1' }, locale: 'ar' }
  const refused = await admin.put(person.userId, change)
  expect(answerOf(refused)).toBe('400 VALIDATION_FAILED')
  expect(refused.body.error.details).toMatchObject([{ field: 'consent.document' }])
  // A newer version of one on record is none more.
  const newer = { document: 'loan-terms', version: '4' }
  expect(answerOf(await world.post('/api/consent', newer, { token }))).toBe('200')
  expect(answerOf(await admin.put(person.userId, { consent: { ...newer, version: '5' } }))).toBe('200')
  expect(await versionsOf(person.userId)).toEqual(
    expect.arrayContaining(['loan-terms@5', 'junk@0@1@2', 'junk@18@1@2']),
  )
  expect((await entriesOf(world, person.userId)).at(-1)).toMatchObject({
    type: 'IDENTITY_CHANGED',
    fields: ['consent'],
    consent: 'loan-terms@5',
  })
})

test('of many new documents at once no more than twenty are kept', async () => {
  const person = await world.identity()
  const token = await signIn(world, person)
  for (let index = 0; index < 18; index += 1)
    await world.post('/api/consent', { document: `d${index}`, version: '1' }, { token })
  const replies = await Promise.all(
    Array.from({ length: 4 }, (_, index) =>
      world.post('/api/consent', { document: `more${index}`, version: '1' }, { token }),
    ),
  )
  expect(replies.map(answerOf).sort()).toEqual([
    '200',
    '200',
    '400 VALIDATION_FAILED',
    '400 VALIDATION_FAILED',
  ])
  expect(await versionsOf(person.userId)).toHaveLength(20)
})

test('an entry that changes no consent names none', async () => {
  const person = await world.identity()
  await admin.put(person.userId, { locale: 'ar' })
  for (const entry of await entriesOf(world, person.userId)) expect(entry).not.toHaveProperty('consent')
})
