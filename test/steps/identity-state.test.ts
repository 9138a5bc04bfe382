/** What support sees of an identity. */
import { beforeAll, expect, test } from 'vitest'
import { subjectKey } from '#shared/domain/subject.ts'
import * as database from '#shared/stores/database.ts'
import { adminOf } from '#test/support/admin.ts'
import { disown, lastToken } from '#test/support/not-me.ts'
import { answerOf, resetByEmail, signIn, withPin } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld({ settings: { SMS_COUNTRIES: 'EG' } })
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

const stateOf = async (userId: string) => {
  await world.idle()
  return (await admin.state(userId)).body.data
}

test('an identity in good order, with no address in clear', async () => {
  const person = await world.identity()
  const state = await stateOf(person.userId)
  expect(state).toMatchObject({
    userId: person.userId,
    maskedEmail: `${person.email[0]}***@example.com`,
    username: person.username,
    maskedPhone: `+20****${person.phone.slice(-4)}`,
    status: 'active',
    hasPassword: true,
    hasPin: false,
    frozenUntil: null,
    frozenBy: null,
    signInLocked: null,
    lastCode: null,
    sessions: [],
  })
  expect(JSON.stringify(state)).not.toContain(person.email)
  expect(JSON.stringify(state)).not.toContain(person.phone)
})

test('the last code, and whether it went', async () => {
  const person = await world.identity()
  await world.post('/api/auth/forgot-password', { email: person.email }, { ip: newIp() })
  expect((await stateOf(person.userId)).lastCode).toMatchObject({
    flow: 'password-email-basic',
    channel: 'email',
    state: 'sent',
    reason: null,
  })
  const abroad = await world.identity({ phone: '+919876543210' })
  await world.post('/api/pin/reset/request', { phone: abroad.phone }, { ip: newIp() })
  const { lastCode } = await stateOf(abroad.userId)
  expect(lastCode).toMatchObject({ flow: 'pin-reset', state: 'not-sent', reason: 'country_not_listed' })
})

test('live sessions, and none that are over', async () => {
  const person = await world.identity()
  await signIn(world, person)
  await admin.signOut(person.userId)
  await signIn(world, person)
  const { sessions } = await stateOf(person.userId)
  expect(sessions).toHaveLength(1)
  expect(JSON.stringify(sessions)).not.toContain('secretHash')
})

test('a freeze by the owner, with the password that it makes unusable', async () => {
  const person = await world.identity()
  await resetByEmail(world, person, 'newpass123')
  await disown(world, await lastToken(world, person.email), { ip: newIp() })
  const state = await stateOf(person.userId)
  expect(state).toMatchObject({ frozenBy: 'owner', resetRequired: true })
  expect(Date.parse(state.frozenUntil)).toBeGreaterThan(world.stack.clock.now())
  await admin.unlock(person.userId)
  expect(await stateOf(person.userId)).toMatchObject({ frozenBy: null, frozenUntil: null })
})

test.each([
  ['F#', 'a typed identifier'],
  ['J#', 'the identity over all its identifiers'],
])('a freeze by guesses at %s%s', async (prefix) => {
  const { userId, email } = await world.identity()
  const key = prefix === 'F#' ? subjectKey({ kind: 'email', value: email }) : userId
  const frozenUntil = world.stack.clock.now() + 60_000
  await database.transact([database.put('challenges', { pk: `${prefix}${key}`, frozenUntil, rev: 1 })])
  expect(await stateOf(userId)).toMatchObject({
    frozenBy: 'guesses',
    frozenUntil: new Date(frozenUntil).toISOString(),
  })
  await world.pass(61)
  expect(await stateOf(userId)).toMatchObject({ frozenBy: null })
})

test.each([
  ['passwords', { fails: 100 }],
  ['codes', { fails: 0, wrongCodes: 100 }],
])('a sign-in that a hundred wrong %s locked', async (signInLocked, row) => {
  const { userId } = await world.identity()
  await database.transact([database.put('challenges', { pk: `L#${userId}`, ...row })])
  expect(await stateOf(userId)).toMatchObject({ signInLocked })
  await admin.unlock(userId)
  expect(await stateOf(userId)).toMatchObject({ signInLocked: null })
})

test('a locked PIN, and a breach check that is still to be made', async () => {
  const { identity } = await withPin(world)
  await database.updateOne(
    'identities',
    { pk: `U#${identity.userId}` },
    'SET pinFailures = :ten, breachCheckDue = :yes',
    {
      values: { ten: 10, yes: true },
    },
  )
  expect(await stateOf(identity.userId)).toMatchObject({
    hasPin: true,
    pinLocked: true,
    breachCheckDue: true,
  })
})

test('the SMS of today to their country, by purpose, with what stops them', async () => {
  const { userId, phone } = await world.identity()
  const before = (await stateOf(userId)).smsToday?.sent
  await world.post('/api/pin/reset/request', { phone }, { ip: newIp() })
  await world.idle()
  const now = world.stack.clock.now()
  const day = new Date(now).toISOString().slice(0, 10)
  await database.updateOne('challenges', { pk: `K#${day}#notice#EG` }, 'SET haltedUntil = :until', {
    values: { until: now + 60_000 },
  })
  expect((await stateOf(userId)).smsToday).toEqual({
    country: 'EG',
    sent: { ...before, recovery: Number(before?.['recovery']) + 1 },
    mostOfEach: 10_000,
    pausedUntil: null,
    haltedUntil: new Date(now + 60_000).toISOString(),
  })
  await world.pass(61)
  expect((await stateOf(userId)).smsToday).toMatchObject({ haltedUntil: null })
  await admin.put(userId, { phone: null })
  expect((await stateOf(userId)).smsToday).toBeNull()
})

test.each(['u-nobody', '~decoy'])('%s is NOT_FOUND', async (userId) => {
  expect(answerOf(await admin.state(userId))).toBe('404 NOT_FOUND')
})
