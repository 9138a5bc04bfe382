/** Exports that differ from the samples: other commands and versions of those systems, members that are missing, null or of another shape. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readHashConfig } from '../../cli/import/hash-config.ts'
import { sources } from '../../cli/import/sources.ts'
import { brief, one, rowsOf } from './rows-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-variants-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bcrypt = `$2b$10$${'a'.repeat(53)}`
const from = (source: string, record: object) => one(record, { source: sources[source] })
const fileFrom = (source: string, name: string, content: unknown) =>
  brief(
    rowsOf(name, typeof content === 'string' ? content : JSON.stringify(content, null, 2), {
      source: sources[source],
    }),
  )

describe('auth0', () => {
  test('a CSV in which each text begins with an apostrophe, against formulas', () => {
    const content =
      'user_id,email,phone_number,blocked\n"\'auth0|1","\'ann@example.com","\'+201001234567",true\n"\'google-oauth2|2","\'o\'neil@example.com",,\n'
    expect(fileFrom('auth0', 'auth0.csv', content)).toEqual([
      {
        line: 2,
        userId: 'auth0|1',
        identity: { email: 'ann@example.com', phone: '+201001234567', status: 'suspended' },
      },
      { line: 3, userId: 'google-oauth2|2', identity: { email: "o'neil@example.com" } },
    ])
  })

  test('hashes of people whose id a script of the team gave: it is the one that tokens have', () => {
    const record = { _id: { $oid: '5dea9f9c82dd7c0e76e4ec93' }, alt_id: 'euclid', email: 'a@example.com' }
    expect(from('auth0', { ...record, passwordHash: bcrypt })).toMatchObject({
      userId: 'auth0|euclid',
      identity: { email: 'a@example.com', passwordHash: bcrypt },
    })
    expect(from('auth0', { ...record, alt_id: null })?.userId).toBe('auth0|5dea9f9c82dd7c0e76e4ec93')
  })

  test('people who are named by a list of identifiers alone', () => {
    const identifiers = [
      { type: 'username', value: 'ann' },
      { type: 'email', value: 'ann@example.com', verified: true },
      { type: 'phone_number', value: '+201001234567' },
    ]
    expect(from('auth0', { _id: { $oid: '1' }, identifiers })?.identity).toEqual({
      email: 'ann@example.com',
      username: 'ann',
      phone: '+201001234567',
    })
    expect(from('auth0', { _id: { $oid: '1' }, identifiers: [null, {}] })?.identity).toEqual({})
  })

  test('a page of its API, with the people in it', () => {
    const page = { start: 0, limit: 1, total: 1, users: [{ user_id: 'auth0|1', email: 'a@example.com' }] }
    expect(fileFrom('auth0', 'page.json', page)).toMatchObject([{ userId: 'auth0|1' }])
  })
})

describe('firebase', () => {
  const line = (name: string, custom = '') =>
    `f1,a@example.com,true,,,${name},${','.repeat(17)}1,2,+201001234567,false,${custom},\n`

  test.each([
    ['a name with quotes', 'Dwayne "Rock" Johnson', ''],
    ['one quote', '5" Pete', ''],
    ['a name in quotes', '"Rock" Johnson', ''],
    ['a name with a comma', '"Smith, Ann"', ''],
    ['a comma and quotes', '"Smith, "Ann""', ''],
    ['claims', 'Ann', '"{""role"":""admin"",""level"":3}"'],
  ])('its CSV, which does not double quotes: %s', (_, name, custom) => {
    const rows = fileFrom('firebase', 'fb.csv', line(name, custom) + line('Next').replace('f1,a@', 'f2,b@'))
    expect(rows.map((row) => 'refused' in row)).toEqual([false, false])
    expect(rows).toMatchObject([
      { userId: 'f1', identity: { email: 'a@example.com', phone: '+201001234567' } },
      { userId: 'f2', identity: { email: 'b@example.com' } },
    ])
  })

  test('a hash that whoever exported may not read is told as that', () => {
    const path = join(folder, 'config.json')
    const config = { base64_signer_key: 'AAAA', base64_salt_separator: 'Bw==', rounds: 8, mem_cost: 14 }
    writeFileSync(path, JSON.stringify(config))
    const options = { source: sources['firebase'], hashConfig: readHashConfig(path) }
    const record = { localId: 'f', email: 'a@example.com', passwordHash: 'UkVEQUNURUQ=', salt: 'AAAA' }
    expect(one(record, options)?.refused).toMatch(/^passwordHash: it is Firebase's mark of a hash/)
    expect(one(record, { ...options, withoutUnusableHashes: true })?.identity).toEqual({
      email: 'a@example.com',
    })
  })

  const parameters = { signerKey: 'jxs=', saltSeparator: 'Bw==', rounds: 8, memoryCost: 14 }
  test.each([
    [
      'as the console shows it, in one line',
      'hash_config { algorithm: SCRYPT, base64_signer_key: jxs=, base64_salt_separator: Bw==, rounds: 8, mem_cost: 14, }',
    ],
    [
      'as the API of the project gives it',
      JSON.stringify({ signIn: { hashConfig: { algorithm: 'SCRYPT', ...parameters } } }),
    ],
    ['as JSON behind a mark', `\ufeff${JSON.stringify({ hashConfig: parameters })}`],
  ])('--hash-config %s', (_, content) => {
    const path = join(folder, 'hash-config')
    writeFileSync(path, content)
    expect(readHashConfig(path)).toEqual({ firebase: parameters })
  })

  test.each(['null', '[]', '"text"', '', 'hash_config {}'])('a --hash-config of %j is refused', (content) => {
    const path = join(folder, 'hash-config')
    writeFileSync(path, content)
    expect(() => readHashConfig(path)).toThrow('has neither a pepper, nor all of base64_signer_key')
  })
})

describe('keycloak', () => {
  test('members that are null, and lists that are empty', () => {
    const record = {
      id: 'k',
      username: 'ann',
      email: null,
      attributes: { phoneNumber: [''], locale: [] },
      credentials: null,
    }
    expect(from('keycloak', record)?.identity).toEqual({ username: 'ann' })
    expect(from('keycloak', { ...record, attributes: null })?.identity).toEqual({ username: 'ann' })
  })

  test('a file of users of a folder, and a password among other credentials', () => {
    const credential = {
      type: 'password',
      hashedSaltedValue: Buffer.alloc(32, 1).toString('base64'),
      salt: Buffer.alloc(16, 1).toString('base64'),
      hashIterations: 1000,
      algorithm: 'pbkdf2-sha256',
    }
    const users = [{ id: 'k', username: 'ann', credentials: [{ type: 'otp' }, credential] }]
    expect(fileFrom('keycloak', 'realm-users-0.json', { realm: 'r', users })).toMatchObject([
      { userId: 'k', identity: { username: 'ann', passwordHash: expect.stringContaining('pbkdf2-sha256') } },
    ])
  })
})

describe('supabase', () => {
  test.each([
    ['infinity', 'suspended'],
    ['2999-01-01 00:00:00+00', 'suspended'],
    ['2020-01-01 00:00:00+00', undefined],
    [null, undefined],
  ])('banned until %j', (banned_until, status) => {
    expect(from('supabase', { id: 's', email: 'a@example.com', banned_until })?.identity?.status).toBe(status)
  })
})

describe('clerk', () => {
  const user = {
    id: 'user_1',
    username: null,
    banned: true,
    primaryEmailAddressId: 'e2',
    emailAddresses: [
      { id: 'e1', emailAddress: 'x@example.com' },
      { id: 'e2', emailAddress: 'y@example.com' },
    ],
    phoneNumbers: [{ id: 'p1', phoneNumber: '+201001234567' }],
  }
  const identity = { email: 'y@example.com', phone: '+201001234567', status: 'suspended' }

  test('users as its packages give them, alone and in a page', () => {
    expect(from('clerk', user)?.identity).toEqual(identity)
    expect(fileFrom('clerk', 'page.json', { data: [user], totalCount: 1 })).toEqual([
      { line: 1, userId: 'user_1', identity },
    ])
  })
})

describe('wordpress', () => {
  test('a table of MySQL, parted by tabs, with NULL in it', () => {
    const content = 'ID\tuser_login\tuser_pass\tuser_email\tphone\n7\tann\tNULL\tann@example.com\tNULL\n'
    expect(fileFrom('wordpress', 'wp.tsv', content)).toEqual([
      { line: 2, userId: '7', identity: { email: 'ann@example.com', username: 'ann' } },
    ])
  })

  test('in a network of sites, who was deleted is passed over, and who was marked as spam is suspended', () => {
    const row = { ID: '7', user_login: 'ann', user_email: 'ann@example.com' }
    expect(from('wordpress', { ...row, spam: '0', deleted: '1' })).toBeUndefined()
    expect(from('wordpress', { ...row, spam: '1', deleted: '0' })?.identity?.status).toBe('suspended')
    expect(from('wordpress', { ...row, spam: '0', deleted: '0' })?.identity?.status).toBeUndefined()
  })
})

describe('django', () => {
  test('a dump without primary keys is refused by the userId, as there is none', () => {
    const record = { model: 'auth.user', fields: { username: 'ann', password: '!' } }
    expect(from('django', record)?.refused).toMatch(/^userId: is missing/)
  })

  test('a user model of a team’s own, with the email for a name, and one record a line', () => {
    const line = JSON.stringify({
      model: 'accounts.person',
      pk: '7f0c7a0e-1f5b-4c8e-9a53-0d4c6b1e2f3a',
      fields: { email: 'ann@example.com', password: '', phone: '+201001234567', is_active: true },
    })
    expect(fileFrom('django', 'people.jsonl', `${line}\n`)).toMatchObject([
      {
        userId: '7f0c7a0e-1f5b-4c8e-9a53-0d4c6b1e2f3a',
        identity: { email: 'ann@example.com', phone: '+201001234567' },
      },
    ])
  })
})

describe('better-auth', () => {
  const user = { id: 1, email: 'a@example.com' }

  test('ids that are numbers in one table and text in the other', () => {
    const account = { user_id: '1', provider_id: 'credential', password: bcrypt }
    expect(fileFrom('better-auth', 'ba.json', { user: [user], account: [account] })).toMatchObject([
      { userId: '1', identity: { passwordHash: bcrypt } },
    ])
  })

  test('a ban that is over is none; a visitor who never signed up is passed over', () => {
    const status = (more: object) => from('better-auth', { ...user, ...more })?.identity?.status
    expect(status({ banned: true, banExpires: '2020-01-01T00:00:00Z' })).toBeUndefined()
    expect(status({ banned: true, banExpires: '2999-01-01T00:00:00Z' })).toBe('suspended')
    expect(status({ banned: true, banExpires: null })).toBe('suspended')
    expect(from('better-auth', { ...user, isAnonymous: true })).toBeUndefined()
  })
})

describe('cognito', () => {
  test('attributes in any order, of another name, and people of other providers', () => {
    const record = {
      UserStatus: 'EXTERNAL_PROVIDER',
      Enabled: true,
      UserAttributes: [
        { Name: 'identities', Value: '[]' },
        { Value: 's-1', Name: 'sub' },
        { Name: 'email', Value: 'a@example.com' },
      ],
      Username: 'Google_1143',
    }
    expect(from('cognito', record)).toMatchObject({
      userId: 's-1',
      identity: { email: 'a@example.com', username: 'google_1143' },
    })
    expect(from('cognito', { Username: 'a@example.com', Attributes: null })?.identity).toEqual({
      email: 'a@example.com',
    })
  })
})

test.each(Object.keys(sources))('%s: an email that is a list is refused, never lost in silence', (name) => {
  const email = ['a@example.com']
  const row = from(name, {
    ...{ id: 'x', user_id: 'x', localId: 'x', ID: 'x', sub: 'x' },
    ...{ email, user_email: email, primary_email_address: email },
  })
  expect(row?.refused).toMatch(/^email: must be an email address/)
})
