/** What the example's functions do against the local stack, as a team's page would call them. */
import { expect, test } from 'vitest'
import { goodPin, strongPassword } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'
import { setFirstPin } from '../../examples/web-client/first-pin.ts'
import { post } from '../../examples/web-client/plain-fetch.ts'
import { type Asking, withProof } from '../../examples/web-client/prove.ts'
import { forgotPassword } from '../../examples/web-client/reset.ts'
import { signIn } from '../../examples/web-client/sign-in.ts'
import { guard } from '../../guard/guard.ts'
import { createClient } from '../../web/client.ts'

const world = useWorld()
const client = (send: typeof fetch = fetch) => {
  const ip = newIp()
  return createClient({
    origin: world.url,
    fetch: (input, init) =>
      send(input, { ...init, headers: { ...init?.headers, 'x-latchkey-source-ip': ip } }),
  })
}
const named = ({ email, password }: TestIdentity) => ({ identifier: email, password })
const never = async () => expect.fail('nobody was to be asked')
/** A person with a phone in hand, who remembers the PIN. */
const askingOf = ({ phone }: TestIdentity): Asking => ({
  code: () => world.lastCode(phone),
  pin: async () => goodPin,
})
async function tokenOf(person: TestIdentity): Promise<string> {
  const signedIn = await signIn(client(), named(person), never)
  if (!('token' in signedIn)) throw new Error(signedIn.code)
  return signedIn.token
}

test('plain fetch gets the data, or a code to act by', async () => {
  const person = await world.identity()
  const path = '/api/auth/login'
  const login = await post<{ accessToken: string }>(world.url, path, named(person))
  if (!('data' in login)) throw new Error(login.error.code)
  const { accessToken } = login.data
  expect(await post(world.url, '/api/auth/logout', {}, accessToken)).toMatchObject({ data: {} })
  expect(await post(world.url, '/api/auth/logout', {}, accessToken)).toMatchObject({
    error: { code: 'SESSION_INVALID' },
  })
})

test('a sign-in asks for a code of whoever has a second factor, and of nobody else', async () => {
  expect(await tokenOf(await world.identity())).toMatch(/^u-/)
  const person = await world.identity({ mfaEnabled: true })
  let shown: string | undefined
  const signedIn = await signIn(client(), named(person), async (sentTo) => {
    shown = sentTo
    return world.lastCode(person.phone)
  })
  expect(signedIn).toMatchObject({ token: expect.stringMatching(/^u-/) })
  expect(shown).toContain(person.phone.slice(-2))
  const wrong = { ...named(person), password: 'not-the-one' }
  expect(await signIn(client(), wrong, never)).toMatchObject({ code: 'CREDENTIALS_INVALID' })
})

test('a forgotten password is set by the code, after a wrong one and a weak password too', async () => {
  const person = await world.identity()
  const asked = await forgotPassword(client(), person.email)
  if (!asked.ok) throw new Error(asked.code)
  const otp = await world.lastCode(person.email)
  const other = otp === '000000' ? '000001' : '000000'
  expect(await asked.finish(other, strongPassword)).toMatchObject({ code: 'OTP_INVALID' })
  expect(await asked.finish(otp, 'short')).toMatchObject({ code: 'PASSWORD_WEAK' })
  expect(await asked.finish(otp, strongPassword)).toBe('done')
  await tokenOf({ ...person, password: strongPassword })
})

test('whose answer is lost is told that it may have worked', async () => {
  const person = await world.identity()
  let lost = false
  const losing: typeof fetch = async (input, init) => {
    const reply = await fetch(input, init)
    if (lost) throw new TypeError('fetch failed')
    return reply
  }
  const asked = await forgotPassword(client(losing), person.email)
  if (!asked.ok) throw new Error(asked.code)
  lost = true
  expect(await asked.finish(await world.lastCode(person.email), strongPassword)).toBe('unsure')
  await tokenOf({ ...person, password: strongPassword })
})

test('an unknown address is asked about like any other', async () => {
  expect(await forgotPassword(client(), 'nobody@example.com')).toMatchObject({
    ok: true,
    sentTo: expect.stringContaining('@'),
  })
})

test('a first PIN, and then what asks for phone and PIN, which are proved once and not again', async () => {
  const person = await world.identity()
  const token = await tokenOf(person)
  const terms = { document: 'terms', version: '3' }
  const asking = askingOf(person)
  expect(await setFirstPin(client(), { token, userId: person.userId }, terms, asking)).toBe('done')

  const later = await tokenOf(person)
  const check = guard({ url: world.url, needs: ['POSSESSION', 'PIN'] })
  const ourApi = async () => {
    const checked = await check(
      new Request('https://shop.acme.test/transfers', { headers: { authorization: `Bearer ${later}` } }),
    )
    return checked.ok ? Response.json({ from: checked.userId }) : checked
  }
  await world.pass(61)
  const answer = await withProof(client(), later, asking, ourApi)
  if (!(answer instanceof Response)) throw new Error(answer.code)
  expect(await answer.json()).toEqual({ from: person.userId })
  const again = await withProof(client(), later, { code: never, pin: never }, ourApi)
  expect((again as Response).status).toBe(200)
})

test('a wrong PIN is the refusal that comes back, and other answers are left as they are', async () => {
  const person = await world.identity()
  const token = await tokenOf(person)
  const refusing = async () =>
    Response.json(
      { error: { code: 'SECOND_FACTOR_REQUIRED', details: [{ field: 'POSSESSION' }, { field: 'PIN' }] } },
      { status: 403 },
    )
  expect(await withProof(client(), token, askingOf(person), refusing)).toMatchObject({ code: 'PIN_INVALID' })
  const forbidden = async () => Response.json({ error: { code: 'OURS' } }, { status: 403 })
  const left = await withProof(client(), token, { code: never, pin: never }, forbidden)
  expect(await (left as Response).json()).toEqual({ error: { code: 'OURS' } })
})
