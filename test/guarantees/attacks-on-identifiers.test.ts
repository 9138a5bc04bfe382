/** Attacks that play one name, number or address against another, each with what must come of it. */
import { expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { policy } from '#shared/policy.ts'
import { setFailedGuesses } from '#test/support/failed-guesses.ts'
import { presentPair, strangeName, verifyIdentityPath } from '#test/support/pairs.ts'
import { atOnce, codeOf, tally } from '#test/support/race.ts'
import { askCode, passwordEmail, verifyCode } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const times = <T>(count: number, made: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => made(index))

test('nobody is frozen by guesses at codes that were never asked for, or are over', async () => {
  const person = await world.identity()
  const { code, flowId } = await askCode(world, passwordEmail, person)
  expect((await verifyCode(world, passwordEmail, person, { otp: code })).status).toBe(200)
  await setFailedGuesses({ kind: 'email', value: person.email }, policy.failedGuessesBeforeFreeze - 1)
  for (const proof of [{ otp: code }, { otp: code, flowId }, { otp: code, flowId: 'x'.repeat(22) }])
    expect(codeOf(await verifyCode(world, passwordEmail, person, proof))).toBe('OTP_INVALID')
  await world.pass(61)
  expect((await askCode(world, passwordEmail, person)).code).toMatch(/^[0-9]{6}$/)
})

test.each(['email', 'phone'] as const)('no username is the %s of another', async (kind) => {
  const victim = await world.identity()
  const taken = victim[kind]
  const forms = kind === 'email' ? [taken, taken.toUpperCase()] : [taken, taken.slice(1)]
  for (const username of forms) {
    const reply = await world.put(`/admin/identities/u-thief-${kind}`, { username })
    expect([username, codeOf(reply)]).toEqual([username, 'VALIDATION_FAILED'])
  }
  const login = { identifier: taken, password: victim.password }
  expect(codeOf(await world.post('/api/auth/login', login, { ip: newIp() }))).toBe('OK')
})

test('of many identifiers tried with one phone, each from an address of its own, five are answered', async () => {
  const { phone } = await world.identity()
  const tried = policy.pairMismatchesPerPhone + 7
  const replies = []
  for (const identifier of times(tried, strangeName))
    replies.push(await presentPair(world, verifyIdentityPath, { identifier, phone }))
  expect(tally(replies)).toEqual({ CREDENTIALS_INVALID: policy.pairMismatchesPerPhone, RATE_LIMITED: 7 })
})

test('an address that changes within its /64 asks for no more codes than one that stays', async () => {
  const { codesPerIpHour } = flowOf('password-email')
  const prefix = newIp().replace('::1', '')
  const replies = []
  for (const index of times(codesPerIpHour + 3, (each) => each)) {
    const ip = `${prefix}:${index}:0:0:${index}`
    replies.push(await world.post(passwordEmail.request, { email: `v6-${index}@example.net` }, { ip }))
  }
  expect(tally(replies)).toEqual({ OK: codesPerIpHour, RATE_LIMITED: 3 })
})

test('an address that changes within its /64 guesses no more passwords than one that stays', async () => {
  const prefix = newIp().replace('::1', '')
  const guess = (identifier: string, host: number) =>
    world.post('/api/auth/login', { identifier, password: 'x' }, { ip: `${prefix}:${host}::7` })
  // From one address after another; those of one address at once, for time.
  const replies = []
  for (let host = 1; host <= 3; host += 1)
    replies.push(...(await atOnce(20, (index) => guess(`v6-${host}-${index}@example.net`, host))))
  expect(tally(replies)).toEqual({ CREDENTIALS_INVALID: policy.loginFailuresPerIp, RATE_LIMITED: 10 })
})

test('an address typed in many forms is one subject: it has one code, one budget and one count of failures', async () => {
  const { email, password } = await world.identity()
  const forms = [email.toUpperCase(), ` ${email} `, email.replace('@', '\uff20'), `\u200b${email}\u2066`]
  const ask = (typed: string) => world.post(passwordEmail.request, { email: typed }, { ip: newIp() })
  expect(codeOf(await ask(email))).toBe('OK')
  for (const form of forms) expect(codeOf(await ask(form)), form).toBe('RESEND_TOO_SOON')
  const login = (identifier: string, typed: string) =>
    world.post('/api/auth/login', { identifier, password: typed }, { ip: newIp() })
  const failures = policy.loginFailuresPerIdentifier
  for (let failed = 0; failed < failures; failed += 1)
    expect(codeOf(await login(forms[failed % forms.length] ?? '', 'not this one'))).toBe(
      'CREDENTIALS_INVALID',
    )
  for (const form of [email, ...forms]) expect(codeOf(await login(form, password)), form).toBe('RATE_LIMITED')
})
