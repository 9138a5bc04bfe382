/** 'It was not me' with a token that does not count: one answer, and nothing changes. */
import { beforeAll, expect, test } from 'vitest'
import { policy } from '#shared/policy.ts'
import { transact } from '#shared/stores/database.ts'
import { grantWrite, presentGrant, useGrantWrite } from '#shared/stores/not-me.ts'
import { adminOf } from '#test/support/admin.ts'
import { linesOf } from '#test/support/entries.ts'
import { disown, lastToken } from '#test/support/not-me.ts'
import { atOnce, tally } from '#test/support/race.ts'
import { answerOf, resetByEmail, signIn } from '#test/support/sessions.ts'
import { storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

async function changed() {
  const person = await world.identity()
  await resetByEmail(world, person, 'newpass123')
  return { person, token: await lastToken(world, person.email) }
}
const failures = async (userId: string) =>
  (await linesOf(world, userId)).filter((line) => line.startsWith('RECOVERY_FROZEN failure'))

test('unknown, used and expired tokens get the same answer, each with its reason in the ledger', async () => {
  const { person, token } = await changed()
  const unknown = await disown(world, `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`)
  expect(answerOf(await disown(world, token))).toBe('200')
  const used = await disown(world, token)
  const late = await changed()
  await world.pass(7 * 24 * 3600)
  const expired = await disown(world, late.token)
  for (const reply of [unknown, used, expired]) {
    expect(answerOf(reply)).toBe('401 TOKEN_INVALID')
    expect(reply.body.error).toEqual(unknown.body.error)
  }
  expect(unknown.body.error.message).toMatch(/^This link/)
  expect(await failures(person.userId)).toEqual(['RECOVERY_FROZEN failure used'])
  expect(await failures(late.person.userId)).toEqual(['RECOVERY_FROZEN failure expired'])
})

test('the life ends to the millisecond', async () => {
  const time = Date.now()
  const end = time + policy.notMeLifeSeconds * 1000
  await transact([await grantWrite('hash', { userId: 'u-x', time }, 'none')])
  expect((await presentGrant('hash', end)).refused?.reason).toBe('expired')
  expect((await presentGrant('hash', end - 1)).refused).toBeUndefined()
  expect((await transact([useGrantWrite('hash', end)])).committed).toBe(false)
  expect((await transact([useGrantWrite('hash', end - 1)])).committed).toBe(true)
  // A message that comes again writes its grant again, and does not make it good again.
  await transact([await grantWrite('hash', { userId: 'u-x', time }, 'none')])
  expect((await presentGrant('hash', time)).refused?.reason).toBe('used')
})

test('a token says nothing of an identity that was erased, nor of the next one of that name', async () => {
  const { person, token } = await changed()
  await admin.erase(person.userId)
  expect(answerOf(await disown(world, token))).toBe('401 TOKEN_INVALID')
  await world.identity({ userId: person.userId })
  const before = await storedIdentity(person.userId)
  expect(answerOf(await disown(world, token))).toBe('401 TOKEN_INVALID')
  expect(await storedIdentity(person.userId)).toEqual(before)
  expect(await failures(person.userId)).toEqual(Array(2).fill('RECOVERY_FROZEN failure erased'))
})

test('one token in twenty requests at once: one succeeds, and the change is made once', async () => {
  const { person, token } = await changed()
  const before = await storedIdentity(person.userId)
  expect(tally(await atOnce(20, () => disown(world, token, {})))).toEqual({ OK: 1, TOKEN_INVALID: 19 })
  const after = await storedIdentity(person.userId)
  expect(Number(after?.['credentialEpoch'])).toBe(Number(before?.['credentialEpoch']) + 1)
  const lines = await linesOf(world, person.userId)
  expect(lines.filter((line) => line === 'RECOVERY_FROZEN success not_me')).toHaveLength(1)
  expect(await failures(person.userId)).toHaveLength(19)
})

test('a token of the reset flow, a session and a code are none of these', async () => {
  const { person } = await changed()
  const session = await signIn(world, { ...person, password: 'newpass123' })
  for (const token of [session, '123456', person.userId, 'x'])
    expect(answerOf(await disown(world, token))).toBe('401 TOKEN_INVALID')
  expect((await world.get('/api/auth/session', { token: session })).status).toBe(200)
})
