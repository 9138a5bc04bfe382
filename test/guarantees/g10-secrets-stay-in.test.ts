/** G10: no secret of a full run is found in anything it wrote, but for the mailbox and the reply that it was meant for. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import { log } from '#shared/call/log.ts'
import { digest } from '#shared/crypto/hashing.ts'
import { bytesToHash, type Sealed } from '#shared/crypto/sealed.ts'
import { type TableId, tables } from '#shared/tables.ts'
import { latchkey } from '#test/ledger/command-line.ts'
import { formsOf, leaksIn, type Places } from '#test/support/leaks.ts'
import { lastToken, notMePath } from '#test/support/not-me.ts'
import { firstPin } from '#test/support/pin-holder.ts'
import {
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  wrongCode,
} from '#test/support/recovery.ts'
import type { Envelope, Response } from '#test/support/reply.ts'
import { itemsOf } from '#test/support/sessions-stored.ts'
import { storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type World } from '#test/support/world.ts'

/** Of another password than the seed's. */
const bcryptHash = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'
const dataDir = mkdtempSync(join(tmpdir(), 'secrets-test-'))
/** What the command line reads and writes. */
const desk = mkdtempSync(join(tmpdir(), 'secrets-desk-'))
const written: string[] = []
const restore: (() => void)[] = []

/** Takes down all that the process writes. */
function listen(stream: NodeJS.WriteStream): void {
  const { write } = stream
  stream.write = ((chunk: string | Uint8Array) => {
    written.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    return true
  }) as typeof write
  restore.push(() => {
    stream.write = write
  })
}

beforeAll(async () => {
  listen(process.stdout)
  listen(process.stderr)
  // All that the functions could log.
  log.setLogLevel('DEBUG')
})
afterAll(async () => {
  for (const each of restore) each()
  log.setLogLevel('INFO')
  for (const folder of [dataDir, desk]) rmSync(folder, { recursive: true })
})

const world = useWorld({ dataDir })

const secrets = new Set<string>()
const secret = (value: string): string => {
  if (value === '') throw new Error('a secret is missing')
  secrets.add(value)
  return value
}

/** Fields of replies that are a secret, given to the one it is for. */
const given = /"(accessToken|token|resetToken)":"([^"]+)"/g
const replies: string[] = []

async function post(path: string, body: unknown, token?: string): Promise<Envelope> {
  const options = { ip: newIp(), headers: { 'user-agent': 'test' }, ...(token !== undefined && { token }) }
  const reply: Response<unknown> = await world.post(path, body, options)
  const text = `${JSON.stringify([...reply.headers])} ${JSON.stringify(reply.body)}`
  replies.push(text.replaceAll(given, (_, name, value) => `"${name}":"${secret(value).length} characters"`))
  return reply.body as Envelope
}

/** Asks, guesses wrong, and gives the code. */
async function code(path: string, typed: object, to: string, verify?: string): Promise<string> {
  await post(path, typed)
  const otp = secret(await world.lastCode(to))
  if (verify) await post(verify, { ...typed, otp: secret(wrongCode(otp)) })
  return otp
}

async function recoverAll(person: Awaited<ReturnType<World['identity']>>): Promise<void> {
  const { email, username: identifier, phone } = person
  const faults = world.stack.services.faults
  const byEmail = await code(passwordEmail.request, { email }, email, passwordEmail.verify)
  const { token } = await post(passwordEmail.verify ?? '', { email, otp: byEmail })
  const newPassword = secret('Plum-Harbour-72-Väne')
  await post(passwordEmail.reset, { email, token, newPassword: secret('Violet-Harbour-1987!') })
  faults.post({ service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-before', count: 20 })
  await post(passwordEmail.reset, { email, token, newPassword })
  faults.post({ count: 0 })
  await post(passwordEmail.reset, { email, token, newPassword })
  const pair = { identifier, phone }
  const bySms = await code(passwordTwoFactor.request, pair, phone, passwordTwoFactor.verify)
  const { resetToken } = await post(passwordTwoFactor.verify ?? '', { ...pair, otp: bySms })
  await post(passwordTwoFactor.reset, { ...pair, resetToken, newPassword })
  await post(passwordTwoFactor.reset, { ...pair, resetToken, newPassword: secret('slate orchard kite') })
  const basic = await code(passwordEmailBasic.request, { email }, email, passwordEmailBasic.verify)
  faults.post({ service: 'kms', mode: 'fail-before', count: 20, function: 'reset-password' })
  await post(passwordEmailBasic.reset, { email, otp: basic, newPassword: secret('amber lantern 44') })
  faults.post({ count: 0 })
  await post(passwordEmailBasic.reset, { email, otp: basic, newPassword: secret('amber lantern 44') })
}

/** Links in messages are as secret as codes: used, used again, and one that nobody presses. */
async function disownChanges(): Promise<void> {
  const person = await world.identity()
  const change = async (passwordHash: string) => {
    await world.put(`/admin/identities/${person.userId}`, { passwordHash })
    return secret(await lastToken(world, person.email))
  }
  const token = await change(bcryptHash)
  await change(seedPasswordHash)
  await post(notMePath, { token })
  await post(notMePath, { token })
  await post(notMePath, { token: [token] })
  await world.idle()
}

async function holdPin(person: Awaited<ReturnType<World['identity']>>): Promise<void> {
  const { email, phone, userId } = person
  const login = { identifier: email, password: secret('amber lantern 44') }
  await post('/api/auth/login', { ...login, password: secret('not my password 1') })
  const { accessToken } = (await post('/api/auth/login', login)).data
  await post('/api/consent', { document: 'terms', version: '1' }, accessToken)
  await post('/api/auth/step-up/request', {}, accessToken)
  await post('/api/auth/step-up/verify', { otp: secret(await world.lastCode(phone)) }, accessToken)
  await post('/api/pin/set', { userId, pin: secret(firstPin) }, accessToken)
  await post('/api/pin/verify', { pin: secret('530817') }, accessToken)
  await post('/api/pin/verify', { pin: firstPin }, accessToken)
  const byPhone = await code(pinReset.request, { phone }, phone)
  await post(pinReset.reset, { phone, otp: byPhone, newPin: secret('482915') })
  await post(
    '/api/auth/password/change',
    { password: login.password, newPassword: secret('Quiet-Harbour-71') },
    accessToken,
  )
}

async function signInWithMfa(): Promise<void> {
  const person = await world.identity({ mfaEnabled: true })
  const login = { identifier: person.email, password: person.password }
  const { challengeId } = (await post('/api/auth/login', login)).data
  const otp = secret(await world.lastCode(person.phone))
  await post('/api/auth/login/verify', { challengeId, otp: secret(wrongCode(otp)) })
  const { accessToken } = (await post('/api/auth/login/verify', { challengeId, otp })).data
  await world.idle()
  // What cannot be read is not repeated either, and neither is what a fault stops.
  world.stack.services.faults.post({ service: 'dynamodb', mode: 'fail-before', count: 20 })
  await post('/api/pin/verify', { pin: secret('618302') }, accessToken)
  world.stack.services.faults.post({ count: 0 })
  await post('/api/pin/verify', { pin: [secret('770123')] }, accessToken)
  await post('/api/auth/login', `{"identifier":"x","password":"${secret('half a body')}"`)
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : [path]
  })
}

/** Bytes as hex, and as the text that they may be: forms in which a secret is looked for. */
const bytesToo = (_: string, value: unknown) =>
  value instanceof Uint8Array
    ? [Buffer.from(value).toString('hex'), Buffer.from(value).toString('latin1')]
    : value

async function itemsOfAll(): Promise<string> {
  const parts: string[] = []
  for (const table of Object.keys(tables)) {
    parts.push(JSON.stringify(await itemsOf(table as TableId), bytesToo))
  }
  return parts.join('\n')
}

/** Hashes of another system, of which one is cut short; their digests are secrets too. */
async function useCommandLine(userId: string): Promise<string> {
  for (const hash of [bcryptHash.slice(29), seedPasswordHash.split('$').at(-1) ?? '']) secret(hash)
  const people = join(desk, 'people.ndjson')
  const rows = [bcryptHash, seedPasswordHash, bcryptHash.slice(0, -1)].map((passwordHash, place) =>
    JSON.stringify({ userId: `imported-${place}`, email: `imported-${place}@example.com`, passwordHash }),
  )
  writeFileSync(people, `${rows.join('\n')}\n`)
  const local = ['--local', new URL(world.url).port]
  const ran = [
    await latchkey(['import', people, ...local]),
    await latchkey(['ledger', 'export', join(desk, 'export'), ...local]),
    await latchkey(['ledger', 'show', userId, ...local]),
    await latchkey(['keys', ...local]),
  ]
  // What was given to it is no output.
  rmSync(people)
  // One of the rows is refused.
  expect(ran.map(({ code }) => code)).toEqual([1, 0, 0, 0])
  return ran.map(({ stdout, stderr }) => stdout + stderr).join('\n')
}

/** Hashes of what was typed, before a key seals them, and those of the breach check. */
async function addHashes(userId: string): Promise<void> {
  const { password, pin } = (await storedIdentity(userId)) as Record<string, Sealed>
  const typed = [...secrets].filter((value) => value.length < 40)
  for (const value of typed) {
    secret(createHash('sha1').update(value.normalize('NFKC')).digest('hex').toUpperCase())
    const isPin = /^[0-9]{6}$/.test(value)
    const sealed = isPin ? pin : password
    if (sealed === undefined) throw new Error('nothing is sealed')
    const raw = await digest(sealed.scheme, bytesToHash(value, sealed))
    secret(raw.toString('base64').replace(/=+$/, ''))
    secret(raw.toString('hex'))
  }
}

async function placesOf(printed: string): Promise<Places> {
  const read = (folder: string, skip: RegExp) =>
    Object.fromEntries(
      filesIn(folder)
        .filter((path) => !skip.test(path))
        .map((path) => [path.slice(folder.length), readFileSync(path, 'latin1')]),
    )
  return {
    log: written.join(''),
    replies: replies.join('\n'),
    items: await itemsOfAll(),
    'command line': printed,
    'dead letters': JSON.stringify((await world.get('/_local/dead-letters')).body),
    calls: JSON.stringify((await world.get('/_local/calls?function=deliver')).body),
    ...read(desk, /^$/),
    // The mailbox is the one place for codes.
    ...read(dataDir, /(^|\/)inbox\.[^/]*$/),
  }
}

/** Without these the search would prove nothing. */
async function expectFullRun(places: Places, userId: string): Promise<void> {
  expect(secrets.size).toBeGreaterThan(60)
  const done = (await world.ledger(userId)).filter(({ outcome }) => outcome === 'success')
  const types = ['PASSWORD_RESET', 'STEP_UP_VERIFIED', 'PIN_SET', 'PIN_VERIFIED', 'PIN_RESET', 'LOGIN']
  expect(done.map(({ type }) => type)).toEqual(expect.arrayContaining(types))
  expect(done.filter(({ type }) => type === 'PASSWORD_RESET')).toHaveLength(3)
  expect(places['log']).toContain('"step":"reset-password"')
  expect(places['log']).toContain('"level":"ERROR"')
  expect(places['items']).toContain('PASSWORD_RESET')
  expect(places['command line']).toContain('2 identities are registered, 1 rows were refused')
  expect(Object.keys(places).filter((name) => name.startsWith('/s3/')).length).toBeGreaterThan(0)
  expect(Object.keys(places)).toEqual(expect.arrayContaining(['/people.ndjson.refused.ndjson']))
  const inbox = { inbox: JSON.stringify(world.stack.services.inbox.messages()) }
  expect(leaksIn(inbox, secrets).length).toBeGreaterThan(4)
}

/** Secrets in every form, written into what the run wrote: each must be found there. */
function expectSearchToFind(text: string): void {
  const long = [...secrets].filter((value) => !/^[0-9]{6}$/.test(value)).slice(0, 12)
  const middle = Math.floor(text.length / 2)
  for (const planted of long.flatMap(formsOf)) {
    const spoilt = text.slice(middle - 1000, middle) + planted + text.slice(middle, middle + 1000)
    if (leaksIn({ spoilt }, long).length === 0) throw new Error(`The search missed ${planted}`)
  }
}

test('all flows run, and nothing that they wrote holds a secret in any form', async () => {
  const person = await world.identity({ consent: { document: 'terms', version: '1' } })
  secret(seedPassword)
  await recoverAll(person)
  await world.advance(61)
  await holdPin(person)
  await signInWithMfa()
  await disownChanges()
  await world.advance(600)
  await world.idle()
  const printed = await useCommandLine(person.userId)
  await addHashes(person.userId)
  const places = await placesOf(printed)
  await expectFullRun(places, person.userId)
  expect(leaksIn(places, secrets)).toEqual([])
  for (const name of ['log', 'items', 'replies']) expectSearchToFind(places[name] ?? '')
}, 180_000)
