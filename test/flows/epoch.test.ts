/** A change of a credential kills every code, token and session of the identity, whatever flow they belong to (G6). */
import { describe, expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { pinHolder } from '#test/support/pin-holder.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import {
  askCode,
  codeResetFlows,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  proofOf,
  type RecoveryFlow,
  recoveryFlows,
  resetSecret,
} from '#test/support/recovery.ts'
import { signIn } from '#test/support/sessions.ts'
import { epochOf, storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

const pairs = codeResetFlows.flatMap((first) =>
  recoveryFlows
    .filter((second) => second !== first)
    .map((second) => [first.id, second.id, first, second] as const),
)

async function isRefused(
  flow: RecoveryFlow,
  person: TestIdentity,
  proof: Record<string, string>,
): Promise<void> {
  const before = await storedIdentity(person.userId)
  const reply = await resetSecret(world, flow, person, proof, flow.otherSecret)
  expect([reply.status, reply.body.error.code]).toEqual([401, proof['otp'] ? 'OTP_INVALID' : 'TOKEN_INVALID'])
  expect(await storedIdentity(person.userId)).toEqual(before)
}

/** In four days each of them; all: `npm run prove -- whole-tests`. */
test.each(sampleOf(pairs, 3))(
  'a reset by %s kills the proof of %s',
  async (_first, _second, first, second) => {
    const person = await pinHolder(world)
    const [used, other] = [await proofOf(world, first, person), await proofOf(world, second, person)]
    expect((await resetSecret(world, first, person, used)).status).toBe(200)
    await isRefused(second, person, other)
    expect(await linesOf(world, person.userId)).toContain(`${second.resetType} failure stale_epoch`)
  },
)

describe('a code asked for before the change', () => {
  test.each([
    ['a username', { username: 'another-name' }],
    ['two-step sign-in', { mfaEnabled: true }],
  ])('of %s is dead after it', async (_, change) => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, passwordEmail, person)
    expect((await world.put(`/admin/identities/${person.userId}`, change)).status).toBe(200)
    await isRefused(passwordEmail, person, { otp })
  })

  test('of the locale stays good: nothing was proved by that', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, passwordEmail, person)
    const epoch = await epochOf(person.userId)
    expect((await world.put(`/admin/identities/${person.userId}`, { locale: 'ar' })).status).toBe(200)
    expect(await epochOf(person.userId)).toBe(epoch)
    expect((await resetSecret(world, passwordEmail, person, { otp })).status).toBe(200)
    await world.idle()
    expect(world.messages(person.email).at(-1)?.text).toContain('تم تغيير كلمة المرور')
  })

  test('of status there and back is dead all the same', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, passwordEmailBasic, person)
    for (const status of ['suspended', 'active'])
      expect((await world.put(`/admin/identities/${person.userId}`, { status })).status).toBe(200)
    await isRefused(passwordEmailBasic, person, { otp })
  })
})

test('a password reset ends the sessions of all devices, and a failed one none', async () => {
  const person = await world.identity()
  const tokens = [await signIn(world, person), await signIn(world, person)]
  const { code: otp } = await askCode(world, passwordEmailBasic, person)
  expect((await resetSecret(world, passwordEmailBasic, person, { otp }, person.password)).status).toBe(400)
  for (const token of tokens) expect((await world.get('/api/auth/session', { token })).status).toBe(200)
  expect((await resetSecret(world, passwordEmailBasic, person, { otp })).status).toBe(200)
  for (const token of tokens) expect((await world.get('/api/auth/session', { token })).status).toBe(401)
})

test('two flows at once for one person change one credential', async () => {
  const person = await world.identity()
  const [basic, twoFactor] = [
    await proofOf(world, passwordEmailBasic, person),
    await proofOf(world, passwordTwoFactor, person),
  ]
  const epoch = await epochOf(person.userId)
  const replies = await Promise.all([
    resetSecret(world, passwordEmailBasic, person, basic, 'first of the two'),
    resetSecret(world, passwordTwoFactor, person, twoFactor, 'second of the two'),
  ])
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401])
  expect(await epochOf(person.userId)).toBe(epoch + 1)
  const lines = await linesOf(world, person.userId)
  expect(lines.filter((line) => line === 'PASSWORD_RESET success')).toHaveLength(1)
  const works = await Promise.all(
    ['first of the two', 'second of the two'].map((password) =>
      world.post('/api/auth/login', { identifier: person.email, password }, { ip: newIp() }),
    ),
  )
  expect(works.map(({ status }) => status)).toEqual(replies.map(({ status }) => status))
})

test('a code sent to a phone that the person gave away proves nothing for its next owner', async () => {
  const [person, next] = [await pinHolder(world), await world.identity()]
  const { code: otp } = await askCode(world, pinReset, person)
  const { phone } = person
  await world.put(`/admin/identities/${person.userId}`, { phone: '+201155550077' })
  expect((await world.put(`/admin/identities/${next.userId}`, { phone })).status).toBe(200)
  await isRefused(pinReset, person, { otp })
  expect((await storedIdentity(next.userId))?.['pin']).toBeUndefined()
})

holdEventsToSchemas(world)
