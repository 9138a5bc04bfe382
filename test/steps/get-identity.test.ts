/** Reading an identity. */
import { beforeAll, expect, test } from 'vitest'
import { adminOf } from '#test/support/admin.ts'
import { answerOf, withPin } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

test('it tells which secrets there are, and shows none of what is kept of them', async () => {
  const { identity } = await withPin(world)
  const { status, body } = await admin.get(identity.userId)
  expect(status).toBe(200)
  expect(body.data).toMatchObject({
    userId: identity.userId,
    hasPassword: true,
    hasPin: true,
    resetRequired: false,
  })
  const { password, pin } = await identityAsStored(identity.userId)
  const kept = [password?.mac, password?.scheme.salt, pin?.mac, pin?.scheme.salt]
  expect(kept.every((value) => value !== undefined)).toBe(true)
  for (const value of kept) expect(JSON.stringify(body)).not.toContain(value)
})

test.each(['u-nobody', '~decoy', 'a'.repeat(129), 'a'.repeat(3000), '__proto__', '%00'])(
  '%s is NOT_FOUND',
  async (userId) => {
    expect(answerOf(await admin.get(userId))).toBe('404 NOT_FOUND')
  },
)

test('while the table does not answer it is UNAVAILABLE, never NOT_FOUND', async () => {
  const { userId } = await world.identity()
  const outage = { service: 'dynamodb', operation: 'GetItem', mode: 'fail-before' } as const
  expect(answerOf(await withOutage(world, 'get-identity', outage, () => admin.get(userId)))).toBe(
    '503 UNAVAILABLE',
  )
})
