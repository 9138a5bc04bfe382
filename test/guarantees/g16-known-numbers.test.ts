/** G16: messages go to stored addresses in listed countries, and no further than the cap of the day. */
import { expect, test } from 'vitest'
import { entriesOf, lineOf } from '#test/support/entries.ts'
import { codeOf } from '#test/support/race.ts'
import { passwordEmail, passwordTwoFactor, pinReset } from '#test/support/recovery.ts'
import { signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const cap = 4
const world = useWorld({
  settings: { LOGIN_FLOOR_MS: '0', SMS_DAILY_CAPS: JSON.stringify({ EG: cap }) },
})

const indian = () => `+9198${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`
const ask = (phone: string) => world.post(pinReset.request, { phone }, { ip: newIp() })

test('what was typed is never sent to: only what is stored, in the form it is stored', async () => {
  const person = await world.identity({ email: 'Mixed.Case@Example.COM' })
  const typed = ' MIXED.CASE@example.com '
  expect(codeOf(await world.post(passwordEmail.request, { email: typed }, { ip: newIp() }))).toBe('OK')
  await ask('+201000000001')
  await world.idle()
  const sent = world.stack.services.inbox.messages().map(({ to }) => to)
  expect(sent).toEqual(['mixed.case@example.com'])
  expect(sent).not.toContain(person.email)
})

test('no SMS leaves for a country that is not listed, and the caller is told nothing of it', async () => {
  const phone = '+447400123456'
  const person = await world.identity({ phone })
  expect(codeOf(await ask(phone))).toBe('OK')
  expect(
    codeOf(await world.post(passwordTwoFactor.request, { identifier: person.email, phone }, { ip: newIp() })),
  ).toBe('OK')
  await world.idle()
  expect(world.messages(phone)).toEqual([])
  const unsent = (await entriesOf(world, person.userId)).filter(({ type }) => type === 'CODE_NOT_SENT')
  expect(unsent.map(({ reason }) => reason)).toEqual(['country_not_listed', 'country_not_listed'])
})

test('the cap of a country ends recovery by SMS for the day, leaves sign-in and other countries, and ends at midnight', async () => {
  const people = []
  for (let count = 0; count <= cap; count += 1) people.push(await world.identity())
  for (const { phone } of people) expect(codeOf(await ask(phone))).toBe('OK')
  await world.idle()
  const sent = people.filter(({ phone }) => world.messages(phone).length > 0)
  expect(sent).toHaveLength(cap)
  const left = people.find((person) => !sent.includes(person))
  if (left === undefined) throw new Error('nobody was left out')
  expect((await entriesOf(world, left.userId)).map(lineOf)).toContain('CODE_NOT_SENT failure sms-cap')
  // A flood of resets locks nobody out of signing in, and no other country out of anything.
  const token = await signIn(world, left)
  await world.post('/api/auth/step-up/request', {}, { token, ip: newIp() })
  expect(await world.lastCode(left.phone)).toMatch(/^[0-9]{6}$/)
  const abroad = await world.identity({ phone: indian() })
  await ask(abroad.phone)
  expect(await world.lastCode(abroad.phone)).toMatch(/^[0-9]{6}$/)
  await world.advance(24 * 3600)
  await ask(left.phone)
  await world.idle()
  expect(world.messages(left.phone)).toHaveLength(2)
})
