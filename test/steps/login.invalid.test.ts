/** Login bodies that are not as they should be: refused before anything is looked up or counted. */
import { expect, test } from 'vitest'
import { storyOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const good = { identifier: 'someone@example.com', password: 'password123' }
const login = (body: unknown) => world.post('/api/auth/login', body, { ip: newIp() })

test.each([
  ['no password', { identifier: good.identifier }, 'password'],
  ['no identifier', { password: good.password }, 'identifier'],
  ['an unknown key', { ...good, remember: true }, 'remember'],
  ['an identifier in a list', { ...good, identifier: [good.identifier] }, 'identifier'],
  ['digits as a username', { ...good, identifier: '123456' }, 'identifier'],
  ['a phone that is none', { ...good, identifier: '+12' }, 'identifier'],
  ['an email without a domain', { ...good, identifier: 'someone@' }, 'identifier'],
  ['an over-long identifier', { ...good, identifier: `${'a'.repeat(250)}@e.com` }, 'identifier'],
  ['an over-long password', { ...good, password: 'p'.repeat(1001) }, 'password'],
  ['a control character', { ...good, password: 'pass\u0000word' }, 'password'],
  ['a lone surrogate', `{"identifier":"someone@example.com","password":"\\ud800"}`, 'password'],
  ['a number for a password', { ...good, password: 12345678 }, 'password'],
  ['a device that is text', { ...good, device: 'phone' }, 'device'],
  ['a device with an unknown key', { ...good, device: { imei: '1' } }, 'imei'],
  ['a device with an over-long value', { ...good, device: { model: 'm'.repeat(101) } }, 'device.model'],
] as const)('%s is VALIDATION_FAILED and named', async (_, body, field) => {
  const reply = await login(body)
  expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
  expect(reply.body.error.details.map((detail) => detail.field)).toContain(field)
})

test('a refused body never shows what was typed', async () => {
  const reply = await login({ ...good, identifier: 'Secret Thing', password: ['hunter2'] })
  expect(JSON.stringify(reply.body)).not.toMatch(/Secret Thing|hunter2/)
})

test('refused bodies count nowhere and leave no entry', async () => {
  const identity = await world.identity()
  const ip = newIp()
  const body = { identifier: identity.email, password: 'x', extra: 1 }
  for (let index = 0; index < 12; index += 1) await world.post('/api/auth/login', body, { ip })
  await signIn(world, identity)
  expect(await storyOf(world, identity.userId)).toEqual(['IDENTITY_CREATED success', 'LOGIN success'])
})
