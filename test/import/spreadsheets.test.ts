/** What people send: workbooks, other encodings, cells as spreadsheets and databases leave them. Each is read, or told in a sentence that leads. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { seedPasswordHash } from '#local/seed.ts'
import { latchkey } from '../ledger/command-line.ts'
import { brief, one, rowsOf } from './rows-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-sheets-'))
afterAll(() => rmSync(folder, { recursive: true }))

const csv = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('')
const tryOut = (name: string, content: string | Buffer, words: readonly string[] = []) => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return latchkey(['import', path, '--dry-run', ...words])
}

describe('a file of another kind is told by what it is, with exit code 2', () => {
  const sheet = 'userId,email\na,a@example.com\n'
  test.each<[string, Buffer, string]>([
    ['people.xlsx', Buffer.from('504b030414000600', 'hex'), 'is a workbook'],
    ['people.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'is a workbook of old Excel'],
    ['people.csv.gz', Buffer.from('1f8b0800', 'hex'), 'is packed (gzip)'],
    ['unicode.txt', Buffer.from(`\ufeff${sheet}`, 'utf16le'), 'is UTF-16'],
    ['unmarked.csv', Buffer.from(sheet, 'utf16le'), 'is UTF-16'],
    ['swapped.csv', Buffer.from(`\ufeff${sheet}`, 'utf16le').swap16(), 'is UTF-16'],
    ['latin1.csv', Buffer.from('userId,email\njos\u00e9,a@example.com\n', 'latin1'), 'is not UTF-8 text'],
    ['hashes.asc', Buffer.from('-----BEGIN PGP MESSAGE-----\n\nhQIMA\n'), 'is encrypted'],
    ['users.xml', Buffer.from('<?xml version="1.0"?>\n<django-objects/>\n'), 'is XML'],
    [
      'users.sql',
      Buffer.from('-- MySQL dump 10.13, Distrib 8.0\nINSERT INTO `wp_users` VALUES (1);\n'),
      'is SQL',
    ],
    ['users.yaml', Buffer.from('- model: auth.user\n  pk: 1\n'), 'is YAML'],
    ['mac.csv', Buffer.from(sheet.replaceAll('\n', '\r')), 'as on old Macs'],
    ['empty.csv', Buffer.from(''), 'needs a column userId'],
  ])('%s', async (name, content, sentence) => {
    const { code, stderr } = await tryOut(name, content)
    expect(code).toBe(2)
    expect(stderr).toContain(sentence)
    expect(stderr).toMatch(/CSV UTF-8|Unpack|Decrypt|Columns: userId/)
  })
})

describe('a file without a header', () => {
  test('is told, and nothing of the person in its first line is shown', async () => {
    const { code, stderr } = await tryOut('bare.csv', csv(`c-1,ann@example.com,"${seedPasswordHash}"`))
    expect(code).toBe(2)
    expect(stderr).toContain('is a person and no header')
    expect(stderr).not.toMatch(/ann@|argon2/)
  })

  test('is told of an export too, as phpMyAdmin writes one', async () => {
    const { stderr } = await tryOut('wp.csv', '"1","ann","$P$BwpsaltwpV8uWqp/pZTa9XSutsYFko1","ann"\n', [
      '--source',
      'wordpress',
    ])
    expect(stderr).toContain('Put columns names in the first row')
  })
})

test('quotes may have spaces around, cells may be parted by bars, and lines may be blank', () => {
  const people = [
    { line: 4, userId: 'a', identity: { email: 'a@example.com' } },
    { line: 6, userId: 'auth0|b', identity: { email: 'b@example.com' } },
  ]
  const of = (delimiter: string) =>
    csv('', '   ', 'userId,email', 'a, "a@example.com" ', '', '"auth0|b" ,b@example.com', '').replaceAll(
      ',',
      delimiter,
    )
  for (const delimiter of [',', ';', '|'])
    expect(brief(rowsOf('blank.csv', of(delimiter))), delimiter).toEqual(people)
})

describe('columns', () => {
  test('what stands in a header or a key does not speak to the terminal', async () => {
    const header = await tryOut('escape.csv', 'userId,\u001b[2Jcolour\na,b\n')
    expect(header.stderr).toContain('does not know the column ?[2Jcolour')
    const key = await tryOut(
      'escape.ndjson',
      '{"userId":"a","\u001b[2Jcolour\u202e":1}\n'.replace('\u001b', '\\u001b'),
    )
    expect(key.stdout).toContain('line 1, a: ?[2Jcolour?: is no field of an import')
  })

  test('a userId under another name is asked for, beside what is not known', () => {
    expect(() => rowsOf('id.csv', 'id,email\na,a@example.com\n')).toThrow(
      'needs a column userId, and does not know the column id (--ignore-unknown passes over them)',
    )
  })
})

describe('JSON that is close to what is read', () => {
  test.each([
    ['{"Items":[{"userId":"a"}]}', 'is a JSON document without a list of people: write it as one'],
    ['{"users":{"a":{"email":"a@example.com"}}}', 'is a JSON document without a list of people'],
    ['{"userId":"a"},\n{"userId":"b"}\n', 'Several people are a list in [ ], or one a line'],
    ['{\n"userId":"a"\n}\n{\n"userId":"b"\n}\n', 'Several people are a list in [ ], or one a line'],
  ])('%s is told by what is missing', (content, sentence) => {
    expect(() => rowsOf('close.json', content)).toThrow(sentence)
  })

  test('a document whose commas begin its lines is one', () => {
    const content = '{"users":[{"userId":"a"}\n,{"userId":"b"}]}\n'
    expect(rowsOf('commas.json', content).map(({ userId }) => userId)).toEqual(['a', 'b'])
  })

  test('lines of which the first is broken are lines, whatever the file is called', () => {
    expect(rowsOf('lines.json', '{"userId":\n{"userId":"b"}\n').map(({ userId }) => userId)).toEqual([
      undefined,
      'b',
    ])
  })

  test('one person alone, and one line of a report, are no documents', () => {
    expect(one({ userId: 'a', consent: { document: 'terms', version: '1' } })?.userId).toBe('a')
    expect(one({ line: 1, reason: 'email: ...', row: { userId: 'a' } })?.userId).toBe('a')
  })
})

test('spaces around any cell are none of it, also around a userId and a hash', () => {
  const rows = rowsOf(
    'spaces.csv',
    csv('userId , email,passwordHash', ` a\u00a0, a@example.com ,"${seedPasswordHash} "`),
  )
  expect(rows).toMatchObject([
    { userId: 'a', identity: { email: 'a@example.com', passwordHash: seedPasswordHash } },
  ])
  expect(one({ userId: ' b ', passwordHash: `${seedPasswordHash}\n` })).toMatchObject({
    userId: 'b',
    identity: { passwordHash: seedPasswordHash },
  })
})

test.each(['="+201001234567"', '"=""+201001234567"""', "'+201001234567", '"\'+201001234567"'])(
  'a number that was kept as text is the number: %s',
  (cell) => {
    expect(brief(rowsOf('text.csv', csv('userId,phone,email', `="007",${cell},`)))).toEqual([
      { line: 2, userId: '007', identity: { phone: '+201001234567' } },
    ])
  },
)

test('what databases write where there is nothing is nothing, not somebody’s username', () => {
  const rows = rowsOf('null.csv', csv('userId,email,username,phone,locale', 'a,a@example.com,NULL,\\N,NULL'))
  expect(brief(rows)).toEqual([{ line: 2, userId: 'a', identity: { email: 'a@example.com' } }])
  expect(rowsOf('null-id.csv', csv('userId,email', 'NULL,a@example.com'))[0]?.refused).toBe(
    'userId: is missing: it takes the id that the old system knows the person by',
  )
})

describe('phone numbers', () => {
  test.each([
    ['0100 123 4567', 'EG', '+201001234567'],
    ['0100\u2013123\u20134567', 'EG', '+201001234567'],
    ['1001234567', 'EG', '+201001234567'],
    ['201001234567', 'EG', '+201001234567'],
    ['0020 100 123 4567', 'EG', '+201001234567'],
    ['9812345678.0', 'IN', '+919812345678'],
    ['+919812345678.0', undefined, '+919812345678'],
    ['(0)98123 45678', 'IN', '+919812345678'],
    ['030/1234567', 'DE', '+49301234567'],
  ] as const)('%s of %s is %s', (phone, country, number) => {
    expect(one({ userId: 'a', phone }, { country })?.identity).toEqual({ phone: number })
  })

  test.each([
    ['0100 123 4567, 0100 765 4321', 'EG'],
    ['0100 123 4567 / 0100 765 4321', 'EG'],
    ['98123 45678 or 98123 45679', 'IN'],
    ['home 0100 123 4567', 'EG'],
    ['0100 123 4567', undefined],
    ['12', 'EG'],
    ['#REF!', 'EG'],
  ] as const)('%s of %s is refused: nobody gets another’s number by a guess', (phone, country) => {
    expect(one({ userId: 'a', phone }, { country })?.refused).toMatch(
      /^phone: must be a phone number in E\.164/,
    )
  })

  test.each(['2.01001E+11', '2,01001E+11', '9.81E11'])('%s has lost its digits, which is told', (phone) => {
    expect(one({ userId: 'a', phone }, { country: 'EG' })?.refused).toMatch(
      /^phone: was made a rounded number/,
    )
  })
})

test.each([
  ['quotes left open', 'userId,email\na,"a@example.com\n', /^row: a quote is missing or too many/],
  [
    'too few cells',
    'userId,email,phone\na,a@example.com\n',
    /^row: does not have 3 fields, but 2: an empty cell is/,
  ],
  [
    'a comma in a cell',
    'userId,email\na,a@example.com,b\n',
    /^row: does not have 2 fields, but 3: quote cells/,
  ],
  [
    'a formula gone wrong',
    'userId,email\na,#N/A\n',
    /^email: must be an email address; mend it, or leave it out/,
  ],
  ['two addresses', 'userId,email\na,a@example.com; b@example.com\n', /^email: must be an email address/],
  ['no userId', 'userId,email\n,a@example.com\n', /^userId: is missing/],
  [
    'a space in a userId',
    'userId,email\na b,a@example.com\n',
    /^userId: must be 1 to 128 .*; write another one there/,
  ],
  [
    'a truth in German',
    'userId,mfaEnabled\na,WAHR\n',
    /^mfaEnabled: must be true or false; mend it, or leave it out/,
  ],
  ['a language by its name', 'userId,locale\na,English\n', /^locale: must be a language such as en/],
])('a row with %s is told by a sentence that leads', (_, content, sentence) => {
  expect(rowsOf('bad.csv', content)[0]?.refused).toMatch(sentence)
})

test.each([
  { email: ['a@example.com'] },
  { phone: { number: '+201001234567' } },
  { username: ['a'] },
  { passwordHash: { value: 'x' } },
  { mfaEnabled: { toString: 1 } },
  { status: ['active'] },
  { consent: [] },
])('a list or an object where one value is meant is refused by its field: %j', (fields) => {
  expect(one({ userId: 'a', ...fields })?.refused).toMatch(new RegExp(`^${Object.keys(fields)[0]}: `))
})

test.each<unknown>([null, {}, [], true, '', { toString: 1 }, 1.5])('a userId of %j is refused', (userId) => {
  expect(one({ userId })?.refused).toMatch(/^userId: /)
})
