/** 'It was not me', pressed by an owner: what ends, what is frozen, who is told. */
import { beforeAll, describe, expect, test } from 'vitest'
import { settings } from '#shared/settings.ts'
import { adminOf } from '#test/support/admin.ts'
import { entriesOf, linesOf } from '#test/support/entries.ts'
import { disown, lastToken, linksIn, tokensSentTo } from '#test/support/not-me.ts'
import { earnPin, pinHolder, signInWithPhone } from '#test/support/pin-holder.ts'
import { askCode, pinReset, recoveryFlows, resetSecret } from '#test/support/recovery.ts'
import { answerOf, resetByEmail, resetBySms, signIn, strongPassword } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

const taken = 'their pass 123'
const login = ({ email }: TestIdentity, password = taken) =>
  world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })

/** Somebody who can read the mailbox has reset the password. */
async function takenOver(given?: Record<string, unknown>) {
  const person = await world.identity(given)
  await resetByEmail(world, person, taken)
  return { person, token: await lastToken(world, person.email) }
}

async function pinTakenOver() {
  const person = await pinHolder(world)
  await world.pass(60)
  const { code: otp } = await askCode(world, pinReset, person)
  expect((await resetSecret(world, pinReset, person, { otp })).status).toBe(200)
  return { person, token: await lastToken(world, person.email) }
}

describe('a changed password that is disowned', () => {
  test('cannot be used, every session ends, and recovery stands still for a day; the owner is told', async () => {
    const { person, token } = await takenOver()
    const session = await signIn(world, { ...person, password: taken })
    const before = Date.now()
    const reply = await disown(world, token)
    expect(answerOf(reply)).toBe('200')
    expect(reply.body.data).toEqual({ frozenUntil: expect.any(String), passwordDisabled: true })
    const until = Date.parse((reply.body.data as unknown as { frozenUntil: string }).frozenUntil)
    expect(Math.abs(until - before - 24 * 3600_000)).toBeLessThan(30_000)
    expect(answerOf(await login(person))).toBe('401 CREDENTIALS_INVALID')
    expect(answerOf(await world.get('/api/auth/session', { token: session }))).toBe('401 SESSION_INVALID')
    const frozen = (await entriesOf(world, person.userId)).find(({ type }) => type === 'RECOVERY_FROZEN')
    expect(frozen).toMatchObject({
      outcome: 'success',
      reason: 'not_me',
      actor: 'subject',
      fields: ['password'],
    })
    for (const to of [person.email, person.phone])
      expect(world.messages(to).at(-1)?.text).toMatch(/resets are paused for 24 hours/)
  })

  test('email and SMS carry the same link, to the page of the setting ORIGIN, with the token behind the hash', async () => {
    const { person, token } = await takenOver()
    expect(token).toMatch(/^[A-Za-z0-9_-]{22}$/)
    const { ORIGIN } = settings()
    for (const to of [person.email, person.phone])
      expect(linksIn(world.messages(to).at(-1)?.text ?? '')).toEqual([`${ORIGIN}/not-me#${token}`])
  })

  test.each(recoveryFlows)('no code of $id is sent meanwhile, and the reply does not tell', async (flow) => {
    const { person, token } = await takenOver()
    const other = await world.identity()
    await disown(world, token)
    await world.pass(61)
    const ask = (who: TestIdentity) => world.post(flow.request, flow.typed(who), { ip: newIp() })
    const [frozen, usual] = [await ask(person), await ask(other)]
    expect(answerOf(frozen)).toBe('200')
    expect(Object.keys(frozen.body.data)).toEqual(Object.keys(usual.body.data))
    const lines = await linesOf(world, person.userId)
    expect(lines.at(-1)).toBe('CODE_NOT_SENT failure frozen-by-owner')
    expect(await linesOf(world, other.userId)).toContain('CODE_SENT success')
  })

  test('after a day its owner recovers anew', async () => {
    const { person, token } = await takenOver()
    await disown(world, token)
    await world.pass(24 * 3600 - 60)
    await expect(resetBySms(world, person, 'newpass123')).rejects.toThrow()
    await world.pass(120)
    await resetBySms(world, person, 'newpass123')
    expect(answerOf(await login(person, 'newpass123'))).toBe('200')
  })

  test('an unlock lifts the freeze at once, but does not bring the disowned password back', async () => {
    const { person, token } = await takenOver()
    await disown(world, token)
    expect(answerOf(await admin.unlock(person.userId))).toBe('200')
    expect(answerOf(await login(person))).toBe('401 CREDENTIALS_INVALID')
    await resetBySms(world, person, 'newpass123')
    expect(answerOf(await login(person, 'newpass123'))).toBe('200')
  })

  test('its link outlives what the intruder does next: another reset, another change', async () => {
    const { person, token } = await takenOver()
    const session = await signIn(world, { ...person, password: taken })
    const change = { password: taken, newPassword: strongPassword }
    expect(answerOf(await world.post('/api/auth/password/change', change, { token: session }))).toBe('200')
    await world.pass(6 * 24 * 3600)
    expect(answerOf(await disown(world, token))).toBe('200')
    expect(answerOf(await login(person, strongPassword))).toBe('401 CREDENTIALS_INVALID')
    expect(answerOf(await world.get('/api/auth/session', { token: session }))).toBe('401 SESSION_INVALID')
  })

  test('of a suspended identity: nobody is told, and it stays unusable when it is active again', async () => {
    const { person, token } = await takenOver()
    await admin.put(person.userId, { status: 'suspended' })
    await world.idle()
    const before = world.messages(person.email).length
    expect(answerOf(await disown(world, token))).toBe('200')
    await world.idle()
    expect(world.messages(person.email)).toHaveLength(before)
    await admin.put(person.userId, { status: 'active' })
    expect(answerOf(await login(person))).toBe('401 CREDENTIALS_INVALID')
  })
})

describe('a changed PIN that is disowned', () => {
  const prove = (token: string, pin = pinReset.newSecret) => world.post('/api/pin/verify', { pin }, { token })

  test('is locked, also after an unlock, until it is reset; signing in goes on', async () => {
    const { person, token } = await pinTakenOver()
    const reply = await disown(world, token)
    expect(reply.body.data).toEqual({ frozenUntil: expect.any(String), pinLocked: true })
    await world.pass(61)
    expect(answerOf(await prove(await signInWithPhone(world, person)))).toBe('423 PIN_LOCKED')
    await admin.unlock(person.userId)
    expect(answerOf(await prove(await signInWithPhone(world, person)))).toBe('423 PIN_LOCKED')
    const { code: otp } = await askCode(world, pinReset, person)
    await resetSecret(world, pinReset, person, { otp }, pinReset.otherSecret)
    await world.pass(61)
    const session = await signInWithPhone(world, person)
    expect(answerOf(await prove(session, pinReset.otherSecret))).toBe('200')
  })

  test('a sign-in with a code does not lift the freeze, as it lifts one by wrong guesses', async () => {
    const { person, token } = await pinTakenOver()
    await admin.put(person.userId, { mfaEnabled: true })
    expect(answerOf(await disown(world, token))).toBe('200')
    const { challengeId } = (await login(person, person.password)).body.data
    const otp = await world.lastCode(person.phone)
    expect(answerOf(await world.post('/api/auth/login/verify', { challengeId, otp }))).toBe('200')
    await world.pass(61)
    await expect(askCode(world, pinReset, person)).rejects.toThrow('No new code was sent')
  })
})

test('a first PIN that is disowned is locked', async () => {
  const person = await earnPin(world)
  const reply = await disown(world, await lastToken(world, person.email))
  expect(reply.body.data).toEqual({ frozenUntil: expect.any(String), pinLocked: true })
})

test.each([
  ['an address', { phone: '+201277700001' }],
  ['the second factor', { mfaEnabled: true }],
])('a change of %s that is disowned: frozen and signed out, the password still counts', async (_, change) => {
  const person = await world.identity()
  const session = await signIn(world, person)
  await admin.put(person.userId, change)
  const reply = await disown(world, await lastToken(world, person.email))
  expect(Object.keys(reply.body.data)).toEqual(['frozenUntil'])
  expect(answerOf(await world.get('/api/auth/session', { token: session }))).toBe('401 SESSION_INVALID')
  expect(answerOf(await login(person, person.password))).toBe('200')
})

test('the address that was given up has a link too, and it is the same', async () => {
  const person = await world.identity()
  await admin.put(person.userId, { email: `moved-${person.email}` })
  const [old] = await tokensSentTo(world, person.email)
  expect(old).toBeDefined()
  expect(await tokensSentTo(world, `moved-${person.email}`)).toEqual([old])
  expect(answerOf(await disown(world, old ?? ''))).toBe('200')
})

test('one change of password and address has a link for each, for each disowns something else', async () => {
  const person = await world.identity()
  const passwordHash = '$2b$10$' + 'N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'
  await admin.put(person.userId, { passwordHash, mfaEnabled: true })
  expect(new Set(await tokensSentTo(world, person.email)).size).toBe(2)
})

test('three calls, none of them of KMS', async () => {
  const { token } = await takenOver()
  const reply = await disown(world, token)
  const calls = world.stack.services.calls.byRequest(reply.headers.get('x-request-id') ?? '')
  expect(calls.map(({ operation }) => operation)).toEqual(['UpdateItem', 'GetItem', 'TransactWriteItems'])
})
