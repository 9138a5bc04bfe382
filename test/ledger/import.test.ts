import { hash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { readCsv } from '../../cli/csv.ts'
import { latchkey, latchkeyProcess } from './command-line.ts'
import { startServicesElsewhere } from './services-elsewhere.ts'

/** bcrypt of `password123`, cost 4. */
const bcryptHash = '$2b$04$N9qo8uLOickgx2ZMRZoMye8a5eiBP5lhOgBpHvDLxyHRmsc8lL8Ae'

const world = useWorld()
let local: string[]
const folder = mkdtempSync(join(tmpdir(), 'latchkey-import-'))
const file = (name: string, content: string) => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const ndjson = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
const refusedOf = (path: string) =>
  readFileSync(`${path}.refused.ndjson`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
const run = (path: string) => latchkey(['import', path, ...local])

beforeAll(async () => {
  local = ['--local', new URL(world.url).port]
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
})

describe('latchkey import', () => {
  test.each(['latin1.ndjson', 'latin1.csv'])(
    'says of %s that it is no UTF-8, and exits with 2',
    async (name) => {
      const path = join(folder, name)
      writeFileSync(path, Buffer.from('userId\n{"userId":"jos\u00e9"}\n', 'latin1'))
      expect(await run(path)).toEqual({
        code: 2,
        stdout: '',
        stderr: `latchkey: ${path} is not UTF-8 text. Save or export it as "CSV UTF-8" or JSON.\n`,
      })
    },
  )

  test('registers identities of NDJSON, who can sign in and stand in the ledger', async () => {
    const people = sized(43, 70)
    const rows = Array.from({ length: people }, (_, n) => ({
      userId: `n-${n}`,
      email: `n${n}@example.com`,
      passwordHash: seedPasswordHash,
    }))
    const path = file('people.ndjson', ndjson(rows))
    expect(await run(path)).toMatchObject({
      code: 0,
      stdout: `${people} identities are registered, 0 rows were refused.\n`,
    })
    expect(existsSync(`${path}.import-state.json`)).toBe(false)
    expect(existsSync(`${path}.refused.ndjson`)).toBe(false)
    const login = await world.post('/api/auth/login', {
      identifier: `n${people - 1}@example.com`,
      password: seedPassword,
    })
    expect(login.status).toBe(200)
    const [created] = await world.ledger('n-42')
    expect(created).toMatchObject({ type: 'IDENTITY_CREATED', reason: 'imported', actor: 'local' })
    const fileHash = hash('sha256', readFileSync(path), 'hex')
    expect(created?.requestId).toMatch(new RegExp(`^import-${fileHash}-`))
  })

  test('registers identities of CSV, quoted as spreadsheets do', async () => {
    const path = file(
      'people.csv',
      `\ufeffuserId,email,phone,mfaEnabled,passwordHash,consentDocument,consentVersion\r\nc-1,"c1@example.com",+201001234501,true,"${seedPasswordHash}",terms,2\r\nc-2,c2@example.com,,,${bcryptHash},,\r\n`,
    )
    expect(await run(path)).toMatchObject({ code: 0 })
    const { body } = await world.get('/admin/identities/c-1')
    expect(body.data).toMatchObject({
      email: 'c1@example.com',
      phone: '+201001234501',
      mfaEnabled: true,
      consent: { document: 'terms', version: '2' },
    })
  })

  test('takes an empty cell for not given, and null for nothing there', async () => {
    const rows = [
      { userId: 'e-1', email: 'e1@example.com', username: null, phone: null, locale: null, consent: null },
      { userId: 'e-2', email: '' },
    ]
    const path = file('nulls.ndjson', ndjson(rows))
    expect(await run(path)).toMatchObject({ stdout: '1 identities are registered, 1 rows were refused.\n' })
    expect(refusedOf(path)).toMatchObject([{ userId: 'e-2', reason: expect.stringMatching(/^email: /) }])
    expect(await run(file('empty.csv', 'userId,email,phone\ne-3,,\n'))).toMatchObject({ code: 0 })
    expect((await world.get('/admin/identities/e-3')).body.data).toMatchObject({ email: null, phone: null })
  })

  test('takes what GET gives', async () => {
    const { userId } = await world.identity({ consent: { document: 'terms', version: '2' } })
    const { data } = (await world.get(`/admin/identities/${userId}`)).body
    await world.del(`/admin/identities/${userId}`)
    expect(await run(file('given.ndjson', ndjson([data])))).toMatchObject({ code: 0 })
    const again = (await world.get(`/admin/identities/${userId}`)).body.data
    expect(again).toMatchObject({ email: data.email, phone: data.phone, consent: { version: '2' } })
  })

  test('reports each refused row by line and reason, as it can be mended, and registers the others', async () => {
    await world.identity({ userId: 'taken', email: 'taken@example.com' })
    const path = file(
      'mixed.ndjson',
      `${ndjson([
        { userId: 'm-1', email: 'm1@example.com' },
        { userId: 'taken', email: 'other@example.com' },
        { userId: 'm-3', email: 'taken@example.com' },
        { userId: 'm-4', passwordHash: 'plain-text-password' },
        { userId: 'not a userId' },
        { userId: 'm-6', email: 'no address', colour: 'red' },
        { userId: 'm-1' },
      ])}{"userId":\n[]\n`,
    )
    const ran = await run(path)
    expect(ran).toMatchObject({ code: 1, stdout: '1 identities are registered, 8 rows were refused.\n' })
    expect(refusedOf(path)).toMatchObject([
      {
        line: 2,
        userId: 'taken',
        reason: expect.stringMatching(/^userId: is registered already, with another email; --update /),
        row: { userId: 'taken', email: 'other@example.com' },
      },
      {
        line: 3,
        userId: 'm-3',
        reason: expect.stringMatching(/^email: belongs to another identity, taken; /),
        row: { userId: 'm-3', email: 'taken@example.com' },
      },
      { line: 4, userId: 'm-4', reason: expect.stringMatching(/^passwordHash: /) },
      { line: 5, reason: expect.stringMatching(/^userId: /) },
      { line: 6, userId: 'm-6', reason: expect.stringMatching(/email: must be an email address/) },
      {
        line: 7,
        userId: 'm-1',
        reason: 'userId: stands in the file more than once, first in line 1; take one of them out',
      },
      { line: 8, reason: expect.stringMatching(/^row: is not a JSON object/), text: '{"userId":' },
      { line: 9, reason: expect.stringMatching(/^row: is not a JSON object/), text: '[]' },
    ])
    expect(ran.stdout + ran.stderr).not.toContain('plain-text-password')
    expect(statSync(`${path}.refused.ndjson`).mode & 0o077).toBe(0)
  })

  test('that was cut off goes on where it ended: nobody twice, nobody missed, no owner told of a change', async () => {
    const people = sized(70, 100)
    const rows = Array.from({ length: people }, (_, n) => ({
      userId: `r-${n}`,
      email: n === 40 ? 'none' : `r${n}@example.com`,
      passwordHash: seedPasswordHash,
    }))
    const path = file('resumed.ndjson', ndjson(rows))
    const fault = { service: 'kms', operation: 'GenerateMac', mode: 'fail-before', count: 1000 } as const
    world.stack.services.faults.post({ ...fault, skip: 100 })
    const cut = await run(path)
    world.stack.services.faults.post({ service: 'kms', mode: 'slow', count: 0 })
    // On a busy machine there is a line of progress before it.
    const stderr = expect.stringMatching(/(?:^|\n)latchkey: KMS GenerateMac failed\n$/)
    expect(cut).toMatchObject({ code: 1, stdout: '', stderr })
    const state = JSON.parse(readFileSync(`${path}.import-state.json`, 'utf8')) as object
    expect(state).toMatchObject({ done: 32, begun: 64 })
    const resumed = await run(path)
    const stdout = `${people - 1} identities are registered, 1 rows were refused.\n`
    expect(resumed).toMatchObject({ code: 1, stdout })
    expect(refusedOf(path)).toMatchObject([{ line: 41, userId: 'r-40' }])
    await world.idle()
    for (const n of [0, 31, 33, 63, people - 1]) {
      expect(await world.ledger(`r-${n}`)).toHaveLength(1)
      expect(world.messages(`r${n}@example.com`)).toEqual([])
    }
  }, 90_000)

  test('that was cut off on one stack starts anew on another: nobody is missing there', async () => {
    const people = sized(48, 200)
    const partsDone = sized(1, 2)
    const rows = Array.from({ length: people }, (_, n) => ({
      userId: `s-${n}`,
      passwordHash: seedPasswordHash,
    }))
    const path = file('staging.ndjson', ndjson(rows))
    // Two MACs a person: the part of 32 people after those is cut off.
    const fault = { service: 'kms', operation: 'GenerateMac', mode: 'fail-before', count: 1000 } as const
    world.stack.services.faults.post({ ...fault, skip: 64 * partsDone + 16 })
    expect(await run(path)).toMatchObject({ code: 1 })
    world.stack.services.faults.post({ service: 'kms', mode: 'slow', count: 0 })
    expect(JSON.parse(readFileSync(`${path}.import-state.json`, 'utf8'))).toMatchObject({
      done: 32 * partsDone,
    })

    const other = await startServicesElsewhere(folder)
    try {
      expect(await latchkeyProcess(['import', path, '--local', other.port])).toMatchObject({
        code: 0,
        stdout: `${people} identities are registered, 0 rows were refused.\n`,
        stderr: expect.stringContaining('to another target: here it starts from its first row'),
      })
      const present = await other.userIds()
      expect(rows.filter(({ userId }) => !present.has(userId))).toEqual([])
    } finally {
      await other.close()
    }
  }, 180_000)

  test('does not go on with a file of the same size and beginning that was edited behind', async () => {
    const people = (last: string) =>
      `${ndjson(Array.from({ length: 40 }, (_, n) => ({ userId: `edit-${n}`, passwordHash: seedPasswordHash })))}${' '.repeat(2 ** 20)}
${JSON.stringify({ userId: last })}\n`
    const path = file('edited.ndjson', people('e-last'))
    const fault = { service: 'kms', operation: 'GenerateMac', mode: 'fail-before', count: 1000 } as const
    world.stack.services.faults.post({ ...fault, skip: 34 })
    expect(await run(path)).toMatchObject({ code: 1 })
    world.stack.services.faults.post({ service: 'kms', mode: 'slow', count: 0 })
    file('edited.ndjson', people('e-LAST'))
    const changed = { code: 2, stderr: expect.stringContaining('has changed since its import began') }
    expect(await run(path)).toMatchObject(changed)
    file('edited.ndjson', people('e-last'))
    expect(await run(path)).toMatchObject({
      code: 0,
      stdout: '41 identities are registered, 0 rows were refused.\n',
    })
  })

  test.each(['import-state.json', 'refused.ndjson'])(
    'follows no link at its %s, and none at a partial one',
    async (suffix) => {
      const path = file(`linked-${suffix}`, ndjson([{ userId: 'no id' }]))
      const victim = file('victim', '')
      symlinkSync(victim, `${path}.import-state.json.partial`)
      if (suffix === 'refused.ndjson') symlinkSync(victim, `${path}.${suffix}`)
      else symlinkSync(join(folder, 'nowhere-yet'), `${path}.${suffix}`)
      await run(path)
      expect(readFileSync(victim, 'utf8')).toBe('')
      expect(existsSync(join(folder, 'nowhere-yet'))).toBe(false)
    },
  )

  test('does not go on with a file that is another by now', async () => {
    const path = file('changed.ndjson', ndjson([{ userId: 'x-1' }]))
    writeFileSync(
      `${path}.import-state.json`,
      JSON.stringify({ of: 'another', done: 1, begun: 1, registered: 1, refused: 0, reportBytes: 0 }),
    )
    expect(await run(path)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has changed since its import began'),
    })
  })

  test.each([
    ['a column it does not know', 'userId,password\na,b\n', 'does not know the column password'],
    ['no userId', 'email\na@example.com\n', 'needs a column userId'],
    ['nothing', '', 'needs a column userId'],
  ])('refuses a CSV file with %s', async (_, content, message) => {
    expect(await run(file('wrong.csv', content))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    })
  })

  test('names a file that is not there', async () => {
    expect(await run(join(folder, 'nowhere'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/nowhere is not there/),
    })
  })
})

describe('CSV', () => {
  const read = (text: string) => [...readCsv(text.split('\n'))]

  test('fields may hold commas, quotes and line ends; records are counted by their first line', () => {
    expect(read('a,"b,""c""",\n"x\ny",,z\r\n\nlast,"",1')).toMatchObject([
      { line: 1, fields: ['a', 'b,"c"', ''] },
      { line: 2, fields: ['x\ny', '', 'z'] },
      { line: 5, fields: ['last', '', '1'] },
    ])
  })

  test.each(['a,"b"c', '"open', 'a"b,c'])('what is no record has no fields: %s', (text) => {
    expect(read(text)).toEqual([{ line: 1, fields: [], text }])
  })
})
