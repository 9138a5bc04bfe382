/**
 * The exports of other systems as they are: a dry run, the import, a mended report that completes it, everyone signs in, a
 * rerun that changes nothing, and support that helps one of them.
 */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findIdentity } from '#shared/stores/identities.ts'
import { answerOf } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'
import { sources } from '../../cli/import/sources.ts'
import { latchkey } from '../ledger/command-line.ts'
import { importHere } from './run-here.ts'

const samples = 'examples/import'
const firebaseConfig = (kind: 'json' | 'txt') => [
  '--hash-config',
  join(samples, `firebase-hash-config.${kind}`),
]

interface Sample {
  readonly file: string
  readonly words: readonly string[]
  /** Emails of everyone in it who has a password there: `password-of-NAME`. */
  readonly signIn: readonly string[]
  /** Emails of the others: they set one by code. */
  readonly byCode?: readonly string[]
}

const all: readonly Sample[] = [
  { file: 'people.csv', words: [], signIn: ['xenia@example.com'], byCode: ['yusuf@example.com'] },
  {
    file: 'devise.csv',
    words: ['--hash-config', join(samples, 'devise-pepper.json')],
    signIn: ['zoe@devise.example.com'],
  },
  {
    file: 'auth0-hashes.ndjson',
    words: ['--source', 'auth0'],
    signIn: ['amira@auth0.example.com', 'ben@auth0.example.com'],
  },
  {
    file: 'firebase.json',
    words: ['--source', 'firebase', ...firebaseConfig('json')],
    signIn: ['chidi@firebase.example.com', 'dana@firebase.example.com'],
    byCode: ['emil@firebase.example.com'],
  },
  {
    file: 'firebase.csv',
    words: ['--source', 'firebase', ...firebaseConfig('txt')],
    signIn: ['farid@firebase.example.com'],
  },
  {
    file: 'keycloak.json',
    words: ['--source', 'keycloak'],
    signIn: ['gita@keycloak.example.com', 'hana@keycloak.example.com', 'ines@keycloak.example.com'],
  },
  {
    file: 'cognito.json',
    words: ['--source', 'cognito'],
    signIn: [],
    byCode: ['jana@cognito.example.com', 'karim@cognito.example.com'],
  },
  { file: 'cognito.csv', words: ['--source', 'cognito'], signIn: [], byCode: ['leila@cognito.example.com'] },
  {
    file: 'supabase.csv',
    words: ['--source', 'supabase'],
    signIn: ['marta@supabase.example.com', 'nils@supabase.example.com'],
  },
  {
    file: 'clerk.csv',
    words: ['--source', 'clerk'],
    signIn: ['olga@clerk.example.com', 'pavel@clerk.example.com'],
  },
  {
    file: 'wordpress.csv',
    words: ['--source', 'wordpress'],
    signIn: ['quentin@wordpress.example.com', 'rosa@wordpress.example.com'],
  },
  {
    file: 'django.json',
    words: ['--source', 'django'],
    signIn: ['sofia@django.example.com', 'tarek@django.example.com', 'ulla@django.example.com'],
  },
  {
    file: 'better-auth.json',
    words: ['--source', 'better-auth'],
    signIn: ['vera@better-auth.example.com', 'wim@better-auth.example.com'],
  },
]

const world = useWorld()
const folder = mkdtempSync(join(tmpdir(), 'latchkey-sources-'))
afterAll(async () => {
  rmSync(folder, { recursive: true })
})

const login = async (identifier: string, password: string) =>
  answerOf(await world.post('/api/auth/login', { identifier, password }, { ip: newIp() }))

const passwordOf = (email: string) => `password-of-${email.split('@')[0]}`
/** The same people with one address that is none, and back. */
const spoilt = (text: string, email: string) => text.replaceAll(email, email.replace('@', '@@'))
const mended = (text: string, email: string) => text.replaceAll(email.replace('@', '@@'), email)

test('each source has a sample', () => {
  const sampled = new Set(all.map(({ words: [, source] }) => source))
  expect(Object.keys(sources).filter((name) => !sampled.has(name))).toEqual([])
})

describe.each(all)('$file', ({ file, words, signIn, byCode = [] }) => {
  const people = signIn.length + byCode.length
  const [refused = ''] = [...signIn, ...byCode]
  const path = join(folder, file)

  test('is tried out without a write', async () => {
    copyFileSync(join(samples, file), path)
    const tried = await importHere([path, ...words, '--dry-run'])
    expect(tried).toMatchObject({ code: 0, problem: '' })
    expect(tried.stdout).toContain(`${people} identities can be registered, 0 rows would be refused`)
    expect(readdirSync(folder).filter((name) => name.startsWith(`${file}.`))).toEqual([])
  })

  test('goes in by one command, and once more without effect', async () => {
    expect(await importHere([path, ...words])).toEqual({
      code: 0,
      stdout: `${people} identities are registered, 0 rows were refused.\n`,
      problem: '',
    })
    expect(await importHere([path, ...words])).toMatchObject({
      code: 0,
      stdout: `0 identities are registered, ${people} were there already, 0 rows were refused.\n`,
    })
    expect(existsSync(`${path}.refused.ndjson`)).toBe(false)
  })

  test('a row that was refused is mended in the report, which then completes it', async () => {
    await world.del(`/admin/identities/${encodeURIComponent(await userIdOf(refused))}`)
    const bad = join(folder, `spoilt-${file}`)
    writeFileSync(bad, spoilt(readFileSync(path, 'utf8'), refused))
    expect(await importHere([bad, ...words])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^0 identities are registered.* 1 rows were refused\.\n$/),
    })
    const report = `${bad}.refused.ndjson`
    expect(readFileSync(report, 'utf8')).toMatch(/"reason":"[^"]*email: must be an email address/)
    writeFileSync(report, mended(readFileSync(report, 'utf8'), refused))
    expect(await importHere([report])).toEqual({
      code: 0,
      stdout: '1 identities are registered, 0 rows were refused.\n',
      problem: '',
    })
  })

  test.each(signIn)(
    '%s signs in with the password of the old system, which is ours from then on',
    async (email) => {
      expect(await login(email, passwordOf(email))).toBe('200')
      expect(await login(email, `${passwordOf(email)}!`)).toBe('401 CREDENTIALS_INVALID')
      expect(await login(email, passwordOf(email))).toBe('200')
    },
  )

  test.each(byCode)('%s sets a password by code', async (email) => {
    await world.post('/auth/request-password-reset', { email }, { ip: newIp() })
    const otp = await world.lastCode(email)
    const newPassword = 'Quiet-Harbour-4711'
    const reset = await world.post('/auth/reset-password', { email, otp, newPassword }, { ip: newIp() })
    expect(answerOf(reset)).toBe('200')
    expect(await login(email, newPassword)).toBe('200')
  })

  test('a rerun after all this changes nothing', async () => {
    expect(await importHere([path, ...words])).toMatchObject({
      code: 0,
      stdout: `0 identities are registered, ${people} were there already, 0 rows were refused.\n`,
    })
    expect(await importHere([path, ...words, '--update'])).toMatchObject({
      code: 0,
      stdout: `0 identities are registered, ${people} were there already, 0 rows were refused.\n`,
    })
  })
})

test('support unlocks one of them, of whom it knows the email alone', async () => {
  const email = 'gita@keycloak.example.com'
  for (let failure = 0; failure < 10; failure += 1) await login(email, 'wrong')
  expect(await login(email, passwordOf(email))).toBe('429 RATE_LIMITED')
  const ran = await latchkey(['identity', 'unlock', email, '--local', new URL(world.url).port])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  expect(await login(email, passwordOf(email))).toBe('200')
})

test("Auth0's users are added to its hashes by an update", async () => {
  const path = join(folder, 'auth0-users.ndjson')
  copyFileSync(join(samples, 'auth0-users.ndjson'), path)
  expect(await importHere([path, '--source', 'auth0', '--update'])).toMatchObject({ code: 0 })
  expect(await login('amira@auth0.example.com', 'password-of-amira')).toBe('200')
})

test('what another system calls a person is the userId here', async () => {
  expect(await userIdOf('amira@auth0.example.com')).toMatch(/^auth0\|[0-9a-f]{24}$/)
  expect(await userIdOf('ben@auth0.example.com')).toBe('auth0|crm-4712')
  expect(await userIdOf('rosa@wordpress.example.com')).toBe('8')
})

test('Firebase’s hashes are not imported without what its console shows beside them', async () => {
  const path = join(folder, 'firebase.json')
  expect(await importHere([path, '--source', 'firebase'])).toMatchObject({
    code: 2,
    problem: expect.stringContaining('--hash-config'),
  })
})

test('no signer key of Firebase is stored', async () => {
  const stored = await identityAsStored(await userIdOf('chidi@firebase.example.com'))
  expect(JSON.stringify(stored)).not.toMatch(/signer|sk=/)
})

/** By the lookup row of the email. */
async function userIdOf(email: string): Promise<string> {
  return (await findIdentity({ kind: 'email', value: email }))?.userId ?? ''
}
