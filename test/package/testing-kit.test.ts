/** The testing kit, as a team's tests use it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newAddress, startLatchkey, type TestStack } from '../../testing/index.ts'

let stack: TestStack
beforeAll(async () => {
  stack = await startLatchkey({ settings: { LOGIN_FLOOR_MS: '0' } })
})
afterAll(() => stack.stop())

const codeOf = (reply: { readonly ok: true } | { readonly ok: false; readonly code: string }) =>
  reply.ok ? 'ok' : reply.code
const ask = (email: string | null, client = stack.client()) =>
  client.call('forgotPassword', { body: { email: email ?? '' } })

describe('people', () => {
  test('have identifiers of their own and can sign in', async () => {
    const [one, other] = [await stack.person(), await stack.person()]
    for (const field of ['userId', 'email', 'username', 'phone'] as const)
      expect(one[field]).not.toBe(other[field])
    for (const identifier of [one.email, one.username, one.phone]) {
      const body = { identifier: identifier ?? '', password: one.password }
      expect(codeOf(await stack.client().call('login', { body }))).toBe('ok')
    }
  })

  test('are what a test says they are', async () => {
    const person = await stack.person({ userId: 'auth0|5f7c', email: null, locale: 'ar', mfaEnabled: true })
    const body = { identifier: person.username ?? '', password: person.password }
    const reply = await stack.client().call('login', { body })
    expect(reply.ok && reply.data.mfaRequired).toBe(true)
    expect(await stack.code(person.phone ?? '')).toMatch(/^[0-9]{6}$/)
  })

  test('have sessions with the factors that were asked for', async () => {
    const proved = async (token: string) => {
      const session = await stack.client().call('getSession', { token })
      return session.ok ? session.data.factors.map(({ group, method }) => `${group} ${method}`) : session.code
    }
    const person = await stack.signedIn({}, ['POSSESSION', 'PIN'])
    expect(await proved(person.token)).toEqual(
      expect.arrayContaining(['POSSESSION sms-otp', 'KNOWLEDGE pin']),
    )
    const other = await stack.session(person)
    expect(await proved(other)).toEqual(['KNOWLEDGE password'])
    const pin = await stack
      .client()
      .call('verifyPin', { token: person.token, body: { pin: person.pin ?? '' } })
    expect(codeOf(pin)).toBe('ok')
  })

  test('that the service would refuse are refused with its sentence', async () => {
    await expect(stack.person({ pin: '123456' })).rejects.toThrow(/pin/i)
    await expect(stack.person({ username: '1' })).rejects.toThrow(/username/)
  })
})

test('events of a person are there once what they tell of was answered', async () => {
  const person = await stack.person()
  await stack.client().call('login', { body: { identifier: person.email ?? '', password: person.password } })
  const events = await stack.events(person)
  expect(events.map((event) => event['detail-type'])).toEqual(['IDENTITY_CREATED', 'LOGIN'])
  expect(events[0]).toMatchObject({ source: 'latchkey', detail: { userId: person.userId } })
})

describe('codes', () => {
  test('are waited for, and each is given once', async () => {
    const { email } = await stack.person()
    const asking = ask(email)
    const first = await stack.code(email ?? '')
    await asking
    await stack.advance(61)
    await ask(email)
    const second = await stack.code(email ?? '')
    const body = { email: email ?? '', newPassword: 'Another-lantern-77' }
    const reset = (otp: string) => stack.client().call('resetPasswordBasic', { body: { ...body, otp } })
    expect(codeOf(await reset(second))).toBe('ok')
    expect(second).not.toBe(first)
    expect((await stack.messages(email ?? '')).length).toBeGreaterThanOrEqual(2)
  })

  test('that never come are told in a sentence', async () => {
    await expect(stack.code('nobody@example.com', 0.2)).rejects.toThrow(
      'No code was sent to nobody@example.com within 0.2 seconds.',
    )
  })
})

test('a client’s requests come from one address, another client’s from another', async () => {
  const client = stack.client()
  const replies: string[] = []
  for (let count = 0; count < 4; count += 1) replies.push(codeOf(await ask(`n${count}@example.com`, client)))
  expect(replies).toEqual(['ok', 'ok', 'ok', 'RATE_LIMITED'])
  expect(codeOf(await ask('n9@example.com'))).toBe('ok')
  expect(newAddress()).not.toBe(newAddress())
})

describe('reset', () => {
  beforeEach(() => stack.reset())

  test('leaves nobody, no message and no limit', async () => {
    const address = newAddress()
    const person = await stack.person({ email: 'always@example.com' })
    for (let count = 0; count < 4; count += 1) await ask(`n${count}@example.com`, stack.client(address))
    await ask(person.email)
    await stack.code('always@example.com')
    await stack.reset()
    expect(await stack.messages('always@example.com')).toEqual([])
    expect(codeOf(await ask('n0@example.com', stack.client(address)))).toBe('ok')
    const body = { identifier: person.username ?? '', password: person.password }
    expect(codeOf(await stack.client().call('login', { body }))).toBe('CREDENTIALS_INVALID')
  })

  test('lets codes be waited for as at the start', async () => {
    const { email } = await stack.person({ email: 'always@example.com' })
    await ask(email)
    expect(await stack.code('always@example.com')).toMatch(/^[0-9]{6}$/)
  })
})

describe('start and end', () => {
  test('a start that fails says why, and leaves no process', async () => {
    const port = Number(new URL(stack.url).port)
    await expect(startLatchkey({ port })).rejects.toThrow(/EADDRINUSE|in use/)
  })

  test('a sender that is none is told by its file', async () => {
    await expect(startLatchkey({ sender: 'package.json' })).rejects.toThrow('sender is package.json')
    await expect(startLatchkey({ sender: 'cli/version.ts' })).rejects.toThrow('default export is no function')
  })

  test('stopped, nothing answers any more, and stopping again is no fault', async () => {
    // The last of this file: it needs no start of its own.
    expect((await fetch(`${stack.url}/health`)).status).toBe(200)
    await stack.stop()
    await stack.stop()
    await expect(fetch(`${stack.url}/health`)).rejects.toThrow()
  })
})
