/** `latchkey identity` and `latchkey sessions`: support knows an email, and helps. */
import { beforeAll, describe, expect, test } from 'vitest'
import * as database from '#shared/stores/database.ts'
import { entriesOf } from '#test/support/entries.ts'
import { answerOf, resetByEmail, signIn, withPin } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'
import { latchkey } from './command-line.ts'

const world = useWorld()
let local: string[]
beforeAll(async () => {
  local = ['--local', new URL(world.url).port]
})

const run = (...words: string[]) => latchkey([...words, ...local])
const login = ({ email, password }: TestIdentity) =>
  world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })

describe('latchkey identity find', () => {
  test('finds by email, phone, username, userId and the reference in a notice', async () => {
    const person = await world.identity({ userId: 'auth0|5f7c.x' })
    await resetByEmail(world, person, 'newpass123')
    await world.idle()
    const text = world.messages(person.email).at(-1)?.text ?? ''
    const [, reference = ''] = /Reference: (\S+)/.exec(text) ?? []
    const { email, phone, username, userId } = person
    for (const who of [
      email,
      phone,
      username.toUpperCase(),
      userId,
      reference,
      reference.toLowerCase(),
      ` ${email} `,
    ])
      expect(await run('identity', 'find', who), who).toEqual({ code: 0, stdout: `${userId}\n`, stderr: '' })
    const json = await run('identity', 'find', email, '--json')
    expect(JSON.parse(json.stdout)).toEqual({ userId })
  })

  test.each([
    'nobody@example.com',
    '+201000000000',
    'no-one',
    'u-nobody',
    '???',
    'HJKM3467',
    'kO0RLzH4QX2Zp1cVb7wNyA#1',
  ])('says that %s is nobody, and exits with 1', async (who) => {
    expect(await run('identity', 'find', who)).toEqual({
      code: 1,
      stdout: '',
      stderr: `latchkey: Nobody is known by "${who}".\n`,
    })
  })

  test('does not choose between two people: one’s username is the other’s userId', async () => {
    const one = await world.identity({ userId: 'same-name' })
    const other = await world.identity({ username: 'same-name' })
    for (const words of [['find'], ['unlock'], ['erase']]) {
      const ran = await run('identity', ...words, 'same-name')
      expect(ran.code).toBe(1)
      for (const { userId } of [one, other]) expect(ran.stderr).toContain(userId)
    }
    expect(await identityAsStored(one.userId)).toBeDefined()
  })
})

describe('latchkey identity show', () => {
  test('says in words how a person stands, and shows no address', async () => {
    const { identity } = await withPin(world)
    await database.updateOne('identities', { pk: `U#${identity.userId}` }, 'SET pinFailures = :ten', {
      values: { ten: 10 },
    })
    await world.post('/api/auth/forgot-password', { email: identity.email }, { ip: newIp() })
    await world.idle()
    const { code, stdout } = await run('identity', 'show', identity.email)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ {2}PIN +locked after wrong PINs: a reset or an unlock opens it$/m)
    expect(stdout).toMatch(/^ {2}last code +sent by email at .* UTC \(password-email-basic\)$/m)
    expect(stdout).toMatch(/^ {2}sign-in +open$/m)
    expect(stdout).toMatch(/^ {2}recovery +open$/m)
    expect(stdout).not.toContain(identity.email)
    expect(stdout).not.toContain(identity.phone)
  })

  test('prints what the route gives with --json', async () => {
    const { userId } = await world.identity()
    const { stdout } = await run('identity', 'show', userId, '--json')
    expect(JSON.parse(stdout)).toEqual((await world.get(`/admin/identities/${userId}/state`)).body.data)
  })
})

test('support unlocks somebody of whom it knows the email alone', async () => {
  const person = await world.identity()
  for (let failure = 0; failure < 10; failure += 1) await login({ ...person, password: 'wrong' })
  expect(answerOf(await login(person))).toBe('429 RATE_LIMITED')
  const ran = await run('identity', 'unlock', person.email, '--reason', 'Called from work; ticket 4711')
  expect(ran).toEqual({
    code: 0,
    stdout: `${person.userId}: All limits of the identity are lifted.\n`,
    stderr: '',
  })
  expect(answerOf(await login(person))).toBe('200')
  const entry = (await entriesOf(world, person.userId)).find(({ reason }) => reason === 'unlocked')
  expect(entry).toMatchObject({
    actor: 'arn:aws:iam::000000000000:user/local',
    note: 'Called from work; ticket 4711',
  })
  const shown = await run('ledger', 'show', person.userId)
  expect(shown.stdout).toContain('because Called from work; ticket 4711')
})

test('each act takes whatever support was told: email, phone, username, userId or the reference in a notice', async () => {
  const person = await world.identity({ userId: '-Nab|3x' })
  await resetByEmail(world, person, 'newpass123')
  await world.idle()
  const [, reference = ''] = /Reference: (\S+)/.exec(world.messages(person.email).at(-1)?.text ?? '') ?? []
  const words = [person.email, person.phone, person.username, person.userId, reference]
  for (const word of words) {
    const ran = await latchkey(['identity', 'unlock', ...local, '--reason', `by ${word}`, '--', word])
    expect(ran, word).toMatchObject({ code: 0, stderr: '' })
    expect(await latchkey(['sessions', ...local, '--', word]), word).toMatchObject({
      stdout: '-Nab|3x has no live session.\n',
    })
    expect((await latchkey(['identity', 'show', ...local, '--', word])).stdout, word).toMatch(
      /^-Nab\|3x, at /,
    )
  }
  const notes = (await entriesOf(world, person.userId)).map(({ note }) => note)
  expect(notes.filter((note) => note !== undefined)).toEqual(words.map((word) => `by ${word}`))
})

test.each([
  ['require-reset', { type: 'IDENTITY_CHANGED', reason: 'reset_required' }, { resetRequired: true }],
  ['sign-out', { type: 'LOGOUT', reason: 'everywhere' }, {}],
  ['suspend', { type: 'IDENTITY_CHANGED', fields: ['status'], reason: 'suspended' }, { status: 'suspended' }],
])('latchkey identity %s does what its route does, once', async (act, entry, state) => {
  const person = await world.identity()
  const token = await signIn(world, person)
  const ran = await run('identity', act, person.username, '--reason', 'asked for', '--json')
  expect(JSON.parse(ran.stdout)).toMatchObject({ userId: person.userId })
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
  expect((await world.get(`/admin/identities/${person.userId}`)).body.data).toMatchObject(state)
  const left = (await entriesOf(world, person.userId)).filter(({ note }) => note === 'asked for')
  expect(left).toMatchObject([entry])
})

test('latchkey identity resume lets a suspended person sign in again', async () => {
  const person = await world.identity()
  await run('identity', 'suspend', person.userId)
  expect(answerOf(await login(person))).toBe('401 CREDENTIALS_INVALID')
  expect((await run('identity', 'resume', person.userId)).code).toBe(0)
  expect(answerOf(await login(person))).toBe('200')
})

test('latchkey identity erase leaves nobody to be found, and its reason in the ledger', async () => {
  const { userId, email } = await world.identity()
  expect((await run('identity', 'erase', email, '--reason', 'GDPR 17')).code).toBe(0)
  expect((await run('identity', 'find', email)).code).toBe(1)
  expect((await entriesOf(world, userId)).at(-1)).toMatchObject({ reason: 'erased', note: 'GDPR 17' })
})

test('latchkey sessions lists those that live, and none of their secrets', async () => {
  const person = await world.identity()
  expect((await run('sessions', person.email)).stdout).toBe(`${person.userId} has no live session.\n`)
  await signIn(world, person)
  const { stdout } = await run('sessions', person.email, '--json')
  const { sessions } = JSON.parse(stdout)
  expect(sessions).toHaveLength(1)
  expect(Object.keys(sessions[0]).sort()).toEqual(
    ['createdAt', 'device', 'expiresAt', 'id', 'lastUsedAt', 'userAgent'].sort(),
  )
  expect((await run('sessions', person.email)).stdout).toMatch(/ {2}last used .* UTC, ends .* UTC {2}/)
})

test('a reason that the entry cannot hold is refused with its sentence, and nothing is done', async () => {
  const { userId } = await world.identity()
  const ran = await run('identity', 'suspend', userId, '--reason', 'x'.repeat(501))
  expect(ran.code).toBe(1)
  expect(ran.stderr).toContain('reason: ')
  expect(await identityAsStored(userId)).toMatchObject({ status: 'active' })
})
