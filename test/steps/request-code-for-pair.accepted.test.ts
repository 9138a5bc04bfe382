/** Asking for a code with a pair that matches. */
import { expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { pairOf, presentPair, requestForPairPath } from '#test/support/pairs.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

test('it answers as the contract says and sends one SMS to the stored phone', async () => {
  const person = await world.identity()
  const typed = ` ${person.phone.slice(0, 3)} ${person.phone.slice(3)}`.trim()
  const reply = await presentPair(world, requestForPairPath, { identifier: person.username, phone: typed })
  expect(reply.status).toBe(200)
  expect(reply.body).toEqual({
    success: true,
    message: expect.stringMatching(/\w+/),
    data: {
      flowId: expect.stringMatching(/^[\w-]{16,}$/),
      expiresInSeconds: 600,
      resendAfterSeconds: 60,
      identifier: person.username,
      maskedPhone: `+20****${person.phone.slice(-4)}`,
    },
  })
  expect(await world.lastCode(person.phone)).toMatch(/^[0-9]{6}$/)
  expect(world.messages(person.email)).toEqual([])
  expect(world.messages(person.phone)[0]?.text).toContain('10 minutes')
  expect(await linesOf(world, person.userId)).toEqual(['CODE_REQUESTED success', 'CODE_SENT success'])
})

test('identities that sign in with a code but have no email are sent none, and are answered alike', async () => {
  const phone = '+201012340001'
  await world.put('/admin/identities/no-email', { username: 'no-email', phone, mfaEnabled: true })
  const reply = await presentPair(world, requestForPairPath, { identifier: 'no-email', phone })
  expect([reply.status, Object.keys(reply.body.data).toSorted()]).toEqual([
    200,
    ['expiresInSeconds', 'flowId', 'identifier', 'maskedPhone', 'resendAfterSeconds'],
  ])
  expect(await linesOf(world, 'no-email')).toEqual([
    'CODE_REQUESTED success',
    'CODE_NOT_SENT failure mfa_without_email',
  ])
  expect(world.messages(phone)).toEqual([])
})

test('with an email, those who sign in with a code are sent one', async () => {
  const person = await world.identity({ mfaEnabled: true })
  await presentPair(world, requestForPairPath, pairOf(person))
  expect(await world.lastCode(person.phone)).toMatch(/^[0-9]{6}$/)
})

test('an Arabic reader gets it in Arabic', async () => {
  const person = await world.identity({ locale: 'ar' })
  await presentPair(world, requestForPairPath, pairOf(person))
  await world.idle()
  expect(world.messages(person.phone)[0]?.text).toMatch(/كلمة المرور/)
})

test('a request makes no more than four calls', async () => {
  const reply = await presentPair(world, requestForPairPath, pairOf(await world.identity()))
  const { body } = await world.get<object[]>(`/_local/calls?requestId=${reply.headers.get('x-request-id')}`)
  expect(body.length).toBeLessThanOrEqual(4)
  expect(body.length).toBeGreaterThan(0)
})
