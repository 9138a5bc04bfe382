/** G3: a code or token changes at most one credential, however many requests carry it at once. */
import { describe, expect, test } from 'vitest'
import { sessionsOf } from '#shared/stores/sessions.ts'
import { storePerson } from '#test/support/as-stored.ts'
import { entriesOf } from '#test/support/entries.ts'
import { pinHolder } from '#test/support/pin-holder.ts'
import { atOnce, codeOf, tally } from '#test/support/race.ts'
import {
  askCode,
  codeResetFlows,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  type RecoveryFlow,
  recoveryFlows,
  resetSecret,
  verifyCode,
  verifyingFlows,
} from '#test/support/recovery.ts'
import { epochOf, outboxRows, storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

/** As many as `npm run prove -- whole-tests` sends find rarer interleavings. */
const requests = sized(10, 50)
/** Different secrets, so that two winners would show. */
const secretOf = (flow: RecoveryFlow, index: number) =>
  flow.secret === 'newPin' ? String(482_915 + 1009 * index) : `Plum-Harbour-${100 + index}-Vane`

const holder = (flow: RecoveryFlow): Promise<TestIdentity> =>
  flow.secret === 'newPin' ? pinHolder(world) : storePerson()

/** Sends all requests; exactly one may have changed anything. */
async function raceFor(
  flow: RecoveryFlow,
  person: TestIdentity,
  proofOf: (index: number) => Readonly<Record<string, string>>,
) {
  const before = await epochOf(person.userId)
  const told = [person.email, person.phone].map((to) => world.messages(to).length)
  const replies = await atOnce(requests, (index) =>
    resetSecret(world, flow, person, proofOf(index), secretOf(flow, index)),
  )
  expect(tally(replies)['OK']).toBe(1)
  expect(await epochOf(person.userId)).toBe(before + 1)
  const entries = await entriesOf(world, person.userId)
  const resets = entries.filter(({ type, outcome }) => type === flow.resetType && outcome === 'success')
  expect(resets).toHaveLength(1)
  expect(await outboxRows()).toEqual([])
  const confirmed = [person.email, person.phone].map((to, at) => world.messages(to).length - (told[at] ?? 0))
  expect(confirmed).toEqual(flow.channel === 'email' ? [1, 1] : [1, 0])
  return replies
}

/** The secret of the one that won, and of no other, is the one that counts. */
async function onlyWinnerSignsIn(flow: RecoveryFlow, person: TestIdentity, winner: number): Promise<void> {
  const login = async (index: number) => {
    const body = { identifier: person.email, password: secretOf(flow, index) }
    return codeOf(await world.post('/api/auth/login', body, { ip: newIp() }))
  }
  expect(await login(winner)).toBe('OK')
  expect(await login((winner + 1) % requests)).toBe('CREDENTIALS_INVALID')
}

describe.each(codeResetFlows)('$id', (flow) => {
  test.each([
    ['open counter', false],
    ['counter of its flowId', true],
  ])('resets at once with one code, on the %s: exactly one succeeds', async (_, named) => {
    const person = await holder(flow)
    const { code, flowId } = await askCode(world, flow, person)
    const replies = await raceFor(flow, person, () => ({ otp: code, ...(named && { flowId }) }))
    const winner = replies.findIndex(({ status }) => status === 200)
    if (flow.secret === 'newPassword') await onlyWinnerSignsIn(flow, person, winner)
    expect(codeOf(await resetSecret(world, flow, person, { otp: code }))).toBe('OTP_INVALID')
  })
})

describe.each(verifyingFlows.filter(({ token }) => token !== undefined))('$id', (flow) => {
  test('resets at once with one token: exactly one succeeds, and the token is dead', async () => {
    const person = await storePerson()
    const { code } = await askCode(world, flow, person)
    const token = (await verifyCode(world, flow, person, { otp: code })).body[flow.token ?? 'token']
    const proof = { [flow.token ?? 'token']: token }
    const replies = await raceFor(flow, person, () => proof)
    expect(tally(replies)).toEqual({ OK: 1, TOKEN_INVALID: requests - 1 })
    await onlyWinnerSignsIn(
      flow,
      person,
      replies.findIndex(({ status }) => status === 200),
    )
    expect(codeOf(await resetSecret(world, flow, person, proof))).toBe('TOKEN_INVALID')
  })
})

test.each(verifyingFlows)(
  'verifications of $id at once with the right code: one is verified, one token is given',
  async (flow) => {
    const person = await storePerson()
    const { code, flowId } = await askCode(world, flow, person)
    const replies = await atOnce(requests, (index) =>
      verifyCode(world, flow, person, { otp: code, ...(index % 2 === 0 && { flowId }) }),
    )
    expect(tally(replies)['OK']).toBe(1)
    const entries = await entriesOf(world, person.userId)
    expect(
      entries.filter(({ type, outcome }) => type === 'CODE_VERIFIED' && outcome === 'success'),
    ).toHaveLength(1)
  },
)

test('code and token of one challenge at once: together they change the password once', async () => {
  const flow = passwordEmail
  const person = await storePerson()
  const { code, flowId } = await askCode(world, flow, person)
  const { token } = (await verifyCode(world, flow, person, { otp: code })).body
  await raceFor(flow, person, (index) => (index % 2 === 0 ? { token } : { otp: code, flowId }))
})

test('codes of three flows at once: one wins, and its change is the end of the others', async () => {
  const person = await storePerson()
  const before = await epochOf(person.userId)
  const basic = await askCode(world, passwordEmailBasic, person)
  const email = await askCode(world, passwordEmail, person)
  const sms = await askCode(world, passwordTwoFactor, person)
  const { resetToken } = (await verifyCode(world, passwordTwoFactor, person, { otp: sms.code })).body
  const replies = await atOnce(6, (index) => {
    const choices = [
      () => resetSecret(world, passwordEmailBasic, person, { otp: basic.code }),
      () => resetSecret(world, passwordEmail, person, { otp: email.code }),
      () => resetSecret(world, passwordTwoFactor, person, { resetToken }, 'slate orchard kite'),
    ]
    return (choices[index % 3] ?? choices[0])?.() ?? Promise.reject(new Error('no choice'))
  })
  expect(tally(replies)['OK']).toBe(1)
  expect(await epochOf(person.userId)).toBe(before + 1)
  const history = (await storedIdentity(person.userId))?.['history']
  expect(history).toHaveLength(1)
})

test('sign-ins at once with one MFA code: one session', async () => {
  const person = await world.identity({ mfaEnabled: true })
  const login = { identifier: person.email, password: person.password }
  const { challengeId } = (await world.post('/api/auth/login', login, { ip: newIp() })).body.data
  const otp = await world.lastCode(person.phone)
  const replies = await atOnce(requests, () => world.post('/api/auth/login/verify', { challengeId, otp }))
  expect(tally(replies)['OK']).toBe(1)
  expect(await sessionsOf(person.userId)).toHaveLength(1)
})

test.each(recoveryFlows)('a code of $id, once used, is refused ever after', async (flow) => {
  const person = await holder(flow)
  const { code, flowId } = await askCode(world, flow, person)
  const first = await (flow.id === 'password-two-factor'
    ? verifyCode(world, flow, person, { otp: code })
    : resetSecret(world, flow, person, { otp: code }))
  expect(first.status).toBe(200)
  for (const named of [{}, { flowId }]) {
    const again = await (flow.verify === undefined
      ? resetSecret(world, flow, person, { otp: code, ...named }, flow.otherSecret)
      : verifyCode(world, flow, person, { otp: code, ...named }))
    expect(codeOf(again)).toBe('OTP_INVALID')
  }
})
