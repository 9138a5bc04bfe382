/** Attacks on signing in and sessions that were tried, each with what must come of it. */
import { expect, test } from 'vitest'
import { entriesOf, lineOf } from '#test/support/entries.ts'
import { fillCodesOf } from '#test/support/full-registers.ts'
import { atOnce, codeOf, tally } from '#test/support/race.ts'
import { wrongCode } from '#test/support/recovery.ts'
import { signIn, stepUp } from '#test/support/sessions.ts'
import { itemsOf } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

const login = (person: Pick<TestIdentity, 'email' | 'password'>, ip: string) =>
  world.post('/api/auth/login', { identifier: person.email, password: person.password }, { ip })

/** Resolves once every fault that was ordered has hit. */
async function faultsTaken(): Promise<void> {
  while (world.stack.services.faults.pending().length > 0) await new Promise(setImmediate)
}

test('a right password that comes after the failures allowed is answered as a wrong one, also where no code could be sent', async () => {
  const ip = newIp()
  const victim = await world.identity({ mfaEnabled: true })
  // The address has used up its sign-in codes with accounts of its own.
  await fillCodesOf('login-mfa', ip)
  expect(codeOf(await login(await world.identity({ mfaEnabled: true }), ip))).toBe('RATE_LIMITED')
  const slow = { service: 'kms', function: 'login', mode: 'slow', delayMs: 1500, count: 1 }
  await world.post('/_local/faults', slow)
  const right = login(victim, ip)
  await faultsTaken()
  const wrong = { ...victim, password: 'not the password' }
  expect(tally(await atOnce(10, () => login(wrong, ip)))).toEqual({ CREDENTIALS_INVALID: 10 })
  const { body } = await right
  expect(body.error.code).toBe('RATE_LIMITED')
  // The window of failed sign-ins, not that of sign-in codes: else the answer tells that the password is right.
  expect(body.error.retryAfterSeconds).toBeLessThanOrEqual(920)
})

test('a made-up sign-in names nobody: it opens no chain in the ledger', async () => {
  const challengeId = `${'A'.repeat(22)}.u-nobody-at-all`
  const reply = await world.post('/api/auth/login/verify', { challengeId, otp: '123456' }, { ip: newIp() })
  expect(codeOf(reply)).toBe('OTP_INVALID')
  await world.idle()
  const chains = (await itemsOf('ledger')).filter(({ requestId }) => requestId === reply.body.requestId)
  expect(chains.map(({ chain }) => chain)).toEqual([
    expect.stringMatching(/^unknown\/(\d\d|1\d\d|2[0-4]\d|25[0-5])$/),
  ])
})

test('a made-up sign-in of a real person is recorded as theirs, and uses up none of their tries', async () => {
  const person = await world.identity({ mfaEnabled: true })
  const real = (await login(person, newIp())).body.data.challengeId
  const otp = await world.lastCode(person.phone)
  const challengeId = `${'A'.repeat(22)}.${person.userId}`
  const replies = await atOnce(20, () => world.post('/api/auth/login/verify', { challengeId, otp }))
  expect(tally(replies)).toEqual({ OTP_INVALID: 20 })
  const mixed = await world.post('/api/auth/login/verify', { challengeId: real, otp, flowId: challengeId })
  expect(codeOf(mixed)).toBe('OTP_INVALID')
  expect(codeOf(await world.post('/api/auth/login/verify', { challengeId: real, otp }))).toBe('OK')
  const lines = (await entriesOf(world, person.userId)).map(lineOf)
  expect(lines.filter((line) => line === 'MFA_VERIFIED failure unknown')).toHaveLength(20)
})

test('a code of one sign-in does not finish another', async () => {
  const person = await world.identity({ mfaEnabled: true })
  const first = (await login(person, newIp())).body.data.challengeId
  const code = await world.lastCode(person.phone)
  const second = (await login(person, newIp())).body.data.challengeId
  const other = await world.lastCode(person.phone)
  const verify = (challengeId: string, otp: string) =>
    world.post('/api/auth/login/verify', { challengeId, otp })
  if (code !== other) {
    expect(codeOf(await verify(second, code))).toBe('OTP_INVALID')
    expect(codeOf(await verify(first, other))).toBe('OTP_INVALID')
  }
  expect(codeOf(await verify(first, code))).toBe('OK')
  expect(codeOf(await verify(second, other))).toBe('OK')
})

test('parts of two session tokens make no session', async () => {
  const [one, two] = [await world.identity(), await world.identity()]
  const [a, b] = [await signIn(world, one), await signIn(world, two)]
  const again = await signIn(world, one)
  const [user, session, secret] = a.split('.')
  const mixed = [
    `${two.userId}.${session}.${secret}`,
    `${user}.${again.split('.')[1]}.${secret}`,
    `${user}.${session}.${b.split('.')[2]}`,
    `${user}.${session}.`,
    `${user}.${session}.${secret}.${secret}`,
    `${user}.${session}.${secret}=`,
    `~decoy.${session}.${secret}`,
  ]
  for (const token of mixed)
    expect(codeOf(await world.get('/api/auth/session', { token })), token).toBe('SESSION_INVALID')
  expect(codeOf(await world.get('/api/auth/session', { token: a }))).toBe('OK')
})

test('a step-up code lifts the session that asked, and no other session of the same person', async () => {
  const person = await world.identity()
  const [mine, other] = [await signIn(world, person), await signIn(world, person)]
  await world.post('/api/auth/step-up/request', undefined, { token: mine, ip: newIp() })
  const otp = await world.lastCode(person.phone)
  const stolen = await atOnce(5, () => world.post('/api/auth/step-up/verify', { otp }, { token: other }))
  expect(tally(stolen)).toEqual({ OTP_INVALID: 5 })
  const factorsOf = async (token: string) =>
    (await world.get('/api/auth/session', { token })).body.data.factors.map(({ group }) => group)
  expect(await factorsOf(other)).toEqual(['KNOWLEDGE'])
  expect(codeOf(await world.post('/api/auth/step-up/verify', { otp }, { token: mine }))).toBe('OK')
  expect(await factorsOf(mine)).toEqual(['KNOWLEDGE', 'POSSESSION'])
  expect(await factorsOf(other)).toEqual(['KNOWLEDGE'])
})

test('a step-up at the moment of signing out revives no session', async () => {
  const person = await world.identity()
  for (let round = 0; round < sized(3, 5); round += 1) {
    const token = await signIn(world, person)
    await world.post('/api/auth/step-up/request', undefined, { token, ip: newIp() })
    const otp = await world.lastCode(person.phone)
    await Promise.all([
      world.post('/api/auth/step-up/verify', { otp }, { token }),
      world.post('/api/auth/logout', {}, { token }),
    ])
    expect(codeOf(await world.get('/api/auth/session', { token }))).toBe('SESSION_INVALID')
    await world.pass(61)
  }
})

test('ending a session under a name that is none is not found, however long it is', async () => {
  const token = await signIn(world, await world.identity())
  for (const id of ['x', 'y'.repeat(1100), 'z'.repeat(5000), '%20', '~', '%C3%A9'.repeat(400)])
    expect(codeOf(await world.del(`/api/auth/sessions/${id}`, { token })), id.slice(0, 10)).toBe('NOT_FOUND')
})

test('one person cannot end the session of another', async () => {
  const [owner, stranger] = [await world.identity(), await world.identity()]
  const [mine, theirs] = [await signIn(world, owner), await signIn(world, stranger)]
  const id = mine.split('.')[1]
  expect(codeOf(await world.del(`/api/auth/sessions/${id}`, { token: theirs }))).toBe('NOT_FOUND')
  expect(codeOf(await world.get('/api/auth/session', { token: mine }))).toBe('OK')
})

test('ids that a client sends in headers make no try free', async () => {
  const person = await world.identity({ mfaEnabled: true })
  const { challengeId } = (await login(person, newIp())).body.data
  const otp = wrongCode(await world.lastCode(person.phone))
  const headers = { 'x-request-id': 'mine', 'x-amzn-requestid': 'mine', 'x-amzn-trace-id': 'Root=1-mine' }
  const body = { challengeId, otp }
  const replies = []
  for (let guess = 0; guess < 6; guess += 1)
    replies.push(await world.post('/api/auth/login/verify', body, { headers }))
  expect(tally(replies)).toEqual({ OTP_INVALID: 3, TRIES_EXHAUSTED: 3 })
  expect(new Set(replies.map(({ body: { requestId } }) => requestId)).size).toBe(6)
})

test('two sessions that race to set the first PIN: one sets it', async () => {
  const consent = { document: 'terms', version: '1' }
  const person = await world.identity({ consent })
  const tokens = [await signIn(world, person), await signIn(world, person)]
  for (const token of tokens) {
    await stepUp(world, person, token)
    await world.pass(61)
  }
  const replies = await atOnce(10, (index) => {
    const body = { userId: person.userId, pin: String(482_915 + index * 1009) }
    return world.post('/api/pin/set', body, { token: tokens[index % 2] ?? '' })
  })
  expect(tally(replies)).toEqual({ OK: 1, PIN_ALREADY_SET: 9 })
})
