/** A userId as another system gave it works everywhere a userId stands: paths, tokens, challenges, chains, files. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import { newPhone } from '#test/support/admin.ts'
import { answerOf, consent, goodPin, signIn, stepUp } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'
import { latchkey } from '../ledger/command-line.ts'
import { missingCommands, secondVerifier } from '../verifier/verifiers.ts'

const foreign = 'auth0|5f7c.x@y:z+1'
const longest = `${'.'.repeat(64)}${'|'.repeat(64)}`
const world = useWorld()
let local: string[]
const folder = mkdtempSync(join(tmpdir(), 'latchkey-foreign-'))
beforeAll(async () => {
  local = ['--local', new URL(world.url).port]
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
})

const made = async (userId: string, given: object = {}) => {
  const person = { email: `p${Math.random()}@example.com`, phone: newPhone(), passwordHash: seedPasswordHash }
  const path = `/admin/identities/${encodeURIComponent(userId)}`
  const reply = await world.put(path, { ...person, ...given })
  expect([200, 201]).toContain(reply.status)
  return { ...person, userId, path, username: '', password: seedPassword }
}

test('in a path, written out or percent-encoded once', async () => {
  const { path, email } = await made(foreign)
  for (const written of [path, `/admin/identities/${foreign}`]) {
    const { body } = await world.get(written)
    expect(body.data).toMatchObject({ userId: foreign, email })
  }
  expect(
    answerOf(await world.get(`/admin/identities/${encodeURIComponent(encodeURIComponent(foreign))}`)),
  ).toBe('404 NOT_FOUND')
})

test.each([foreign, longest])(
  'in a session’s token, which is one that RFC 6750 allows: %s',
  async (userId) => {
    const person = await made(userId)
    const token = await signIn(world, person)
    expect(token).toMatch(/^[A-Za-z0-9._~+/-]+$/)
    const { body } = await world.get('/api/auth/session', { token })
    expect(body.data).toMatchObject({ userId })
    const [id] = (await world.get('/api/auth/sessions', { token })).body.data.sessions
    expect(answerOf(await world.del(`/api/auth/sessions/${id?.id}`, { token }))).toBe('200')
    expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  },
)

test('a token names its person in one way alone', async () => {
  const person = await world.identity()
  const [userId = '', ...rest] = (await signIn(world, person)).split('.')
  expect(userId).toBe(person.userId)
  for (const other of [`~${Buffer.from(userId).toString('base64url')}`, '~', '~ZGVjb3k', '~decoy', ''])
    expect(answerOf(await world.get('/api/auth/session', { token: [other, ...rest].join('.') }))).toBe(
      '401 SESSION_INVALID',
    )
})

test('in the challenge of a sign-in, in a PIN’s flow, and in a reset of it', async () => {
  const person = await made('auth0|mfa.x@y:z+1')
  const token = await signIn(world, person)
  await consent(world, token)
  await stepUp(world, person, token)
  const { userId } = person
  expect(answerOf(await world.post('/api/pin/set', { userId, pin: goodPin }, { token }))).toBe('200')
  expect(answerOf(await world.post('/api/pin/reset/request', { userId }, { ip: newIp() }))).toBe('200')
  const otp = await world.lastCode(person.phone)
  expect(answerOf(await world.post('/api/pin/reset', { userId, otp, newPin: '739164' }))).toBe('200')
  await world.put(person.path, { mfaEnabled: true })
  const login = { identifier: person.email, password: person.password }
  const asked = (await world.post('/api/auth/login', login, { ip: newIp() })).body.data
  const { challengeId } = asked
  const code = await world.lastCode(person.phone)
  expect(answerOf(await world.post('/api/auth/login/verify', { challengeId, otp: code }))).toBe('200')
})

test('in an import, and in a timeline', async () => {
  const userId = 'auth0|csv.x@y:z+1'
  const file = join(folder, 'people.csv')
  writeFileSync(file, `userId,email\n${userId},csv@example.com\n`)
  expect(await latchkey(['import', file, ...local])).toMatchObject({ code: 0 })
  await world.idle()
  const shown = await latchkey(['ledger', 'show', userId, ...local])
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('IDENTITY_CREATED') })
})

test.each(['-NabPush', '+201009990001', '...', '__proto__', 'constructor', ':a|b@c', '--local'])(
  'in an import, a search, a state and a timeline, however it reads elsewhere: %s',
  async (userId) => {
    const email = `exotic${Math.random()}@example.com`
    const file = join(folder, 'exotic.csv')
    writeFileSync(file, `userId;email;passwordHash\n${userId};${email};"${seedPasswordHash}"\n`)
    expect(await latchkey(['import', file, ...local])).toMatchObject({ code: 0 })
    expect(await latchkey(['identity', 'find', ...local, '--', userId])).toMatchObject({
      stdout: `${userId}\n`,
    })
    const shown = await latchkey(['identity', 'show', ...local, '--json', '--', email])
    expect(JSON.parse(shown.stdout)).toMatchObject({ userId })
    const token = await signIn(world, { email, password: seedPassword })
    expect((await world.get('/api/auth/session', { token })).body.data).toMatchObject({ userId })
    const timeline = await latchkey(['ledger', 'show', ...local, '--', userId])
    expect(timeline).toMatchObject({ code: 0, stdout: expect.stringContaining('LOGIN') })
  },
)

test('in the ledger: its chain and the agreements of its entries verify, by both verifiers', async () => {
  for (const userId of [`${foreign}-chain`, longest.replaceAll('|', ':')]) {
    const person = await made(userId, { consent: { document: 'terms', version: '3' } })
    const [created] = await world.ledger(encodeURIComponent(userId))
    expect(created).toMatchObject({ userId, chain: `identity/${userId}`, consent: 'terms@3' })
    const token = await signIn(world, person)
    await world.post('/api/consent', { document: 'a@b', version: '1' }, { token })
    expect((await world.ledger(encodeURIComponent(userId))).at(-1)).toMatchObject({
      type: 'CONSENT_ACCEPTED',
      reason: 'a%40b@1',
      consent: 'a%40b@1',
    })
  }
  expect(await latchkey(['ledger', 'seal', ...local])).toMatchObject({ code: 0 })
  const out = join(folder, 'export')
  expect(await latchkey(['ledger', 'export', out, ...local])).toMatchObject({ code: 0 })
  expect(readFileSync(join(out, 'entries.ndjson'), 'utf8')).toContain(`"consent":"a%40b@1"`)
  expect(await latchkey(['ledger', 'verify', out])).toMatchObject({ code: 0 })
  if (missingCommands().length === 0) expect(secondVerifier([[out]])).toMatchObject([{ code: 0 }])
})
