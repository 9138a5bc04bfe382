/** G6: a changed credential is the end, at the next call, of all that stood on the old one. */

import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Handler, invoke } from '#local/runtime.ts'
import { sessionsOf } from '#shared/stores/sessions.ts'
import { storeHolder, storeSession } from '#test/support/as-stored.ts'
import { httpEvent2 } from '#test/support/authorizer-events.ts'
import { entriesOf } from '#test/support/entries.ts'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { codeOf, tally } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  proofOf,
  recoveryFlows,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { strongPassword } from '#test/support/sessions.ts'
import { epochOf } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'
import { handler } from '../../functions/guards/authorize.ts'
import { guard } from '../../guard/guard.ts'

const world = useWorld()

const session = async (token: string) => codeOf(await world.get('/api/auth/session', { token }))

interface Holdings {
  readonly person: TestIdentity
  readonly sessions: readonly string[]
  readonly stepUpCode: string
  readonly code: string
  readonly token: string
  readonly resetToken: string
}

/** Somebody with everything that an epoch can void: sessions, a step-up under way, codes, tokens. */
async function holder(): Promise<Holdings> {
  const person = await storeHolder(firstPin)
  const others = [1, 2].map(() => storeSession(person.userId, { phone: false }))
  const sessions = [person.accessToken, ...(await Promise.all(others))]
  await world.post('/api/auth/step-up/request', {}, { token: sessions[1] ?? '', ip: newIp() })
  const stepUpCode = await world.lastCode(person.phone)
  const asked = await askCode(world, passwordEmail, person)
  const { token } = (await verifyCode(world, passwordEmail, person, { otp: asked.code })).body
  const { resetToken } = await proofOf(world, passwordTwoFactor, person)
  const { code } = await askCode(world, passwordEmailBasic, person)
  return { person, sessions, stepUpCode, code, token, resetToken: resetToken ?? '' }
}

/** What the team's own backend is told, its API Gateway and its Node server answer: each asks at each request. */
async function besideLatchkey(token: string): Promise<readonly unknown[]> {
  const { data } = (await world.post('/admin/sessions/introspect', { token })).body
  const event = httpEvent2({ headers: { authorization: `Bearer ${token}` } })
  const invocation = { function: 'authorize', requestId: randomUUID(), timeoutMs: 20_000 }
  const { isAuthorized } = (await invoke(handler as Handler, event, invocation)) as { isAuthorized: boolean }
  const headers = { authorization: `Bearer ${token}` }
  const checked = await guard({ url: world.url })(new Request('https://api.example.com', { headers }))
  return [data.active, isAuthorized, checked.ok ? 200 : checked.status]
}
const letThrough = [true, true, 200]
const refused = [false, false, 401]

/** Nothing that was held before the change works after it. */
async function allDead({ person, sessions, stepUpCode, code, token, resetToken }: Holdings): Promise<void> {
  for (const each of sessions) {
    expect(await session(each)).toBe('SESSION_INVALID')
    expect(await besideLatchkey(each)).toEqual(refused)
  }
  const stepUp = await world.post(
    '/api/auth/step-up/verify',
    { otp: stepUpCode },
    { token: sessions[1] ?? '' },
  )
  expect(codeOf(stepUp)).toBe('SESSION_INVALID')
  const pin = await world.post('/api/pin/verify', { pin: firstPin }, { token: sessions[0] ?? '' })
  expect(codeOf(pin)).toBe('SESSION_INVALID')
  expect(codeOf(await resetSecret(world, passwordEmailBasic, person, { otp: code }))).toBe('OTP_INVALID')
  expect(codeOf(await verifyCode(world, passwordEmailBasic, person, { otp: code }))).toBe('OTP_INVALID')
  expect(codeOf(await resetSecret(world, passwordEmail, person, { token }))).toBe('TOKEN_INVALID')
  expect(codeOf(await resetSecret(world, passwordTwoFactor, person, { resetToken }))).toBe('TOKEN_INVALID')
}

/** Changes by someone else than the sessions' holder. */
const changes: Record<string, (held: Holdings) => Promise<unknown>> = {
  'a password reset': async ({ person }) => {
    await world.pass(61)
    const { code } = await askCode(world, passwordEmailBasic, person)
    expect(
      (await resetSecret(world, passwordEmailBasic, person, { otp: code }, 'slate orchard kite')).status,
    ).toBe(200)
  },
  'a PIN reset': async ({ person }) => {
    const { code } = await askCode(world, pinReset, person)
    expect((await resetSecret(world, pinReset, person, { otp: code })).status).toBe(200)
  },
  'a new phone': ({ person }) => admin(person, { phone: `+2012${person.phone.slice(-8)}` }),
  'a new username': ({ person }) => admin(person, { username: `new-${person.username}` }),
  'MFA switched on': ({ person }) => admin(person, { mfaEnabled: true }),
  'suspension and its end': async ({ person }) => {
    await admin(person, { status: 'suspended' })
    await admin(person, { status: 'active' })
  },
  'a required reset': async ({ person }) => {
    const reply = await world.post(`/admin/identities/${person.userId}/require-reset`)
    expect(reply.status).toBe(200)
  },
}

async function admin(person: TestIdentity, change: object): Promise<void> {
  expect((await world.put(`/admin/identities/${person.userId}`, change)).status).toBe(200)
}

test.each(Object.entries(changes))(
  'after %s every session, step-up, code and token from before is dead',
  async (_, change) => {
    const held = await holder()
    for (const each of held.sessions) expect(await besideLatchkey(each)).toEqual(letThrough)
    await change(held)
    await allDead(held)
  },
)

test('after a change of the password in a session that session goes on, all else is dead', async () => {
  const held = await holder()
  const [, mine = ''] = held.sessions
  const body = { password: held.person.password, newPassword: strongPassword }
  expect(codeOf(await world.post('/api/auth/password/change', body, { token: mine, ip: newIp() }))).toBe('OK')
  expect(await session(mine)).toBe('OK')
  const others = held.sessions.filter((each) => each !== mine)
  for (const each of others) expect(await session(each)).toBe('SESSION_INVALID')
  expect(codeOf(await resetSecret(world, passwordEmailBasic, held.person, { otp: held.code }))).toBe(
    'OTP_INVALID',
  )
  // The code that lifts a session is of the old epoch as well.
  const stepUp = await world.post('/api/auth/step-up/verify', { otp: held.stepUpCode }, { token: mine })
  expect(codeOf(stepUp)).toBe('OTP_INVALID')
})

describe.each(recoveryFlows)('a reset by $id', (flow) => {
  test('signs nobody in', async () => {
    const person = flow.secret === 'newPin' ? await pinHolder(world) : await world.identity()
    const reply = await resetSecret(world, flow, person, await proofOf(world, flow, person))
    expect(reply.status).toBe(200)
    expect(JSON.stringify(reply.body)).not.toMatch(/accessToken|[\w-]{43}/)
    const live = (await sessionsOf(person.userId)).filter(({ createdAt }) => createdAt > Date.now() - 1000)
    for (const { sessionId } of live)
      expect(person).toHaveProperty('accessToken', expect.stringContaining(sessionId))
    if (flow.secret === 'newPin') return
    const login = { identifier: person.email, password: flow.newSecret }
    const signedIn = await world.post('/api/auth/login', login, { ip: newIp() })
    expect(signedIn.body.data.accessToken).toBeTypeOf('string')
  })

  test('leaves MFA to be passed at the next sign-in', async () => {
    if (flow.secret === 'newPin') return
    const person = await world.identity({ mfaEnabled: true })
    await resetSecret(world, flow, person, await proofOf(world, flow, person))
    const login = { identifier: person.email, password: flow.newSecret }
    const { data } = (await world.post('/api/auth/login', login, { ip: newIp() })).body
    expect(data).toMatchObject({ mfaRequired: true })
    expect(data).not.toHaveProperty('accessToken')
  })
})

test('sign-ins at the moment of a reset: no session of the old password outlives it', async () => {
  for (let round = 0; round < sized(2, 4); round += 1) {
    const person = await world.identity()
    const { code } = await askCode(world, passwordEmailBasic, person)
    const old = { identifier: person.email, password: person.password }
    const [reset, ...logins] = await Promise.all([
      resetSecret(world, passwordEmailBasic, person, { otp: code }),
      ...Array.from({ length: 6 }, () => world.post('/api/auth/login', old, { ip: '192.0.2.7' })),
    ])
    expect(reset.status).toBe(200)
    for (const login of logins)
      if (login.status === 200) expect(await session(login.body.data.accessToken)).toBe('SESSION_INVALID')
  }
})

test('writes of a session at the moment of a reset: what it answers as done was done before', async () => {
  const person = await pinHolder(world)
  const { code } = await askCode(world, passwordEmailBasic, person)
  const before = await epochOf(person.userId)
  const [reset, ...pins] = await Promise.all([
    resetSecret(world, passwordEmailBasic, person, { otp: code }),
    ...Array.from({ length: 10 }, () =>
      world.post('/api/pin/verify', { pin: firstPin }, { token: person.accessToken }),
    ),
  ])
  expect(reset.status).toBe(200)
  expect(await epochOf(person.userId)).toBe(before + 1)
  const counts = tally(pins)
  expect((counts['OK'] ?? 0) + (counts['SESSION_INVALID'] ?? 0)).toBe(10)
  const entries = await entriesOf(world, person.userId)
  const proofs = entries.filter(({ type }) => type === 'PIN_VERIFIED')
  expect(proofs.filter(({ outcome }) => outcome === 'success')).toHaveLength(counts['OK'] ?? 0)
  // Of the others each says why it came to nothing, where it was judged at all.
  const refused = proofs.filter(({ outcome }) => outcome !== 'success')
  expect(new Set(refused.map(({ reason }) => reason ?? ''))).toEqual(
    new Set(refused.length > 0 ? ['session_ended'] : []),
  )
  expect(refused.length).toBeLessThanOrEqual(counts['SESSION_INVALID'] ?? 0)
  expect(entries.map(({ type }) => type)).toContain('PASSWORD_RESET')
})
