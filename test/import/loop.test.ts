/** An import is run again and again until everyone is in: what a rerun does, and what becomes of the refused rows. */
import { hash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import { policy } from '#shared/policy.ts'
import { useWorld } from '#test/support/use-world.ts'
import { latchkey } from '../ledger/command-line.ts'
import { importHere } from './run-here.ts'

const world = useWorld()
const folder = mkdtempSync(join(tmpdir(), 'latchkey-loop-'))
afterAll(async () => {
  rmSync(folder, { recursive: true })
})

function file(name: string, rows: readonly object[]): string {
  const path = join(folder, name)
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return path
}
const refusedOf = (path: string) =>
  readFileSync(`${path}.refused.ndjson`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly reason: string })
const identity = async (userId: string) => (await world.get(`/admin/identities/${userId}`)).body.data

test('a rerun changes nothing, refuses nobody who is there already, and keeps the report of before', async () => {
  const path = file('again.ndjson', [
    { userId: 'again-1', email: 'again1@example.com', passwordHash: seedPasswordHash },
    { userId: 'again-2', email: 'none' },
  ])
  expect(await importHere([path])).toMatchObject({
    code: 1,
    stdout: '1 identities are registered, 1 rows were refused.\n',
  })
  const report = readFileSync(`${path}.refused.ndjson`, 'utf8')
  expect(await importHere([path])).toMatchObject({
    code: 1,
    stdout: '0 identities are registered, 1 were there already, 1 rows were refused.\n',
    problem: expect.stringContaining('again.ndjson.refused-2.ndjson'),
  })
  expect(readFileSync(`${path}.refused.ndjson`, 'utf8')).toBe(report)
  expect(await world.ledger('again-1')).toHaveLength(1)
})

test('a rerun finds who signed in or reset meanwhile as the file has them', async () => {
  const path = file('moved-on.ndjson', [
    {
      userId: 'moved-on',
      email: 'moved.on@example.com',
      passwordHash: seedPasswordHash.replace('$argon2', '{argon2}$argon2'),
    },
  ])
  expect(await importHere([path])).toMatchObject({ code: 0 })
  await world.post('/api/auth/login', { identifier: 'moved.on@example.com', password: seedPassword })
  for (const more of [[], ['--update']])
    expect(await importHere([path, ...more])).toMatchObject({
      code: 0,
      stdout: '0 identities are registered, 1 were there already, 0 rows were refused.\n',
    })
})

test('a mended report is imported by itself, and completes it', async () => {
  const path = file('mend.ndjson', [
    { userId: 'mend-1', email: 'none', passwordHash: seedPasswordHash },
    { userId: 'mend-2', email: 'mend2@example.com', colour: 'red' },
  ])
  expect(await importHere([path])).toMatchObject({ code: 1 })
  const report = `${path}.refused.ndjson`
  const mended = readFileSync(report, 'utf8')
    .replace('"none"', '"mend1@example.com"')
    .replace(',"colour":"red"', '')
  writeFileSync(report, mended)
  expect(await importHere([report])).toEqual({
    code: 0,
    stdout: '2 identities are registered, 0 rows were refused.\n',
    problem: '',
  })
  const login = await world.post('/api/auth/login', {
    identifier: 'mend1@example.com',
    password: seedPassword,
  })
  expect(login.status).toBe(200)
})

test('the report of an export is mended in our names, and needs no source', async () => {
  const path = join(folder, 'clerk.csv')
  writeFileSync(
    path,
    `id,username,primary_email_address,password_digest,password_hasher\nuser_1,ed,no address,${seedPasswordHash},argon2id\n`.replace(
      seedPasswordHash,
      `"${seedPasswordHash}"`,
    ),
  )
  expect(await importHere([path, '--source', 'clerk'])).toMatchObject({ code: 1 })
  const report = `${path}.refused.ndjson`
  writeFileSync(report, readFileSync(report, 'utf8').replace('"no address"', '"ed@example.com"'))
  expect(await importHere([report])).toMatchObject({ code: 0 })
  expect(await identity('user_1')).toMatchObject({
    email: 'ed@example.com',
    username: 'ed',
    hasPassword: true,
  })
})

test('who is registered already is changed only when that is asked for, under an entry that names the file', async () => {
  const row = { userId: 'up-1', username: 'up.one', email: 'up1@example.com' }
  expect(await importHere([file('update.ndjson', [row])])).toMatchObject({ code: 0 })
  const changed = file('update-2.ndjson', [{ ...row, username: 'up.two' }])
  expect(await importHere([changed])).toMatchObject({ code: 1 })
  expect(refusedOf(changed)[0]?.reason).toMatch(
    /^userId: is registered already, with another username; --update /,
  )
  expect(await identity('up-1')).toMatchObject({ username: 'up.one' })
  expect(await importHere([changed, '--update'])).toMatchObject({
    code: 0,
    stdout: '0 identities are registered, 1 were changed, 0 rows were refused.\n',
  })
  const entries = await world.ledger('up-1')
  expect(entries.at(-1)).toMatchObject({ type: 'IDENTITY_CHANGED', actor: 'local', fields: ['username'] })
  expect(entries.at(-1)?.requestId).toContain(hash('sha256', readFileSync(changed), 'hex'))
})

test('of rows with one phone number the first in the file gets it, and the others may go without', async () => {
  const family = (of: string, phone: string) =>
    Array.from({ length: 8 }, (_, n) => ({ userId: `${of}-${n}`, phone, email: `${of}${n}@example.com` }))
  const path = file('family.ndjson', family('fam', '+201001239901'))
  expect(await importHere([path])).toMatchObject({
    code: 1,
    stdout: '1 identities are registered, 7 rows were refused.\n',
  })
  expect(await identity('fam-0')).toMatchObject({ phone: '+201001239901' })
  expect(refusedOf(path)[0]?.reason).toMatch(/^phone: belongs to another identity, fam-0; /)
  const without = file('family-2.ndjson', family('kin', '+201001239902'))
  expect(await importHere([without, '--leave-out', 'phone'])).toMatchObject({ code: 0 })
  expect(await identity('kin-0')).toMatchObject({ phone: '+201001239902' })
  expect(await identity('kin-7')).toMatchObject({ phone: null, email: 'kin7@example.com' })
})

test('who went without a number that is another’s is found as the same again', async () => {
  const phone = '+201001239911'
  const path = file('twice.ndjson', [
    { userId: 'twice-1', phone, email: 'twice1@example.com' },
    { userId: 'twice-2', phone, email: 'twice2@example.com' },
  ])
  const words = [path, '--leave-out', 'phone']
  expect(await importHere(words)).toMatchObject({ code: 0 })
  for (const more of [[], ['--update']])
    expect(await importHere([...words, ...more])).toMatchObject({
      code: 0,
      stdout: '0 identities are registered, 2 were there already, 0 rows were refused.\n',
    })
  expect(await world.ledger('twice-2')).toHaveLength(1)
  await world.put('/admin/identities/twice-1', { phone: null })
  expect(await importHere([...words])).toMatchObject({ code: 1 })
  expect(await identity('twice-2'), 'what is free by now is given when it is asked for').toMatchObject({
    phone: null,
  })
})

test('a second factor that has nowhere to go is told by dry run and import, and left out where that is asked for', async () => {
  const path = file('mfa.ndjson', [
    { userId: 'mfa-1', email: 'mfa1@example.com', mfaEnabled: true },
    { userId: 'mfa-2', email: 'mfa2@example.com', mfaEnabled: true, phone: '+4915112345678' },
  ])
  const tried = await importHere([path, '--dry-run'])
  expect(tried).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^line 1, mfa-1: mfaEnabled: needs a phone/),
  })
  expect(await importHere([path])).toMatchObject({ code: 1 })
  for (const { reason } of refusedOf(path))
    expect(reason).toMatch(/^mfaEnabled: needs a phone.*, or leave it out \(--leave-out mfaEnabled\)$/)
  const words = [path, '--leave-out', 'mfaEnabled']
  expect(await importHere([...words, '--dry-run'])).toMatchObject({ code: 0 })
  expect(await importHere(words)).toMatchObject({ code: 0 })
  expect(await importHere(words)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(' 2 were there already'),
  })
  expect(await identity('mfa-2')).toMatchObject({ mfaEnabled: false, phone: '+4915112345678' })
})

test('what passes by itself is waited for: nobody is refused or told twice', async () => {
  const path = file('patient.ndjson', [{ userId: 'patient-1', email: 'patient1@example.com' }])
  // As often as the SDK tries by itself.
  const count = policy.callAttempts
  world.stack.services.faults.post({ service: 'dynamodb', operation: 'GetItem', mode: 'throttle', count })
  expect(await importHere([path])).toEqual({
    code: 0,
    stdout: '1 identities are registered, 0 rows were refused.\n',
    problem: '',
  })
  expect(await world.ledger('patient-1')).toHaveLength(1)
})

test('what the row does not say cannot be left out of it: the row is refused', async () => {
  await world.identity({ userId: 'mfa-3', mfaEnabled: true })
  const path = file('moved.ndjson', [{ userId: 'mfa-3', phone: '+4915112345679' }])
  for (const more of [[], ['--update']]) {
    expect(await importHere([path, '--leave-out', 'mfaEnabled', ...more])).toMatchObject({
      code: 1,
      problem: expect.stringContaining('tells which rows were refused'),
    })
  }
  expect((await identity('mfa-3')).phone).not.toBe('+4915112345679')
})

test('a dry run says who would have no way in, and which rows are nobody', async () => {
  const path = file('ways.ndjson', [
    { id: '00000000-0000-4000-8000-000000000001', email: 'ways1@example.com' },
    { id: '00000000-0000-4000-8000-000000000002', phone: '201001239921' },
    { id: '00000000-0000-4000-8000-000000000003', encrypted_password: `$2a$10$${'a'.repeat(53)}` },
    {
      id: '00000000-0000-4000-8000-000000000004',
      phone: '201001239922',
      encrypted_password: `$2a$10$${'a'.repeat(53)}`,
    },
    { id: '00000000-0000-4000-8000-000000000005', is_anonymous: true },
  ])
  const { stdout } = await importHere([path, '--source', 'supabase', '--dry-run'])
  expect(stdout).toMatch(
    /^2 people would have no way in: without a hash it takes an email, or a phone and a username/m,
  )
  expect(stdout).toMatch(/^1 rows are passed over: /m)
  const json = await importHere([path, '--source', 'supabase', '--dry-run', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ ready: 4, shutOut: 2, passedOver: 1 })
})

test('an import that was cut off does not go on with other options than it began with', async () => {
  const rows = Array.from({ length: 70 }, (_, n) => ({ userId: `o-${n}`, passwordHash: seedPasswordHash }))
  const path = file('options.ndjson', rows)
  const fault = { service: 'kms', operation: 'GenerateMac', mode: 'fail-before', count: 1000 } as const
  world.stack.services.faults.post({ ...fault, skip: 100 })
  await expect(importHere([path])).rejects.toThrow('KMS GenerateMac failed')
  world.stack.services.faults.post({ service: 'kms', mode: 'slow', count: 0 })
  expect(await importHere([path, '--update'])).toMatchObject({
    code: 2,
    problem: expect.stringContaining('or the options have'),
  })
  expect(await importHere([path])).toMatchObject({
    code: 0,
    stdout: '70 identities are registered, 0 rows were refused.\n',
  })
})

test('a file is tried out with neither a stack nor settings, and nothing is written', async () => {
  const path = file('dry.ndjson', [
    { userId: 'dry-1', email: 'dry1@example.com', passwordHash: seedPasswordHash },
    { userId: 'dry-2', email: 'none' },
    { userId: 'dry-3', username: 'dry.three', phone: '+201001239903' },
    { userId: 'dry-4', phone: '+201001239903' },
  ])
  const tried = await latchkey(['import', path, '--dry-run'])
  expect(tried).toMatchObject({ code: 1, stderr: expect.stringContaining('2 rows of') })
  expect(tried.stdout.split('\n')).toEqual([
    expect.stringMatching(/^line 2, dry-2: email: must be an email address; /),
    expect.stringMatching(/^line 4, dry-4: phone: belongs to another row of the file, dry-3; /),
    'passwords: 1 argon2id, 1 without (they set one by code)',
    'Nothing was written: 2 identities can be registered, 2 rows would be refused.',
    '',
  ])
  expect(existsSync(`${path}.refused.ndjson`)).toBe(false)
  expect(existsSync(`${path}.import-state.json`)).toBe(false)
})

test('what came of it, and of a dry run, is told as JSON where that is asked for', async () => {
  const path = file('json.ndjson', [
    { userId: 'json-1', username: 'json.one', passwordHash: seedPasswordHash },
    { userId: 'json-2', email: 'none' },
  ])
  const told = async (words: readonly string[]) =>
    JSON.parse((await importHere([path, '--json', ...words])).stdout) as object
  expect(await told(['--dry-run'])).toEqual({
    ready: 1,
    refused: [{ line: 2, userId: 'json-2', reason: expect.stringMatching(/^email: /) }],
    passwords: { argon2id: 1 },
  })
  const report = `${path}.refused.ndjson`
  expect(await told([])).toEqual({ registered: 1, same: 0, changed: 0, refused: 1, report })
})

test('a command line that is wrong is told before it is asked where the services are', async () => {
  expect(await latchkey(['import'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^latchkey: FILE is missing/),
  })
})

test.each([
  [['--source', 'nowhere'], '--source: nowhere is not known. There are auth0, '],
  [['--country', 'XX'], '--country: XX is no country'],
  [['--leave-out', 'userId'], '--leave-out: userId is no optional field'],
  [['--colour', 'red'], '--colour'],
  [['--source', 'firebase'], 'needs --hash-config FILE'],
  [['--hash-config', 'nowhere.json'], 'nowhere.json is not there'],
])('%j is told to be wrong, with exit code 2', async (words, message) => {
  const path = file('usage.ndjson', [])
  expect(await importHere([path, ...words])).toMatchObject({
    code: 2,
    problem: expect.stringContaining(message),
  })
})
