/** G13: malformed input is a clear 4xx, changes nothing and burns no code. */
import { describe, expect, test } from 'vitest'
import { callsOf, codeOf } from '#test/support/race.ts'
import { askCode, passwordEmail, resetSecret, verifyCode } from '#test/support/recovery.ts'
import { epochOf, storedChallenge } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const email = 'someone@example.com'
const otp = '123456'
const newPassword = passwordEmail.newSecret
const bodies: Record<string, unknown> = {
  'no JSON': '{"email":',
  'a lone surrogate': '{"email":"\\ud800@example.com","otp":"123456","newPassword":"x"}',
  'a list': [{ email, otp, newPassword }],
  'a number': 7,
  null: 'null',
  'an unknown key': { email, otp, newPassword, admin: true },
  'a prototype': `{"email":"${email}","otp":"123456","newPassword":"x","__proto__":{"admin":true}}`,
  'code and token': { email, otp, token: 'x', newPassword },
  'neither code nor token': { email, newPassword },
  'a list of codes': { email, otp: [otp, '654321'], newPassword },
  'a code as a number': { email, otp: 123456, newPassword },
  'an object for the code': { email, otp: { $ne: '' }, newPassword },
  'other digits': { email, otp: '١٢٣٤٥٦', newPassword },
  'two addresses': { email: `${email},other@example.com`, otp, newPassword },
  'a line break in the address': { email: `${email}\r\nBcc: other@example.com`, otp, newPassword },
  'a NUL in the password': { email, otp, newPassword: `${newPassword}\u0000` },
  'a password without end': { email, otp, newPassword: 'a'.repeat(2000) },
  'a long flowId': { email, otp, newPassword, flowId: 'x'.repeat(65) },
}

describe('reset', () => {
  test.each(Object.entries(bodies))('%s is refused before any call to AWS', async (_, body) => {
    const reply = await world.post(passwordEmail.reset, body, { ip: newIp() })
    expect(reply.status).toBe(400)
    expect(['VALIDATION_FAILED', 'MALFORMED_JSON']).toContain(codeOf(reply))
    expect(callsOf(world, reply)).toEqual([])
    expect(JSON.stringify(reply.body)).not.toMatch(/ at |Error:|node_modules|\.ts/)
  })

  test('a new password that breaks the rule burns no try and no code', async () => {
    const person = await world.identity()
    const { code } = await askCode(world, passwordEmail, person)
    const { token } = (await verifyCode(world, passwordEmail, person, { otp: code })).body
    const before = [await storedChallenge(passwordEmail, person), await epochOf(person.userId)]
    for (const weak of ['', 'short', 'nouppercase1!aa', `${person.email}A1!`, 'a'.repeat(200)])
      for (const proof of [{ otp: code }, { otp: '000000' }, { token }]) {
        const reply = await resetSecret(world, passwordEmail, person, proof as { otp: string }, weak)
        expect(codeOf(reply)).toBe('PASSWORD_WEAK')
        expect(callsOf(world, reply)).toEqual([])
      }
    expect([await storedChallenge(passwordEmail, person), await epochOf(person.userId)]).toEqual(before)
    expect(codeOf(await resetSecret(world, passwordEmail, person, { token }))).toBe('OK')
  })
})

test.each([
  ['GET', '/admin/identities/%00/ledger', 404],
  ['GET', '/admin/identities/%zz', 404],
  ['GET', `/admin/identities/${'x'.repeat(3000)}`, 404],
  ['GET', '/admin/identities/u-x/ledger?cursor=%ff%fe', 400],
  ['GET', '/auth/reset-password', 405],
  ['GET', '/no/such/path', 404],
])('%s %s is a %d', async (_, path, status) => {
  const reply = await world.get(path)
  expect(reply.status).toBe(status)
  expect(reply.body.success).toBe(false)
})

test('bodies that are too large or of another type are refused as such', async () => {
  const large = await world.post(passwordEmail.request, { email: 'x'.repeat(11_000) })
  expect([large.status, codeOf(large)]).toEqual([413, 'BODY_TOO_LARGE'])
  const headers = { 'content-type': 'text/plain' }
  const plain = await world.post(passwordEmail.request, JSON.stringify({ email }), { headers })
  expect([plain.status, codeOf(plain)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
})
