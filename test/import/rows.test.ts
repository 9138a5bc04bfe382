/** What is read from a file, before anybody is asked: formats as spreadsheets and databases write them, and sentences for bad cells. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readHashConfig } from '../../cli/import/hash-config.ts'
import { sources } from '../../cli/import/sources.ts'
import { brief, one, rowsOf } from './rows-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-rows-'))
afterAll(() => rmSync(folder, { recursive: true }))

const people = [
  { line: 2, userId: 'a', identity: { email: 'a@example.com', mfaEnabled: false } },
  { line: 3, userId: 'b', identity: { email: 'b@example.com', mfaEnabled: true } },
]

describe('CSV as spreadsheets write it', () => {
  test.each([
    ['commas', 'userId,email,mfaEnabled\na,a@example.com,false\nb,b@example.com,true\n'],
    ['semicolons', 'userId;email;mfaEnabled\na;a@example.com;false\nb;b@example.com;true\n'],
    ['tabs', 'userId\temail\tmfaEnabled\na\ta@example.com\tfalse\nb\tb@example.com\ttrue\n'],
    ['a mark and CRLF', '\ufeffuserId,email,mfaEnabled\r\na,a@example.com,false\r\nb,b@example.com,true\r\n'],
    ['headers in any case', 'USER ID,E-Mail,Mfa_Enabled\na,a@example.com,false\nb,b@example.com,true\n'],
    ['TRUE and FALSE', 'userId,email,mfaEnabled\na,a@example.com,FALSE\nb,b@example.com,TRUE\n'],
    [
      'quotes and spaces',
      '"userId", email ,mfaEnabled\n"a","a@example.com",false\n"b", b@example.com ,true\n',
    ],
    [
      'empty rows and cells behind',
      'userId,email,mfaEnabled,,\na,a@example.com,false,,\nb,b@example.com,true,,\n,,,,\n',
    ],
  ])('with %s', (name, content) => {
    expect(brief(rowsOf(`${name}.csv`, content))).toEqual(people)
  })

  test('with a line that says its separator', () => {
    const rows = rowsOf('sep.csv', 'sep=;\nuserId;email;mfaEnabled\na;a@example.com;false\n')
    expect(brief(rows)).toEqual([{ ...people[0], line: 3 }])
  })

  test('names all columns that it does not know, and passes over them when asked', () => {
    const content = 'userId,email,colour,mfaEnabled,shoe size\na,a@example.com,red,false,44\n'
    expect(() => rowsOf('unknown.csv', content)).toThrow(
      /columns colour, shoe size .*--ignore-unknown.*Columns: userId/s,
    )
    expect(brief(rowsOf('unknown.csv', content, { ignoreUnknown: true }))).toEqual([people[0]])
  })

  test('refuses a column that is there twice: the last one would win unseen', () => {
    expect(() => rowsOf('twice.csv', 'userId,email,Email\na,a@example.com,b@example.com\n')).toThrow(
      /more than one column Email/,
    )
  })

  test('a lost quote costs its own row, not those behind it', () => {
    const lines = [
      'userId,email,status',
      'a,"a@example.com,active',
      'b,b@example.com,active',
      'c,"c@example.com",active',
    ]
    const rows = rowsOf('quote.csv', `${lines.join('\n')}\n`)
    expect(rows.map(({ line, userId, refused }) => [line, userId, refused?.slice(0, 12)])).toEqual([
      [2, undefined, 'row: a quote'],
      [3, 'b', undefined],
      [4, 'c', undefined],
    ])
    expect(rows[0]?.text).toBe(lines[1])
  })

  test('a cell may still be of several lines', () => {
    const rows = rowsOf(
      'lines.csv',
      'userId,email,consentDocument,consentVersion\na,a@example.com,"terms","1"\nb,"b@example.com","te\nrms",1\n',
    )
    expect(rows.map(({ userId }) => userId)).toEqual(['a', 'b'])
    expect(rows[1]?.refused).toContain('consent: ')
  })

  test('the first cell may be empty, as any other', () => {
    const rows = rowsOf('first.csv', 'email,userId,phone\n,a,\n"",b,\nc@example.com,c,\n')
    expect(rows.map(({ userId, identity }) => [userId, identity])).toEqual([
      ['a', {}],
      ['b', {}],
      ['c', { email: 'c@example.com' }],
    ])
  })

  test('tells a row that has too few cells', () => {
    expect(rowsOf('few.csv', 'userId,email,status\na,a@example.com\n')[0]?.refused).toMatch(
      /^row: does not have 3 fields, but 2/,
    )
  })
})

describe('JSON', () => {
  const records = [
    { userId: 'a', email: 'a@example.com', mfaEnabled: false, phone: null, locale: null },
    { userId: 'b', email: 'b@example.com', mfaEnabled: true, consent: null },
  ]
  const expected = [
    { line: 1, userId: 'a', identity: { email: 'a@example.com', mfaEnabled: false, phone: null } },
    { line: 2, userId: 'b', identity: { email: 'b@example.com', mfaEnabled: true } },
  ]

  test.each([
    [
      'one record a line, behind a mark',
      'x.ndjson',
      `\ufeff${records.map((each) => JSON.stringify(each)).join('\n')}\n`,
    ],
    [
      'one record a line, in a file of no known name',
      'people',
      records.map((each) => JSON.stringify(each)).join('\n'),
    ],
    ['one document that is a list', 'x.json', JSON.stringify(records, null, 2)],
    ['one document that is a list in a line', 'y.json', JSON.stringify(records)],
    [
      'one document with the list in it, behind a mark',
      'z.json',
      `\ufeff${JSON.stringify({ users: records }, null, 1)}`,
    ],
  ])('as %s', (_, name, content) => {
    expect(brief(rowsOf(name, content))).toEqual(expected)
  })

  test('a document that is none is one problem, which shows nothing of it', () => {
    const broken = JSON.stringify([{ passwordHash: 'secret' }], null, 2).replace(']', '')
    expect(() => rowsOf('broken.json', broken)).toThrow(/is one JSON document, and no valid one/)
    expect(() => rowsOf('broken.json', broken)).not.toThrow(/secret/)
  })

  test('numbers are userIds as well, as long as they are whole', () => {
    expect(one({ userId: 4711 })?.userId).toBe('4711')
    for (const userId of ['12345678901234567890', '1234567890123456789012345'])
      expect(rowsOf('large.ndjson', `{"userId":${userId}}`)[0]?.refused).toMatch(
        /^userId: is a number too large for JSON.*: write it as text/,
      )
    expect(one({ userId: 'a', username: 2 ** 60 })?.refused).toMatch(/^username: is a number too large/)
  })

  test('a number is the version of a consent as well', () => {
    const consent = { document: 'terms', version: 3 }
    const expected = { consent: { document: 'terms', version: '3' } }
    expect(one({ userId: 'a', consent })?.identity).toEqual(expected)
    expect(one({ userId: 'a', consentDocument: 'terms', consentVersion: 3 })?.identity).toEqual(expected)
    expect(one({ userId: 'a', consent: { document: 'terms', version: 1.5 } })?.refused).toContain(
      'consent: must have a document and a version, both as text',
    )
  })

  test('a line of null is told', () => {
    expect(
      rowsOf('null.ndjson', 'null\n{"userId":"a"}\n').map(({ refused }) => refused?.slice(0, 29)),
    ).toEqual(['row: is not a JSON object; wr', undefined])
  })
})

describe('a cell that cannot be used', () => {
  test.each([
    [
      { email: 'no address' },
      'email: must be an email address; mend it, or leave it out (--leave-out email)',
    ],
    [{ phone: '0100 123 4567' }, 'phone: must be a phone number in E.164'],
    [{ phone: '2.01001E+11' }, 'phone: was made a rounded number by a spreadsheet'],
    [{ username: '12345' }, 'username: must be 2 to 64'],
    [{ locale: '12' }, 'locale: must be a language such as en'],
    [{ mfaEnabled: 'perhaps' }, 'mfaEnabled: must be true or false'],
    [{ status: 'gone' }, 'status: must be active or suspended'],
    [{ consent: { document: 'terms' } }, 'consent: must have a document and a version'],
    [{ colour: 'red' }, 'colour: is no field of an import; take it out, or pass over it (--ignore-unknown)'],
    [{ passwordHash: '5f4dcc3b5aa765d61d8327deb882cf99' }, 'passwordHash: it is MD5'],
    [{ passwordHash: '5f4dcc3b5aa765d61d8327deb882cf99' }, 'by code (for all such people: --without-'],
    [{ passwordHash: `$2y$14$${'a'.repeat(53)}` }, 'passwordHash: its time to check would show'],
    [{ passwordHash: `$2y$14$${'a'.repeat(53)}` }, 'this needs 1650 ms; raise that setting, or let'],
  ])('%j is told by its field, what is wrong and what to do', (fields, sentence) => {
    expect(one({ userId: 'a', ...fields })?.refused).toContain(sentence)
  })

  test('all of them are told at once, and the row is kept as it was', () => {
    const row = one({ userId: '2.01E+11', email: 'none', phone: '1' })
    expect(row?.refused).toMatch(/^userId: was made a rounded number.*; email: .*; phone: /)
    expect(row?.fields).toEqual({ userId: '2.01E+11', email: 'none', phone: '1' })
  })

  test('is left out where that is asked for, and the person comes in', () => {
    const row = one(
      { userId: 'a', email: 'a@example.com', phone: '1', locale: '12' },
      { leaveOut: ['phone', 'locale'] },
    )
    expect(row).toMatchObject({ identity: { email: 'a@example.com' }, leftOut: ['phone', 'locale'] })
    expect(one({ userId: 'a', phone: '1', email: 'x' }, { leaveOut: ['phone'] })?.refused).toMatch(/^email: /)
  })

  test('a hash is left out where that is asked for', () => {
    const fields = { userId: 'a', email: 'a@example.com', passwordHash: '5f4dcc3b5aa765d61d8327deb882cf99' }
    expect(one(fields, { withoutUnusableHashes: true })?.identity).toEqual({ email: 'a@example.com' })
  })
})

test('locales of POSIX, local phone numbers of a named country and other capitals are read', () => {
  const row = one(
    { userId: 'a', locale: 'en_US.UTF-8', phone: '0100 123 4567', status: 'Active' },
    { country: 'EG' },
  )
  expect(row?.identity).toEqual({ locale: 'en-US', phone: '+201001234567', status: 'active' })
  expect(one({ userId: 'a', phone: '+49 30 1234567' }, { country: 'EG' })?.identity).toEqual({
    phone: '+49301234567',
  })
})

test('a line of a report is read by what was refused in it', () => {
  const line = { line: 7, userId: 'a', reason: 'email: ...', row: { userId: 'a', email: 'a@example.com' } }
  expect(one(line)).toMatchObject({ userId: 'a', identity: { email: 'a@example.com' } })
  expect(one(line, { source: sources['auth0'] })?.identity).toEqual({ email: 'a@example.com' })
  expect(one({ line: 7, reason: 'row: ...', text: 'a,"b' })).toMatchObject({
    text: 'a,"b',
    refused: expect.stringMatching(/^row: could/),
  })
  expect(one({ ...line, text: 'a,"b' })?.identity).toEqual({ email: 'a@example.com' })
})

describe('what other systems write', () => {
  const mapped = (source: string, record: object) => one(record, { source: sources[source] })

  test.each([
    ['auth0', { user_id: 'auth0|1', email: 'a@example.com', blocked: true }, 'auth0|1', 'suspended'],
    ['firebase', { localId: 'f1', email: 'a@example.com', disabled: true }, 'f1', 'suspended'],
    ['keycloak', { id: 'k1', email: 'a@example.com', enabled: false }, 'k1', 'suspended'],
    [
      'cognito',
      { Username: 'c1', Attributes: [{ Name: 'email', Value: 'a@example.com' }], Enabled: false },
      'c1',
      'suspended',
    ],
    [
      'supabase',
      { id: 's1', email: 'a@example.com', banned_until: '2999-01-01T00:00:00Z' },
      's1',
      'suspended',
    ],
    ['supabase', { id: 's1', email: 'a@example.com', banned_until: '2020-01-01T00:00:00Z' }, 's1', undefined],
    [
      'supabase',
      { id: 's1', email: 'a@example.com', banned_until: '2020-01-01 00:00:00.123456+00' },
      's1',
      undefined,
    ],
    ['supabase', { id: 's1', email: 'a@example.com', banned_until: null }, 's1', undefined],
    ['clerk', { id: 'c1', primary_email_address: 'a@example.com', banned: true }, 'c1', 'suspended'],
    ['wordpress', { ID: 1, user_login: 'adm', user_email: 'a@example.com', user_pass: '' }, '1', undefined],
    [
      'django',
      { model: 'auth.user', pk: 1, fields: { password: '!x', email: 'a@example.com', is_active: false } },
      '1',
      'suspended',
    ],
    ['better-auth', { id: 'b1', email: 'a@example.com', banned: true }, 'b1', 'suspended'],
  ])('%s: %j', (source, record, userId, status) => {
    const row = mapped(source, record)
    expect(row).toMatchObject({ userId, identity: { email: 'a@example.com' } })
    expect(row?.identity?.status).toBe(status)
    expect(row?.identity?.passwordHash).toBeUndefined()
  })

  test.each([
    [4_070_908_800_000, 'suspended'],
    ['4070908800000', 'suspended'],
    [4_070_908_800, 'suspended'],
    ['4070908800', 'suspended'],
    ['2999-01-01 00:00:00+00', 'suspended'],
    ['infinity', 'suspended'],
    // What cannot be read lets nobody in.
    ['20991231', 'suspended'],
    ['until further notice, since 2020', 'suspended'],
    ['2020-13-45', 'suspended'],
    [{ $numberLong: '1' }, 'suspended'],
    [0, 'suspended'],
    [1_577_836_800_000, undefined],
    ['1577836800000', undefined],
    [1_577_836_800, undefined],
    ['1577836800.5', undefined],
    ['2020-01-01', undefined],
    ['2020-01-01T00:00:00.000Z', undefined],
    ['2020-01-01 00:00:00', undefined],
    ['2020-01-01 00:00:00+00', undefined],
    ['2020-01-01 00:00:00.123456+05:30', undefined],
  ])('a ban that ends at %j is %s', (end, status) => {
    const banned = { id: 'x', email: 'a@example.com', banned: true, banExpires: end, banned_until: end }
    for (const source of ['better-auth', 'supabase'])
      expect(mapped(source, banned)?.identity?.status).toBe(status)
    expect(mapped('better-auth', { ...banned, banned: false })?.identity?.status).toBeUndefined()
  })

  test.each([
    ['supabase', { id: 's1', email: 'a@example.com', deleted_at: '2024-01-01' }],
    ['supabase', { id: 's1', is_anonymous: true }],
    ['django', { model: 'auth.group', pk: 1, fields: { name: 'editors' } }],
    ['keycloak', { id: 'k1', username: 'service-account-app', serviceAccountClientId: 'app' }],
  ])('%s: %j is nobody who could sign in, and is passed over', (source, record) => {
    expect(mapped(source, record)).toBeUndefined()
  })

  test('an email that serves as username is the email', () => {
    const email = 'ana@example.com'
    expect(mapped('keycloak', { id: 'k', username: email })?.identity).toEqual({ email })
    expect(mapped('django', { id: 1, username: 'Ana', email, password: '!' })?.identity).toEqual({
      email,
      username: 'ana',
    })
  })

  test('Supabase’s numbers without a plus, Clerk’s lists, Auth0’s own form of hashes', () => {
    expect(mapped('supabase', { id: 's', phone: '201001234567' })?.identity).toEqual({
      phone: '+201001234567',
    })
    const listed = {
      id: 'c',
      primary_email_address_id: '2',
      email_addresses: [
        { id: '1', email_address: 'x@example.com' },
        { id: '2', email_address: 'y@example.com' },
      ],
    }
    expect(mapped('clerk', listed)?.identity).toEqual({ email: 'y@example.com' })
    const passwordHash = `$2b$10$${'a'.repeat(53)}`
    const custom = {
      user_id: 'auth0|1',
      custom_password_hash: { algorithm: 'bcrypt', hash: { value: passwordHash } },
    }
    expect(mapped('auth0', custom)?.identity).toEqual({ passwordHash })
  })

  test('the rows of phpMyAdmin’s export of wp_users', () => {
    const rows = rowsOf(
      'wp.json',
      JSON.stringify([
        { type: 'header', version: '5.2.1' },
        { type: 'database', name: 'wp' },
        {
          type: 'table',
          name: 'wp_users',
          database: 'wp',
          data: [{ ID: '5', user_login: 'ana', user_pass: '', user_email: 'ana@example.com' }],
        },
      ]),
      { source: sources['wordpress'] },
    )
    expect(brief(rows)).toEqual([
      { line: 1, userId: '5', identity: { email: 'ana@example.com', username: 'ana' } },
    ])
  })

  test('a pepper goes with each hash of plain bcrypt, once, and with no other', () => {
    const path = join(folder, 'pepper.json')
    writeFileSync(path, JSON.stringify({ pepper: 'p'.repeat(128) }))
    const options = { hashConfig: readHashConfig(path) }
    const plain = `$2a$12$${'a'.repeat(53)}`
    const pepper = `{pepper:${Buffer.from('p'.repeat(72)).toString('base64url')}}`
    const hashOf = (row: object) => one({ userId: 'a', ...row }, options)?.identity?.passwordHash
    expect(hashOf({ passwordHash: plain })).toBe(pepper + plain)
    expect(hashOf({ passwordHash: pepper + plain })).toBe(pepper + plain)
    expect(hashOf({ passwordHash: `{bcrypt}${plain}` })).toBe(`{bcrypt}${plain}`)
    expect(hashOf({})).toBeUndefined()
  })

  test.each(['{"pepper":""}', '{"salt":"x"}'])('a --hash-config of %s is refused', (content) => {
    const path = join(folder, 'config.json')
    writeFileSync(path, content)
    expect(() => readHashConfig(path)).toThrow('has neither a pepper, nor all of base64_signer_key')
  })

  test('Firebase’s CSV, which has no header', () => {
    const cells = [
      'f1',
      'a@example.com',
      'true',
      ...Array(20).fill(''),
      '1',
      '2',
      '+201001234567',
      'false',
      '',
    ]
    const rows = rowsOf('fb.csv', `${cells.join(',')}\n`, { source: sources['firebase'] })
    expect(brief(rows)).toEqual([
      { line: 1, userId: 'f1', identity: { email: 'a@example.com', phone: '+201001234567' } },
    ])
  })
})
