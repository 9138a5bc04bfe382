import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entry } from '#shared/ledger/entry.ts'
import { advancePointer, objectKey, readPointer } from '#shared/stores/checkpoints.ts'
import * as database from '#shared/stores/database.ts'
import { eventRow } from '#shared/stores/outbox.ts'
import { useWorld } from '#test/support/use-world.ts'
import { latchkey, latchkeyProcess } from './command-line.ts'

const world = useWorld()
let local: string[]
const folder = mkdtempSync(join(tmpdir(), 'latchkey-cli-'))
const at = (name: string) => join(folder, name)
const lines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n')

beforeAll(async () => {
  local = ['--local', new URL(world.url).port]
  for (const userId of ['u-a', 'u-b']) await world.identity({ userId })
  await world.advance(300)
  await world.identity({ userId: 'u-c' })
  await latchkey(['ledger', 'seal', ...local])
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
})

describe('latchkey ledger', () => {
  test('exports what verifies offline, to the last entry that is on its way', async () => {
    await world.post('/api/auth/login', { identifier: 'nobody@example.com', password: 'wrong password' })
    const exported = await latchkeyProcess(['ledger', 'export', at('first'), ...local])
    expect(exported).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(at('first')).sort()).toEqual([
      'checkpoints.ndjson',
      'entries.ndjson',
      'public-key.pem',
    ])
    const verified = await latchkeyProcess(['ledger', 'verify', at('first')])
    expect(verified).toMatchObject({ code: 0, stderr: '' })
    expect(verified.stdout).toMatch(
      /^The ledger verifies: 4 entries in 4 chains, [2-9] checkpoints with [3-9] leaves\./,
    )
    expect(verified.stdout).toContain('\n1 entries are newer')
  })

  test('seals on demand, by the clock of the stack', async () => {
    await world.advance(40 * 24 * 3600)
    // In a process of its own, which has another clock.
    const sealed = await latchkeyProcess(['ledger', 'seal', ...local])
    expect(sealed.code).toBe(0)
    const [, time] = /^checkpoint [0-9]+ of (\S+): [0-9]+ heads/.exec(sealed.stdout) ?? []
    expect(Date.parse(time ?? '')).toBeGreaterThan(world.stack.clock.now() - 60_000)
    expect((await latchkey(['ledger', 'seal', ...local])).stdout).toContain(': 0 heads, root e3b0c442')
    await latchkey(['ledger', 'export', at('sealed'), ...local])
    expect((await latchkey(['ledger', 'verify', at('sealed')])).stdout).toContain('\n0 entries are newer')
  })

  test('exports past what an earlier run left, and through no link that lies in wait', async () => {
    mkdirSync(at('shared'))
    writeFileSync(at('victim'), 'untouched')
    for (const name of ['entries.ndjson', 'checkpoints.ndjson', 'public-key.pem'])
      symlinkSync(at('victim'), join(at('shared'), `${name}.partial`))
    writeFileSync(join(at('shared'), 'entries.ndjson.0011223344556677.partial'), 'half')
    expect(await latchkey(['ledger', 'export', at('shared'), ...local])).toMatchObject({ code: 0 })
    expect(await latchkey(['ledger', 'verify', at('shared')])).toMatchObject({ code: 0 })
    expect(readFileSync(at('victim'), 'utf8')).toBe('untouched')
  })

  test.each(['export', 'receipt'])('writes no %s through a link under its own name', async (command) => {
    const folder = at(`linked-${command}`)
    mkdirSync(folder)
    writeFileSync(at('victim'), 'untouched')
    const path = join(folder, 'entries.ndjson')
    symlinkSync(at('victim'), path)
    const words = command === 'export' ? ['export', folder] : ['receipt', 'u-b', '1', '--out', path]
    expect(await latchkey(['ledger', ...words, ...local])).toEqual({
      code: 2,
      stdout: '',
      stderr: `latchkey: ${path} is there already and is no file: name another one.\n`,
    })
    expect(readFileSync(at('victim'), 'utf8')).toBe('untouched')
    expect(readdirSync(folder)).toEqual(['entries.ndjson'])
  })

  test('names a changed entry and exits with 1', async () => {
    cpSync(at('first'), at('changed'), { recursive: true })
    const path = join(at('changed'), 'entries.ndjson')
    writeFileSync(path, readFileSync(path, 'utf8').replace('IDENTITY_CREATED', 'IDENTITY_CHANGED'))
    const verified = await latchkey(['ledger', 'verify', at('changed')])
    expect(verified).toMatchObject({
      code: 1,
      stdout: 'identity/u-a seq 1: its content does not have its hash: it was changed\n',
    })
    expect(verified.stderr).toBe('latchkey: This does not verify: identity/u-a seq 1.\n')
  })

  test('holds an older export to a checkpoint and a key that were kept outside', async () => {
    await latchkey(['ledger', 'seal', ...local])
    await latchkey(['ledger', 'export', at('newer'), ...local])
    writeFileSync(at('kept'), `${lines(join(at('newer'), 'checkpoints.ndjson')).at(-1)}\n`)
    const outside = ['--checkpoint', at('kept'), '--public-key', join(at('first'), 'public-key.pem')]
    expect(await latchkey(['ledger', 'verify', at('newer'), ...outside])).toMatchObject({ code: 0 })
    const rolledBack = await latchkey(['ledger', 'verify', at('first'), ...outside])
    expect(rolledBack).toMatchObject({ code: 1 })
    expect(rolledBack.stdout).toMatch(/^checkpoint [0-9]+: it is missing: it was kept outside/)
  })

  test.each([
    ['a missing file', () => rmSync(join(at('unusable'), 'checkpoints.ndjson'))],
    ['no JSON', () => appendFileSync(join(at('unusable'), 'entries.ndjson'), '{"cut')],
    ['an empty file', () => writeFileSync(join(at('unusable'), 'entries.ndjson'), '')],
    ['no key', () => writeFileSync(join(at('unusable'), 'public-key.pem'), 'not a key')],
  ])('exits with 2 on %s', async (_, ruin) => {
    cpSync(at('first'), at('unusable'), { recursive: true })
    ruin()
    const verified = await latchkey(['ledger', 'verify', at('unusable')])
    expect(verified).toMatchObject({ code: 2, stdout: '' })
    expect(verified.stderr).toMatch(/^latchkey: .*unusable.*|^latchkey: (entries|checkpoints)\.ndjson/)
    rmSync(at('unusable'), { recursive: true })
  })

  test('names a folder where a file is meant, and a file where a folder is', async () => {
    const keyless = at('keyless')
    cpSync(at('first'), keyless, { recursive: true })
    rmSync(join(keyless, 'public-key.pem'))
    mkdirSync(join(keyless, 'public-key.pem'))
    const wrong = [
      [at('first'), ['verify', at('first'), '--public-key', at('first')]],
      [at('first'), ['verify', at('first'), '--checkpoint', at('first')]],
      [at('first'), ['verify-receipt', at('first')]],
      [join(keyless, 'public-key.pem'), ['verify', keyless]],
    ] as const
    for (const [named, words] of wrong)
      expect(await latchkey(['ledger', ...words])).toEqual({
        code: 2,
        stdout: '',
        stderr: `latchkey: ${named} is a folder.\n`,
      })
    expect(await latchkey(['ledger', 'export', at('kept'), ...local])).toEqual({
      code: 2,
      stdout: '',
      stderr: `latchkey: ${at('kept')} is a file: name a folder.\n`,
    })
    const nowhere = ['--out', join(at('nowhere'), 'x.json')]
    expect(await latchkey(['ledger', 'receipt', 'u-b', '1', ...nowhere, ...local])).toEqual({
      code: 2,
      stdout: '',
      stderr: `latchkey: ${at('nowhere')} is no folder: make it, or name another one.\n`,
    })
  })

  test('shows the timeline of an identity', async () => {
    const shown = await latchkey(['ledger', 'show', 'u-a', ...local])
    expect(shown.code).toBe(0)
    expect(shown.stdout).toMatch(/^ {5}1 {2}\S+Z {2}IDENTITY_CREATED +success\n/)
    expect(await latchkey(['ledger', 'show', 'u-nobody', ...local])).toMatchObject({ code: 1, stdout: '' })
  })

  test('gives a receipt that proves an entry offline', async () => {
    const made = await latchkey(['ledger', 'receipt', 'u-b', '1', '--out', at('receipt.json'), ...local])
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const key = ['--public-key', join(at('first'), 'public-key.pem')]
    const checked = await latchkey(['ledger', 'verify-receipt', at('receipt.json'), ...key])
    expect(checked.code).toBe(0)
    expect(checked.stdout).toMatch(
      /IDENTITY_CREATED.*\n.*\nidentity\/u-b seq 1 is sealed by checkpoint [0-9]+ of /,
    )
    writeFileSync(
      at('forged.json'),
      readFileSync(at('receipt.json'), 'utf8').replace('"success"', '"failure"'),
    )
    const forged = await latchkey(['ledger', 'verify-receipt', at('forged.json'), ...key])
    expect(forged).toMatchObject({
      code: 1,
      stdout: 'identity/u-b seq 1: its content does not have its hash\n',
    })
    expect(await latchkey(['ledger', 'receipt', 'u-b', '99', ...local])).toMatchObject({ code: 1 })
    expect(await latchkey(['ledger', 'verify-receipt', at('kept')])).toMatchObject({ code: 2 })
  })
})

describe('the reference in a message', () => {
  test('leads to its entry and to a receipt', async () => {
    const { email } = await world.identity({ userId: 'u-told' })
    await world.put('/admin/identities/u-told', { email: 'moved@example.com' })
    await world.idle()
    const [, reference = ''] = /Reference: (\S+)/.exec(world.messages(email).at(-1)?.text ?? '') ?? []
    const shown = await latchkey(['ledger', 'show', 'u-told', ...local])
    expect(shown.stdout).toMatch(/IDENTITY_CHANGED.*\n.* · id \S+/)
    expect(reference).toMatch(/^[A-Z0-9]{8}$/)
    expect(shown.stdout).toContain(` · ref ${reference} · id `)
    const byReference = await latchkey(['ledger', 'show', reference, ...local])
    expect(byReference).toEqual(shown)
    await latchkey(['ledger', 'seal', ...local])
    const out = ['--out', at('told.json')]
    const made = await latchkey(['ledger', 'receipt', 'u-told', reference, ...out, ...local])
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('proves entry 2 by checkpoint') })
    const [entry] = JSON.parse(readFileSync(at('told.json'), 'utf8')).entries
    expect(entry.seq).toBe(2)
    const spelt = [reference.toLowerCase(), `${reference.slice(0, 4)}-${reference.slice(4)}`, entry.id]
    for (const same of spelt)
      expect(await latchkey(['ledger', 'receipt', 'u-told', same, ...out, ...local])).toEqual(made)
    const mistyped = reference.replace(/.$/, (last) => (last === 'C' ? 'D' : 'C'))
    expect(await latchkey(['ledger', 'receipt', 'u-told', mistyped, ...local])).toMatchObject({ code: 1 })
    expect(await latchkey(['ledger', 'show', mistyped, ...local])).toMatchObject({ code: 1 })
  })
})

describe('latchkey', () => {
  test('finds an entry that somebody changed in the table, and the sentinel records it', async () => {
    const entry = await database.get('ledger', { chain: 'identity/u-c', seq: 1 })
    await database.transact([database.put('ledger', { ...entry, actor: 'nobody' })])
    await world.idle()
    await latchkey(['ledger', 'export', at('touched'), ...local])
    const found = await latchkey(['ledger', 'verify', at('touched')])
    expect(found).toMatchObject({ code: 1 })
    expect(found.stdout).toContain('identity/u-c seq 1: its content')
    const entries = lines(join(at('touched'), 'entries.ndjson')).map((line) => JSON.parse(line) as Entry)
    expect(entries.find((each) => each.chain === 'system')).toMatchObject({
      type: 'LEDGER_TAMPERED',
      fields: ['identity/u-c#1'],
    })
  })

  test('exports an entry with a number that no entry may hold, and verifying names it', async () => {
    const key = { chain: 'identity/u-c', seq: 1 }
    const entry = await database.get('ledger', key)
    await database.transact([database.put('ledger', { ...entry, time: 2n ** 60n + 1n })])
    expect(await latchkey(['ledger', 'export', at('huge'), ...local])).toMatchObject({ code: 0 })
    const found = await latchkey(['ledger', 'verify', at('huge')])
    expect(found).toMatchObject({ code: 1 })
    expect(found.stdout).toContain('identity/u-c seq 1')
  })

  test.each([
    [[], 'A command is missing.'],
    [['ledger'], 'A command is missing behind "ledger".\n\n  latchkey ledger export DIR\n'],
    [['ledger', 'sell'], 'There is no command "ledger sell".\nRun "latchkey ledger --help"'],
    [['nonsense'], 'There is no command "nonsense".\nRun "latchkey --help"'],
    [['--json', 'ledger', 'show'], 'USER_ID is missing.'],
    [
      ['tail', '--type', 'FOO'],
      '--type: there are no entries of type FOO. Types: CODE_REQUESTED, CODE_SENT,',
    ],
    [['ledger', 'verify'], 'DIR is missing.'],
    [['ledger', 'verify', 'a', 'b'], '"b" is one word too many.'],
    [['ledger', 'verify', '--wrong', 'a'], "Unknown option '--wrong'"],
    [['ledger', 'seal', '--local', '0'], '--local: 0 is no port'],
    [['ledger', 'receipt', 'u-a', '1', '--local=1'], 'No local stack answers at port 1.'],
    [['ledger', 'show'], 'USER_ID is missing.'],
    [['identity', 'find'], 'WHO is missing.'],
    [['import', 'not-there.ndjson', ...['--local', 'PORT']], 'not-there.ndjson is not there.'],
  ])('says what is wrong with: %s', async (words, message) => {
    const ran = await latchkey(words.map((word) => (word === 'PORT' ? (local[1] ?? '') : word)))
    expect(ran.code).toBe(words.includes('--local=1') ? 1 : 2)
    expect(ran.stderr).toContain(`latchkey: ${message}`)
  })

  test('without settings names those that are missing, and no stack trace', async () => {
    const ran = await latchkeyProcess(['ledger', 'seal'])
    expect(ran.code).toBe(2)
    expect(ran.stderr).toContain('TABLE_LEDGER')
    expect(ran.stderr).not.toContain(' at ')
  })

  test('tells which keys stored secrets need', async () => {
    const ran = await latchkey(['keys', ...local])
    expect(ran.code).toBe(0)
    const lines = ran.stdout.trimEnd().split('\n')
    expect(lines.map((line) => line.split(/ +/)[0])).toEqual([
      ...['credential', 'code', 'code-cover', 'code-derive', 'link', 'pseudonym', 'checkpoint'],
      // The last line is about imported hashes.
      'No',
    ])
    expect(lines[0]).toMatch(/^credential {3}[0-9a-f-]{36} {2}8 sealed values {2}\(makes new ones\)$/)
    expect(lines.at(-2)).toMatch(/ {2}[1-9][0-9]* checkpoints {2}\(makes new ones\)$/)
  })

  test('puts left-over rows before the workers again', async () => {
    const row = eventRow(
      {
        type: 'LOGOUT',
        time: 1,
        actor: 'subject',
        subject: { kind: 'identity', value: 'u-old' },
        outcome: 'success',
        requestId: 'r',
      },
      'left',
    )
    world.stack.services.faults.post({
      service: 'dynamodb',
      operation: 'TransactWriteItems',
      mode: 'fail-before',
      count: 1000,
      function: 'append-ledger',
    })
    await database.transact([row])
    await world.idle()
    world.stack.services.faults.post({ service: 'dynamodb', mode: 'slow', count: 0 })
    expect(await latchkey(['redrive', ...local])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 rows were put'),
    })
    expect((await latchkey(['ledger', 'show', 'u-old', ...local])).stdout).toMatch(/LOGOUT.*\n.* · late\n/)
  }, 30_000)

  test.each([
    ['{"cut', 2, '', 'is not JSON'],
    ['{"number":1}', 1, ': the field at is missing or malformed\n', 'This does not verify: '],
  ])('ends with a sentence where %s is stored as a checkpoint', async (stored, code, finding, sentence) => {
    const pointer = await readPointer()
    if (pointer === undefined) throw new Error('no pointer')
    await world.identity({ userId: `u-after-${code}` })
    await world.idle()
    const number = pointer.number + 1
    const object = { Bucket: process.env['LEDGER_BUCKET'], Key: objectKey(number) }
    const client = new S3Client({})
    await client.send(new PutObjectCommand({ ...object, Body: stored }))
    const statement = { number, at: world.stack.clock.now(), count: 0, root: '', prevHash: '', keyId: '' }
    await advancePointer({ ...statement, signature: '', leaves: [] })
    const commands = [
      ['export', at(`stored-${code}`)],
      ['receipt', `u-after-${code}`, '1'],
    ]
    const place = `checkpoints.ndjson line ${number}`
    for (const words of commands) {
      const ran = await latchkey(['ledger', ...words, ...local])
      expect(ran).toMatchObject({ code, stdout: finding && `${place}${finding}` })
      expect(ran.stderr).toMatch(/^latchkey: .*\.\n$/)
      expect(ran.stderr).toContain(sentence)
      expect(ran.stderr).toContain(place)
    }
    await client.send(new DeleteObjectCommand(object))
    await database.transact([database.put('seal', { pk: 'checkpoint', sk: 'latest', ...pointer })])
  })
})
