/** Every step and worker at work on one stack, also on the ways that are seldom gone. */
import { randomUUID } from 'node:crypto'
import { type Handler, invoke } from '#local/runtime.ts'
import { environmentChanged } from '#shared/per-environment.ts'
import { restEvent } from '#test/support/authorizer-events.ts'
import { disown, lastToken } from '#test/support/not-me.ts'
import { earnPin } from '#test/support/pin-holder.ts'
import { passwordEmail, passwordTwoFactor, wrongCode } from '#test/support/recovery.ts'
import { consent, resetByEmail, resetBySms, signIn, stepUp, strongPassword } from '#test/support/sessions.ts'
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'
import { handler } from '../../functions/guards/authorize.ts'

const clientIp = () => ({ ip: newIp() })

/** Codes right and wrong, asked for too soon, tokens, limits, an unknown person. */
async function recover(world: World): Promise<void> {
  const person = await world.identity()
  const typed = { email: person.email }
  await world.post(passwordEmail.request, typed, clientIp())
  await world.post(passwordEmail.request, typed, clientIp())
  await world.post(passwordEmail.request, { email: 'nobody@example.com' }, clientIp())
  const otp = await world.lastCode(person.email)
  const wrong = wrongCode(otp)
  for (let guess = 0; guess < 6; guess += 1)
    await world.post(passwordEmail.verify ?? '', { ...typed, otp: wrong })
  await world.advance(61)
  await world.post(passwordEmail.request, typed, clientIp())
  const next = await world.lastCode(person.email)
  const { body } = await world.post(passwordEmail.verify ?? '', { ...typed, otp: next })
  const reset = { ...typed, token: body.token }
  await world.post(passwordEmail.reset, { ...reset, newPassword: person.password })
  await world.post(passwordEmail.reset, { ...reset, newPassword: passwordEmail.newSecret })
  await resetByEmail(world, await world.identity(), 'newpass123')
  await world.advance(61)
  await world.post(passwordEmail.request, typed, clientIp())
  const last = { ...typed, otp: await world.lastCode(person.email) }
  await world.post(passwordEmail.reset, { ...last, newPassword: passwordEmail.newSecret })
  await world.post(passwordEmail.reset, { ...last, newPassword: passwordEmail.otherSecret })
  await world.post(passwordEmail.verify ?? '', last)
}

/** The flow with two factors, its pair right, wrong, and too often wrong. */
async function recoverWithPair(world: World): Promise<void> {
  const person = await world.identity()
  const pair = { identifier: person.username, phone: person.phone }
  const mismatch = { ...pair, phone: '+201000000000' }
  await world.post('/api/password-reset/verify-identity', pair, clientIp())
  await world.post('/api/password-reset/verify-identity', { ...pair, identifier: person.email }, clientIp())
  await world.post(passwordTwoFactor.request, pair, clientIp())
  await world.advance(61)
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await world.post('/api/password-reset/verify-identity', { ...mismatch, identifier: 'no-one' }, clientIp())
    await world.post(passwordTwoFactor.request, { ...mismatch, identifier: 'some-one' }, clientIp())
  }
  await resetBySms(world, person, 'newpass123')
  await signIn(world, { ...person, password: 'newpass123' })
}

/** A PIN proved, reset, and the reset disowned. */
async function usePin(world: World): Promise<void> {
  const holder = await earnPin(world)
  const { accessToken: token, phone, email } = holder
  await world.post('/api/pin/verify', { pin: '904172' }, { token })
  await world.post('/api/pin/verify', { pin: '111119' }, { token })
  await world.post('/api/pin/reset/request', { phone }, clientIp())
  const otp = await world.lastCode(phone)
  await world.post('/api/pin/reset', { phone, otp: wrongCode(otp), newPin: '482915' })
  await world.post('/api/pin/reset', { phone, otp, newPin: '904172' })
  await world.post('/api/pin/reset', { phone, otp, newPin: '482915' })
  await world.post('/api/pin/reset', { phone, otp, newPin: '739164' })
  await disown(world, await lastToken(world, email), clientIp())
}

/** The authorizer of a team's own API, which no route leads to. */
async function authorized(token: string): Promise<void> {
  const event = restEvent({ headers: { Authorization: `Bearer ${token}` } })
  await invoke(handler as Handler, event, {
    function: 'authorize',
    requestId: randomUUID(),
    timeoutMs: 20_000,
  })
}

/** Each route of a session, after a minute, so that its use is noted too. */
async function useSessions(world: World): Promise<void> {
  const person = await world.identity()
  const token = await signIn(world, person)
  const other = await signIn(world, person)
  const aged = async () => {
    await world.advance(61)
    return { token }
  }
  await world.get('/api/auth/session', await aged())
  await world.get('/api/auth/account', await aged())
  await world.post('/admin/sessions/introspect', { token: (await aged()).token })
  await authorized((await aged()).token)
  const listed = await world.get('/api/auth/sessions', await aged())
  const ended = listed.body.data.sessions.find((each: { current: boolean }) => !each.current)
  await world.del(`/api/auth/sessions/${ended?.id}`, await aged())
  await world.post('/api/consent', { document: 'terms', version: '2' }, await aged())
  await world.post('/api/auth/step-up/request', {}, await aged())
  await world.advance(61)
  await stepUp(world, person, token)
  await world.post('/api/auth/step-up/verify', { otp: '000000' }, await aged())
  await world.post('/api/pin/set', { userId: person.userId, pin: '482915' }, await aged())
  await world.post('/api/pin/verify', { pin: '482916' }, await aged())
  const change = { password: person.password, newPassword: strongPassword }
  await world.post('/api/auth/password/change', { ...change, password: 'wrong' }, await aged())
  await world.post('/api/auth/password/change', change, await aged())
  await world.post('/api/auth/logout', { everywhere: true }, await aged())
  const last = await signIn(world, { ...person, password: strongPassword })
  await consent(world, last)
  await world.post('/api/auth/logout', {}, { token: last })
  await signIn(world, await world.identity())
  await world.post('/api/auth/login', { identifier: other.slice(0, 20), password: 'x' }, clientIp())
}

/** A sign-in with a code; after a reset by SMS it comes by email, once. */
async function signInWithCode(world: World): Promise<void> {
  const person = await world.identity({ mfaEnabled: true })
  const password = 'newpass123'
  const signInBy = async (address: string, login: object) => {
    const { body } = await world.post('/api/auth/login', { identifier: person.email, ...login }, clientIp())
    const { challengeId } = body.data
    const otp = await world.lastCode(address)
    await world.post('/api/auth/login/verify', { challengeId, otp: wrongCode(otp) })
    await world.post('/api/auth/login/verify', { challengeId, otp })
    await world.post('/api/auth/login/verify', { challengeId, otp })
  }
  const { body } = await world.post('/api/auth/login', {
    identifier: person.phone,
    password: person.password,
  })
  const { challengeId } = body.data
  const wrong = wrongCode(await world.lastCode(person.phone))
  for (let guess = 0; guess < 4; guess += 1)
    await world.post('/api/auth/login/verify', { challengeId, otp: wrong })
  await signInBy(person.phone, { password: person.password })
  await resetBySms(world, person, password)
  await signInBy(person.email, { password })
}

async function administer(world: World): Promise<void> {
  const person: TestIdentity = await world.identity()
  const path = `/admin/identities/${person.userId}`
  await world.put(path, { email: `new-${person.email}`, locale: 'ar' })
  await world.put(path, { username: `new-${person.username}`, phone: '+201055555555' })
  await world.get(path)
  await signIn(world, { ...person, email: `new-${person.email}` })
  for (const reference of ['HJKM3467', 'kO0RLzH4QX2Zp1cVb7wNyA'])
    await world.get(`/admin/identities?reference=${reference}`)
  for (const query of [`email=new-${person.email}`, 'username=no-one', 'phone=%2B201000000009'])
    await world.get(`/admin/identities?${query}`)
  for (const act of ['unlock', 'require-reset', 'sign-out', 'suspend', 'resume', 'state'])
    await world.post(`${path}/${act}`)
  await world.get(`${path}/state`)
  await world.ledger(person.userId)
  await world.del(path)
  await world.get('/health')
}

/** The owner of a changed password says that it was somebody else, twice. */
async function disownChange(world: World): Promise<void> {
  const person = await world.identity()
  await resetBySms(world, person, 'newpass123')
  const token = await lastToken(world, person.email)
  await disown(world, token, clientIp())
  await disown(world, token, clientIp())
}

/** A hundred wrong codes in a row freeze an identity, and its owner is told by the worker that counts them. */
async function freeze(world: World): Promise<void> {
  const person = await world.identity()
  const wrong = { email: person.email, otp: '000000' }
  for (let failed = 0; failed <= 100; ) {
    await world.post('/api/auth/forgot-password', { email: person.email }, clientIp())
    await world.idle()
    for (let guess = 0; guess < 3; guess += 1, failed += 1)
      await world.post('/api/auth/verify-reset-otp', wrong)
    await world.advance(1201)
  }
  await world.idle()
}

/** Each function asks KMS by itself, as in a container of its own: here all share one process and what it remembers. */
function apart(world: World): World {
  const post: World['post'] = (...given) => {
    environmentChanged()
    return world.post(...given)
  }
  return new Proxy(world, { get: (_, name) => (name === 'post' ? post : Reflect.get(world, name)) })
}

/** Does everything once. Slow ways last, so that what fails does so early. */
export async function runEverything(stack: World): Promise<void> {
  const world = apart(stack)
  await recover(world)
  await recoverWithPair(world)
  await usePin(world)
  await useSessions(world)
  await signInWithCode(world)
  await administer(world)
  await disownChange(world)
  await freeze(world)
  await world.advance(3600)
  await world.idle()
}
