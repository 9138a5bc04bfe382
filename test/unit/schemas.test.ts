/** Bodies and identifiers: what is read, in which form, and what is refused. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callingCodeOf, countryOf } from '#shared/contract/phones.ts'
import {
  bodies,
  choices,
  parseEmail,
  parseIdentifier,
  parsePhone,
  parseUsername,
} from '#shared/contract/schemas.ts'
import { userIdRule } from '#shared/contract/user-id.ts'

/** A domain of any letters there are. */
const typedAddress = fc.string({ unit: 'grapheme', minLength: 1 }).map((domain) => `a@${domain}.example`)

describe('an email', () => {
  test.each([
    ['A@Example.COM', 'a@example.com'],
    [' a@example.com ', 'a@example.com'],
    ['\u200ea@exa\u00admple.com\ufeff', 'a@example.com'],
    ['\u00a0a@example.com\u3000', 'a@example.com'],
    ['ａ@example.com', 'a@example.com'],
    ['a.b+c@sub.example.co', 'a.b+c@sub.example.co'],
    ['juergen@Bücher.example', 'juergen@xn--bcher-kva.example'],
    ['juergen@xn--bcher-kva.example', 'juergen@xn--bcher-kva.example'],
    ["o'neil+a/b=c@example.com", "o'neil+a/b=c@example.com"],
    ['a@مثال.إختبار', 'a@xn--mgbh0fb.xn--kgbechtv'],
  ])('%j is read as %j', (typed, read) => {
    expect(parseEmail(typed)).toBe(read)
  })

  test.each([
    '',
    'a',
    '@example.com',
    'a@',
    'a@b',
    'a@.com',
    'a@-x.com',
    'a@x-.com',
    'a b@example.com',
    'a@exam ple.com',
    'a@@example.com',
    'a@b@example.com',
    'a,b@example.com',
    '<a@example.com>',
    '"a"@example.com',
    'jürgen@example.com',
    'ǰ@example.com',
    'a@\u00ad',
    'a@ü.\u202e',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(250)}.com`,
  ])('%j is none', (typed) => {
    expect(parseEmail(typed)).toBeUndefined()
  })

  test('reading twice is reading once', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), typedAddress), (typed) => {
        const read = parseEmail(typed)
        if (read !== undefined) expect(parseEmail(read)).toBe(read)
      }),
    )
  })
})

describe('a phone', () => {
  test.each([
    ['+201001234567', '+201001234567', '20', 'EG'],
    ['+20 (100) 123-45.67', '+201001234567', '20', 'EG'],
    ['+91 98765 43210', '+919876543210', '91', 'IN'],
    ['\u202a+20\u00a0100\u202f1234567\u202c ', '+201001234567', '20', 'EG'],
    ['+20\u2010100\u2011123\u201345\u221267', '+201001234567', '20', 'EG'],
    ['+20\u2014100\u204312345\uff0d67', '+201001234567', '20', 'EG'],
  ])('%j is read as %s', (typed, read, code, country) => {
    expect(parsePhone(typed)).toBe(read)
    expect([callingCodeOf(read), countryOf(read)]).toEqual([code, country])
  })

  test.each([
    '',
    '01001234567',
    '00201001234567',
    '+',
    '+1',
    '+20100123456789012',
    '+20100123456x',
    '٠١٠٠',
    '+٢٠١٠٠١٢٣٤٥٦٧',
    '\u200e',
    '-201001234567',
  ])('%j is none', (typed) => {
    expect(parsePhone(typed)).toBeUndefined()
  })
})

describe('a username', () => {
  test.each([
    ['abc', 'abc'],
    ['ab', 'ab'],
    ['5a', '5a'],
    [' abc ', 'abc'],
    ['\u2066a\u200bbc\u2069', 'abc'],
    [`${'a'.repeat(64)}\u00a0`, 'a'.repeat(64)],
    ['A.b_c-9', 'a.b_c-9'],
    ['ＡＢＣ', 'abc'],
    ['a'.repeat(64), 'a'.repeat(64)],
  ])('%j is read as %j', (typed, read) => {
    expect(parseUsername(typed)).toBe(read)
  })

  test.each(['', 'a', 'a'.repeat(65), '12', '123456', 'a b', 'a@b', 'änn', '\u200b', ' '])(
    '%j is none',
    (typed) => {
      expect(parseUsername(typed)).toBeUndefined()
    },
  )
})

test('an identifier is of one kind only, and shows what was typed', () => {
  expect(parseIdentifier('A@Example.com')).toEqual({
    kind: 'email',
    value: 'a@example.com',
    typed: 'A@Example.com',
  })
  expect(parseIdentifier('+20 1001234567')).toMatchObject({ kind: 'phone', value: '+201001234567' })
  expect(parseIdentifier('Some.One')).toMatchObject({ kind: 'username', value: 'some.one' })
  for (const typed of ['+abc', 'a@', '12345', '']) expect(parseIdentifier(typed)).toBeUndefined()
})

test('what is copied along with an identifier changes neither its kind nor its value', () => {
  for (const around of ['\u200e', ' ', '\u00a0\u2068', '\ufeff']) {
    const read = (typed: string) => parseIdentifier(`${around}${typed}${around}`)
    expect(read('+201001234567')).toMatchObject({ kind: 'phone', value: '+201001234567' })
    expect(read('a@example.com')).toMatchObject({ kind: 'email', value: 'a@example.com' })
    expect(read('Some.One')).toMatchObject({ kind: 'username', value: 'some.one' })
  }
})

test('reading twice is reading once, for phones and usernames as for emails', () => {
  const unit = fc.constantFrom(...'+20ab\u200d\u0301\u00a0-\u2014\uff21 .')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (typed) => {
      for (const parse of [parsePhone, parseUsername]) {
        const read = parse(typed)
        if (read !== undefined) expect(parse(read)).toBe(read)
      }
    }),
  )
})

describe('every body', () => {
  const names = Object.keys(bodies) as (keyof typeof bodies)[]

  test.each(names)(
    '%s takes no key that it does not know, and no arrays, text or null in place of an object',
    (name) => {
      expect(bodies[name].safeParse({ unheardOf: 1 }).success).toBe(false)
      for (const other of [[], [{}], 'x', 1, null, true, undefined])
        expect(bodies[name].safeParse(other).success).toBe(false)
    },
  )

  test.each(names)('%s reads no junk as a body without complaint, and never throws', (name) => {
    fc.assert(
      fc.property(fc.jsonValue(), (junk) => {
        const { success, data } = bodies[name].safeParse(junk)
        // Objects of optional keys alone take an empty object.
        if (success) expect(data).toEqual({})
      }),
      { numRuns: 50 },
    )
  })
})

test('exactly one of two: otp and token, userId and phone', () => {
  const reset = { email: 'a@example.com', newPassword: 'x' }
  const parses = (body: object) => bodies.emailReset.safeParse(body).success
  expect([parses(reset), parses({ ...reset, otp: '123456' }), parses({ ...reset, token: 't' })]).toEqual([
    false,
    true,
    true,
  ])
  expect(parses({ ...reset, otp: '123456', token: 't' })).toBe(false)
  const pin = (body: object) => bodies.pinResetRequest.safeParse(body).success
  expect([pin({}), pin({ userId: 'u' }), pin({ phone: '+201001234567' })]).toEqual([false, true, true])
  expect(pin({ userId: 'u', phone: '+201001234567' })).toBe(false)
  // As the OpenAPI document tells it.
  expect(choices.get(bodies.emailReset)).toEqual(['otp', 'token'])
  expect(choices.get(bodies.pinResetRequest)).toEqual(['userId', 'phone'])
})

test('the reference in a message is four characters, in small letters or not', () => {
  const read = (ref: string) => bodies.emailOtp.safeParse({ email: 'a@example.com', otp: '123456', ref })
  expect(['C3D4', 'c3d4'].map((ref) => read(ref).data?.ref)).toEqual(['C3D4', 'C3D4'])
  for (const ref of ['C3D', 'C3D4F', ' C3D4', 'C3D4 ', 'C-D4', '....'])
    expect(read(ref).error?.issues, ref).toMatchObject([
      { path: ['ref'], message: 'must be the four characters in the message' },
    ])
})

test('consents are taken back as a GET shows them', () => {
  const shown = { document: 'terms', version: '3', acceptedAt: '2026-11-01T10:00:00.000Z' }
  const { success, data } = bodies.identity.safeParse({ consents: [shown], consent: shown })
  expect(success).toBe(true)
  expect(data).toEqual({ consents: [shown], consent: shown })
  expect(bodies.identity.safeParse({ consents: [{}] }).success).toBe(false)
})

test('no control character passes anywhere in a string', () => {
  const control = fc.oneof(fc.integer({ min: 0, max: 0x1f }), fc.integer({ min: 0x7f, max: 0x9f }))
  fc.assert(
    fc.property(control, fc.integer({ min: 0, max: 5 }), (code, place) => {
      const text = `secret`
      const spoilt = text.slice(0, place) + String.fromCharCode(code) + text.slice(place)
      expect(bodies.pinVerify.safeParse({ pin: spoilt }).success).toBe(false)
      expect(bodies.pinVerify.safeParse({ pin: text }).success).toBe(true)
    }),
  )
})

/** What is wrong with a body, as `field: message`. */
function problemsOf(id: keyof typeof bodies, body: object): string[] {
  const { error } = bodies[id].safeParse(body)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('a refusal names the field and what it must be', () => {
  const pair = { identifier: 'someone', phone: '+201001234567' }
  const device = { id: 'd', model: 'm', os: 'o', osVersion: '1', appVersion: '2' }
  test.each<[keyof typeof bodies, object, string]>([
    ['email', { email: 'a' }, 'email: must be an email address'],
    ['email', { email: 'a\u0000@example.com' }, 'email: must not hold control characters'],
    ['pinVerify', { pin: '\ud800' }, 'pin: must be well-formed Unicode'],
    ['emailOtp', { email: 'a@example.com', otp: '12345' }, 'otp: must be six digits'],
    ['emailOtp', { email: 'a@example.com', otp: '1234567' }, 'otp: must be six digits'],
    [
      'emailReset',
      { email: 'a@example.com', newPassword: 'x' },
      'otp: exactly one of otp and token is needed',
    ],
    ['pair', { ...pair, phone: '5' }, 'phone: must be a phone number in E.164, such as +201001234567'],
    ['pair', { ...pair, identifier: '+201001234567' }, 'identifier: must be an email address or a username'],
    ['pair', { ...pair, identifier: '!' }, 'identifier: must be an email address or a username'],
    [
      'login',
      { identifier: '!', password: 'x' },
      'identifier: must be an email address, a username or a phone number in E.164',
    ],
    [
      'identity',
      { username: '5' },
      'username: must be 2 to 64 of a-z, 0-9, dot, underscore or hyphen, and not digits alone',
    ],
    ['pinVerify', { pin: '1'.repeat(1001) }, 'pin: must have no more than 1000 characters'],
    ['consent', { document: '', version: '1' }, 'document: must not be empty'],
    ['reason', { reason: 'x'.repeat(501) }, 'reason: must have no more than 500 characters'],
    ['pinSet', { userId: 'u 1', pin: '1' }, `userId: ${userIdRule}`],
    ['consent', { document: 'constructor', version: '1' }, 'document: must be another name'],
    ['consent', { document: 'te\u200brms', version: '1' }, 'document: must not hold format characters'],
    ['consent', { document: 'terms', version: '\u202e1' }, 'version: must not hold format characters'],
  ])('%s', (id, body, problem) => {
    expect(problemsOf(id, body)).toEqual([problem])
  })

  test.each<[keyof typeof bodies, object]>([
    ['pair', pair],
    ['pair', { ...pair, identifier: 'a@example.com' }],
    ['login', { ...{ identifier: '+201001234567', password: 'x' }, device }],
    ['login', { identifier: 'a@b.com', password: 'x' }],
    ['login', { identifier: 'someone', password: 'x' }],
    ['consent', { document: 'terms', version: '1' }],
    ['identity', { locale: 'en' }],
    ['identity', { locale: 'arz' }],
    ['identity', { locale: 'zh-Hans-CN' }],
    ['pinSet', { userId: 'u-1_A', pin: '1' }],
    ['pinSet', { userId: 'auth0|5f7c.x@y:z+1', pin: '1' }],
    ['pinSet', { userId: 'u'.repeat(128), pin: '1' }],
  ])('%s of %j is taken', (id, body) => {
    expect(problemsOf(id, body)).toEqual([])
  })

  test.each(['e', 'engl', 'EN', 'en-', 'en-a', 'en_US', 'en-US!', '5en', 'en-toolongtag', 'x en'])(
    'the locale %s is refused',
    (locale) => {
      expect(problemsOf('identity', { locale })).toHaveLength(1)
    },
  )

  test.each(['', 'u 1', 'u-1!', '!u-1', 'u'.repeat(129), 'u~1', 'u#1', 'u/1', 'ü'])(
    'the userId %j is refused',
    (userId) => {
      expect(problemsOf('pinSet', { userId, pin: '1' })).toHaveLength(1)
    },
  )

  test.each(['a@b.c', 'a@b.c.', 'a b@example.com', ' @example.com', 'a@example.com/x', 'x a@example.com'])(
    'the email %s is none',
    (email) => {
      expect(parseEmail(email)).toBeUndefined()
    },
  )

  test.each(['x+201001234567', '+20100123456x', '+0000000'])('the phone %s is none', (phone) => {
    expect(parsePhone(phone)).toBeUndefined()
  })

  test('digits may stand in a username, in front as well', () => {
    expect(parseUsername('5five')).toBe('5five')
  })

  test('of no country is what is no number', () => {
    expect(countryOf('5')).toBeUndefined()
    expect(callingCodeOf('5')).toBe('')
  })

  test('an email has at most 254 characters', () => {
    const label = 'b'.repeat(60)
    const of = (length: number) => `${`a@${label}.${label}.${label}.bb.`.padEnd(length - 4, 'c')}.com`
    expect(parseEmail(of(254))).toHaveLength(254)
    expect(parseEmail(of(255))).toBeUndefined()
  })
})
