/** Addresses in clear, for support: told to nobody of whom the ledger does not know it. */
import { beforeAll, expect, test } from 'vitest'
import { adminOf } from '#test/support/admin.ts'
import { entriesOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import { answerOf } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(() => {
  admin = adminOf(world)
})

const shownIn = async (userId: string) =>
  (await entriesOf(world, userId)).filter(({ type }) => type === 'ADDRESSES_SHOWN')

test('each time that addresses are shown is an entry, with who saw which of them and why, and neither of them', async () => {
  const { userId, email, phone } = await world.identity()
  const reply = await admin.showAddresses(userId, { reason: 'wants to know where the code went' })
  expect(reply.body.data).toEqual({ email, phone })
  await admin.put(userId, { phone: null })
  expect((await admin.showAddresses(userId)).body.data).toEqual({ email, phone: null })
  const entries = await shownIn(userId)
  expect(entries).toMatchObject([
    {
      actor: 'arn:aws:iam::000000000000:user/local',
      outcome: 'success',
      fields: ['email', 'phone'],
      note: 'wants to know where the code went',
    },
    { fields: ['email'] },
  ])
  expect(JSON.stringify(entries)).not.toContain(email)
})

test('what cannot be recorded is not shown', async () => {
  const { userId, email } = await world.identity()
  const fault = {
    service: 'dynamodb',
    operation: 'TransactWriteItems',
    mode: 'fail-before',
    function: 'identity-state',
  } as const
  const reply = await withFault(world, fault, () => admin.showAddresses(userId))
  expect(answerOf(reply)).toBe('503 UNAVAILABLE')
  expect(JSON.stringify(reply.body)).not.toContain(email)
})

test.each(['u-nobody', '~decoy'])('%s is NOT_FOUND', async (userId) => {
  expect(answerOf(await admin.showAddresses(userId))).toBe('404 NOT_FOUND')
})
