import { dictionary } from '@zxcvbn-ts/language-common'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commonPasswords } from '#shared/domain/common-passwords.ts'
import { checkPassword, containsIdentifier, type OwnIdentifiers } from '#shared/domain/password.ts'

const check = (
  password: string,
  rule: 'standard' | 'enterprise',
  own: OwnIdentifiers = {},
  product = 'Nile Pay',
) => checkPassword(password, rule, own, product)
const messages = (...call: Parameters<typeof check>) => check(...call).map(({ message }) => message)
const tooCommon = 'must not be a commonly used password'
const trivial = 'must not be a repeated or sequential pattern, or the name of this service'
const wrongLength = (min: number) => `must have ${min} to 128 characters`
const ownIdentifier = 'must not contain your email address, username or phone number'

describe('the list of common passwords', () => {
  test('holds the 10,000 most common ones of at least 8 characters', () => {
    const long = dictionary['passwords-common'].filter((each) => each.length >= 8)
    const missed = long.slice(0, 10_000).filter((password) => !commonPasswords().has(password))
    expect(missed).toEqual([])
    expect(long.filter((password) => commonPasswords().has(password)).length).toBeLessThan(10_050)
  })

  test.each([
    'password123',
    'password1',
    'iloveyou',
    'PassWord123',
    'ｐａｓｓｗｏｒｄ１',
    'pass\u200bword1',
    'password١٢٣',
  ])('refuses %s', (password) => {
    expect(messages(password, 'standard')).toEqual([tooCommon])
  })

  test('lets pass what is not on it', () => {
    for (const password of ['newpass123', 'newSecurePassword123', 'Violet-Harbour-1987!'])
      expect(check(password, 'standard')).toEqual([])
    expect(check('Violet-Harbour-1987!', 'enterprise')).toEqual([])
  })
})

describe('the length of a password', () => {
  test.each([
    ['standard', 8],
    ['enterprise', 12],
  ] as const)('%s: from %i to 128 characters, both ends included', (rule, min) => {
    const ofLength = (length: number) => `Aa1!${'§¤'.repeat(64)}`.slice(0, length)
    expect(messages(ofLength(min - 1), rule)).toEqual([wrongLength(min)])
    expect(messages(ofLength(min), rule)).toEqual([])
    expect(messages(ofLength(128), rule)).toEqual([])
    expect(messages(ofLength(129), rule)).toEqual([wrongLength(min)])
  })

  test('is counted in characters, not in UTF-16 units or bytes', () => {
    const birds = '🦉🐦🦜🦆🦅🐧🦢🕊🐓'
    expect(messages([...birds].slice(0, 7).join(''), 'standard')).toEqual([wrongLength(8)])
    expect(messages([...birds].slice(0, 8).join(''), 'standard')).toEqual([])
    expect(messages('🦉x'.repeat(64).replace('x', 'y'), 'standard')).toEqual([])
  })

  test('is counted as typed: one character that stands for eighteen is one', () => {
    expect(messages('\ufdfa', 'standard')).toContain(wrongLength(8))
    expect(messages('Aa1!\ufdfa', 'enterprise')).toContain(wrongLength(12))
    expect(messages('\ufdfa'.repeat(8), 'standard')).not.toContain(wrongLength(8))
    expect(messages('e\u0301'.repeat(4), 'standard')).not.toContain(wrongLength(8))
  })

  test('is counted as typed, whatever NFKC makes longer or shorter', () => {
    const odd = fc.constantFrom(
      '\ufdfa',
      '\ufb01',
      '\u2026',
      '\u2122',
      'e\u0301',
      '\u0958',
      '\u3300',
      'x',
      '🦉',
      '\uff11',
    )
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 160 }), (units) => {
        const password = units.join('')
        const length = [...password].length
        for (const [rule, min] of [
          ['standard', 8],
          ['enterprise', 12],
        ] as const)
          expect(messages(password, rule).includes(wrongLength(min))).toBe(length < min || length > 128)
      }),
    )
  })
})

describe('a trivial password', () => {
  test.each([
    ...[
      '00000000',
      '88888888',
      '87654321',
      'aaaaaaaa',
      'AaAaAaAa',
      'abcdefgh',
      '0123456789',
      '12341234',
      '........',
    ],
    ...[
      '        ',
      '\u3000'.repeat(8),
      'abababab',
      'abcabcab',
      'qwertyui',
      'poiuytre',
      'ASDFGHJK',
      '90123456',
      '78901234',
    ],
    ...[
      '21098765',
      '!@#$%^&*',
      '12345678',
      'zyxwvuts',
      'xyzabcde',
      'qwertzui',
      'azertyui',
      'ضصثقفغعه',
      'شسيبلاتن',
      'йцукенгш',
    ],
    ...[
      '١٢٣٤٥٦٧٨',
      '۱۲۳۴۵۶۷۸',
      '१२३४५६७८',
      '１２３４５６７８',
      '①②③④⑤⑥⑦⑧',
      '٠٠٠٠٠٠٠٠',
      '1٢3٤5٦7٨',
      '𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖',
    ],
    ...['🦉'.repeat(8), '\ufdfa'.repeat(8), 'e\u0301'.repeat(4), '1\u200b2345678'],
  ])('%s falls', (password) => {
    expect(messages(password, 'standard')).toContain(trivial)
    expect(messages(password, 'enterprise')).toContain(trivial)
  })

  test.each(['newpass123', 'abcdefgx', '1234123x', '12345687', 'harbour7', '48151623', 'qwertyxi'])(
    '%s is not one',
    (password) => {
      expect(messages(password, 'standard')).not.toContain(trivial)
    },
  )

  test.each([
    'Latchkey',
    'latchkey1',
    '!!L@tchk3y!!2026',
    'nilepay2',
    'Nile Pay 2026',
    'nile-pay!!',
    'ＮｉｌｅＰａｙ1',
  ])('%s is the name of the service', (password) => {
    expect(messages(password, 'standard')).toContain(trivial)
  })

  test('is not one that only holds the name of the service', () => {
    expect(messages('my latchkey story', 'standard')).toEqual([])
    expect(messages('blue nile paddles', 'standard')).toEqual([])
    expect(messages('xx-2026-yy', 'standard', {}, 'x')).toEqual([])
  })

  test('is any character, block of up to four, or run, of any length', () => {
    const anything = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
    const block = fc.array(anything, { minLength: 1, maxLength: 4 }).map((units) => units.join(''))
    const short = block.filter((text) => [...text].length <= 4 && !/\p{Cf}/u.test(text))
    fc.assert(
      fc.property(short, fc.integer({ min: 8, max: 128 }), (text, length) => {
        const password = [...text.repeat(length)].slice(0, length).join('')
        expect(messages(password, 'standard')).toContain(trivial)
      }),
    )
    fc.assert(
      fc.property(
        fc.integer({ min: 0x4e00, max: 0x9f00 }),
        fc.integer({ min: 8, max: 128 }),
        fc.boolean(),
        (from, length, down) => {
          const points = Array.from({ length }, (_, index) => from + index)
          const run = String.fromCodePoint(...(down ? points.reverse() : points))
          expect(messages(run, 'standard')).toContain(trivial)
        },
      ),
    )
  })

  test.each([
    ['Arabic-Indic', 0x660],
    ['Persian', 0x6f0],
    ['Devanagari', 0x966],
    ['Bengali', 0x9e6],
    ['Thai', 0xe50],
    ['full-width', 0xff10],
    ['Adlam', 0x1e950],
  ])('and common is what is so in ASCII, in %s digits too', (_, zero) => {
    const inScript = (digits: string) =>
      digits.replace(/[0-9]/g, (digit) => String.fromCodePoint(zero + Number(digit)))
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{8,20}$/), (digits) => {
        expect(messages(inScript(digits), 'standard')).toEqual(messages(digits, 'standard'))
      }),
    )
    expect(messages(inScript('password123'), 'standard')).toEqual([tooCommon])
  })
})

describe('a word with digits and signs around it', () => {
  test.each([
    ...[
      'Password123!',
      'Qwerty123456!',
      'Welcome@12345',
      'Summer2026!!',
      'P@ssw0rd1234',
      'Pa$$word-2026',
      '!!Winter-2026',
    ],
    ...[
      '$Ummer2026!!',
      '123Il0veyou!',
      'Dr@gon-123456',
      'Mohamed@2026',
      'Cairo2026!!!!',
      'December-1999',
      'ＷＥＬＣＯＭｅ１２３４!',
    ],
    ...['Abcd12345678!', 'Ab-123456789!', '1a!A11111111', 'Password١٢٣!'],
  ])('falls under the enterprise rule without any service: %s', (password) => {
    expect(messages(password, 'enterprise')).toContain(tooCommon)
  })

  test.each(['Aaaaaaaaaa1!', 'Abcdefghijk1!', '2026!Qwertyui!'])(
    'that is a pattern falls: %s',
    (password) => {
      expect(messages(password, 'enterprise')).toContain(trivial)
    },
  )

  test.each([
    'Violet-Harbour-1987!',
    'K7#x-9481-2260',
    '7$kQ92!84#61',
    'Summer-in-Zagreb-7',
    'Ab-7392#4816!',
  ])('%s is none', (password) => {
    expect(messages(password, 'enterprise')).toEqual([])
  })

  test('may be a standard password, as long as it is not common itself', () => {
    expect(messages('Summer2026!!', 'standard')).toEqual([])
  })
})

test.each(['standard', 'enterprise'] as const)('%s: strong passwords drawn at random pass', (rule) => {
  const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))
  const strong = fc
    .array(fc.constantFrom(...printable), { minLength: 16, maxLength: 64 })
    .map((all) => all.join(''))
  const composed = strong.filter((text) =>
    [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/].every((each) => each.test(text)),
  )
  fc.assert(
    // Drawn evenly: shrinking and the bias to small values would make patterns.
    fc.property(fc.noBias(composed), (password) => {
      expect([password, messages(password, rule, { email: 'priya.s@example.com' })]).toEqual([password, []])
    }),
    { numRuns: 500 },
  )
})

test('a character that only stands for others counts for none of them', () => {
  // A trade mark sign is no two upper-case letters, and no sign once it is hashed.
  expect(messages('harbour-lamp-42-\u2122', 'enterprise')).toEqual(['must contain an upper-case letter'])
  expect(messages('HarbourLamp42Vane\u2122', 'enterprise')).toEqual(['must contain a special character'])
  expect(messages('Harbour-Lamp-Vane-\u2460', 'enterprise')).toEqual(['must contain a digit'])
})

describe('the enterprise rule', () => {
  test.each([
    ['correct1horse!battery', 'must contain an upper-case letter'],
    ['CORRECT1HORSE!BATTERY', 'must contain a lower-case letter'],
    ['Correct-Horse!Battery', 'must contain a digit'],
    ['Correct1Horse2Battery', 'must contain a special character'],
  ])('names what %s lacks', (password, message) => {
    expect(check(password, 'enterprise')).toEqual([{ field: 'newPassword', message }])
  })

  test('names every unmet rule at once', () => {
    expect(messages('password', 'enterprise')).toHaveLength(5)
    expect(messages('', 'enterprise')).toHaveLength(5)
  })

  test.each(['Correct 1 Horse', 'Пароль-для-входа-7', 'Ünïcödé٣Wörter€'])('takes %s', (password) => {
    expect(messages(password, 'enterprise')).toEqual([])
  })

  test('is not asked of a standard password', () => {
    expect(messages('correcthorsebattery', 'standard')).toEqual([])
  })
})

describe("a person's own identifiers", () => {
  const priya = { email: 'priya.s@example.com', username: 'priyasharma', phone: '+919876543210' }

  test.each([
    'xx-PRIYA.S-2026',
    'priya.s@example.com',
    'MyPriyaSharma!1',
    'ｐｒｉｙａｓｈａｒｍａ77',
    'call+919876543210',
    '9876543210-home',
    '76543210-home',
  ])('may not stand in %s', (password) => {
    expect(containsIdentifier(password, priya)).toBe(true)
    expect(messages(password, 'standard', priya)).toEqual([ownIdentifier])
    expect(messages(password, 'enterprise', priya)).toContain(ownIdentifier)
  })

  test.each(['priya-2026-monsoon', 'example.com-rocks', '543210-home-run'])('leave %s alone', (password) => {
    expect(containsIdentifier(password, priya)).toBe(false)
  })

  test('of fewer than 4 characters are looked for only where nothing but digits and signs stands beside them', () => {
    const al = { email: 'al@example.com', username: 'abc' }
    for (const password of ['al123456', '2026-AL-2026', 'Abc!!!2026', 'ａｂｃ98761'])
      expect(messages(password, 'standard', al)).toEqual([ownIdentifier])
    for (const password of ['walabcsomething', 'alone2026', '201003947'])
      expect(messages(password, 'standard', al)).toEqual([])
  })

  test('in digits of another script are the same', () => {
    expect(messages('٩٨٧٦٥٤٣٢١٠', 'standard', { phone: '+919876543210' })).toContain(ownIdentifier)
  })

  test('of fewer than 4 characters are not looked for elsewhere, but a short address is', () => {
    const al = { email: 'al@example.com', username: 'abc' }
    expect(containsIdentifier('walabcsomething', al)).toBe(false)
    expect(containsIdentifier('xx-al@example.com', al)).toBe(true)
  })

  test('are found in the record when the typed ones did not show them', () => {
    const password = 'PriyaSharma-in-2026'
    expect(check(password, 'enterprise', { phone: priya.phone })).toEqual([])
    expect(messages(password, 'enterprise', priya)).toEqual([ownIdentifier])
  })

  test('are found wherever they stand and however they are written', () => {
    const part = fc.string({ maxLength: 20 })
    fc.assert(
      fc.property(part, part, fc.boolean(), (before, after, upper) => {
        const name = upper ? 'PRIYASHARMA' : 'priyasharma'
        expect(containsIdentifier(`${before}${name}${after}`, priya)).toBe(true)
      }),
    )
  })
})

test('any text at all gets a judgement', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('standard', 'enterprise'),
      (text, rule) => {
        for (const detail of check(text, rule, { email: text, username: text, phone: text }))
          expect(detail).toEqual({ field: 'newPassword', message: expect.stringMatching(/^must /) })
      },
    ),
  )
})

test('an identifier of four characters is looked for', () => {
  expect(containsIdentifier('xx-anna-yy', { username: 'anna' })).toBe(true)
})
