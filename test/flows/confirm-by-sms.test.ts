/** The setting `confirmBySms`: SMS beside the email that confirms a change, or only to who has no email. */
import { expect, test } from 'vitest'
import { resetByEmail } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld({ settings: { CONFIRM_BY_SMS: 'withoutEmail' } })

test('a reset by email is told by email alone, and its reference is in the message all the same', async () => {
  const person = await world.identity()
  await resetByEmail(world, person, 'newpass123')
  await world.idle()
  expect(world.messages(person.email).at(-1)?.text).toContain('Reference: ')
  expect(world.messages(person.phone)).toEqual([])
})

test('who has no email is told by SMS, and a warning that goes to every address still does', async () => {
  const { phone, userId } = await world.identity({ email: undefined })
  await world.post(`/admin/identities/${userId}/require-reset`, {})
  await world.idle()
  expect(world.messages(phone).at(-1)?.text).toContain('can no longer be used')

  const person = await world.identity()
  await resetByEmail(world, person, 'newpass123')
  await world.idle()
  const token = /not-me#(\S+)/.exec(world.messages(person.email).at(-1)?.text ?? '')?.[1]
  expect((await world.post('/api/recovery/not-me', { token }, { ip: newIp() })).status).toBe(200)
  await world.idle()
  for (const to of [person.email, person.phone])
    expect(world.messages(to).at(-1)?.text, to).toContain('signed out')
})
