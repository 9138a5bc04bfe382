/** Checking a pair that matches. */
import { expect, test } from 'vitest'
import { entriesOf, linesOf } from '#test/support/entries.ts'
import { pairOf, presentPair, verifyIdentityPath } from '#test/support/pairs.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

test('a match answers with the identifier as typed and a mask, and with neither userId nor email', async () => {
  const person = await world.identity()
  const typed = person.username.toUpperCase()
  const reply = await presentPair(world, verifyIdentityPath, { ...pairOf(person), identifier: typed })
  expect(reply.status).toBe(200)
  expect(reply.body).toEqual({
    success: true,
    message: 'Identity verified. You can now request OTP.',
    data: { identifier: typed, maskedPhone: `+20****${person.phone.slice(-4)}` },
  })
})

test('the email is as good as the username', async () => {
  const person = await world.identity()
  const { email: identifier, phone } = person
  const reply = await presentPair(world, verifyIdentityPath, { identifier, phone })
  expect([reply.status, reply.body.data.identifier]).toEqual([200, identifier])
})

test('it sends nothing and is recorded as a factor of knowledge', async () => {
  const person = await world.identity()
  await presentPair(world, verifyIdentityPath, pairOf(person))
  expect(await linesOf(world, person.userId)).toEqual(['IDENTITY_VERIFIED success'])
  const entry = (await entriesOf(world, person.userId)).find(({ type }) => type === 'IDENTITY_VERIFIED')
  expect(entry).toMatchObject({
    actor: 'subject',
    userId: person.userId,
    flow: 'password-two-factor',
    factors: [{ group: 'KNOWLEDGE', method: 'identifier-and-phone' }],
  })
  expect(world.messages(person.phone)).toEqual([])
})

test('checking does not wait for anything: twice in a row is fine', async () => {
  const person = await world.identity()
  const ip = newIp()
  for (const _ of [1, 2])
    expect((await presentPair(world, verifyIdentityPath, pairOf(person), ip)).status).toBe(200)
  expect(await linesOf(world, person.userId)).toEqual([
    'IDENTITY_VERIFIED success',
    'IDENTITY_VERIFIED success',
  ])
})

test('a match makes these three calls', async () => {
  const reply = await presentPair(world, verifyIdentityPath, pairOf(await world.identity()))
  const calls = await world.get<{ operation: string }[]>(
    `/_local/calls?requestId=${reply.headers.get('x-request-id')}`,
  )
  expect(calls.body.map(({ operation }) => operation)).toEqual([
    'BatchGetItem',
    'GetItem',
    'TransactWriteItems',
  ])
})
