import { dictionary } from '@zxcvbn-ts/language-common'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commonPasswords } from '#shared/domain/common-passwords.ts'
import { checkPassword, containsIdentifier } from '#shared/domain/password.ts'

const messages = (...call: Parameters<typeof checkPassword>) =>
  checkPassword(...call).map(({ message }) => message)
const tooCommon = 'must not be a commonly used password'
const ownIdentifier = 'must not contain your email address, username or phone number'

describe('the list of common passwords', () => {
  test('is the 10,000 most common ones of at least 8 characters', () => {
    const long = dictionary['passwords-common'].filter((each) => each.length >= 8)
    expect([...commonPasswords()].sort()).toEqual(long.slice(0, 10_000).sort())
  })

  test.each(['password123', 'password1', 'qwertyuiop', '12345678', 'PassWord123', 'ｐａｓｓｗｏｒｄ１'])(
    'refuses %s',
    (password) => {
      expect(messages(password, 'standard', {})).toEqual([tooCommon])
    },
  )

  test('lets pass what is not on it', () => {
    expect(checkPassword('newpass123', 'standard', {})).toEqual([])
    expect(checkPassword('newSecurePassword123', 'standard', {})).toEqual([])
  })
})

describe('the length of a password', () => {
  test.each([
    ['standard', 8],
    ['enterprise', 12],
  ] as const)('%s: from %i to 128 characters, both ends included', (rule, min) => {
    const ofLength = (length: number) => `Aa1!${'§'.repeat(length - 4)}`
    const wrong = [`must have ${min} to 128 characters`]
    expect(messages(ofLength(min - 1), rule, {})).toEqual(wrong)
    expect(messages(ofLength(min), rule, {})).toEqual([])
    expect(messages(ofLength(128), rule, {})).toEqual([])
    expect(messages(ofLength(129), rule, {})).toEqual(wrong)
  })

  test('is counted in characters, not in UTF-16 units or bytes', () => {
    expect(messages('🦉'.repeat(7), 'standard', {})).toEqual(['must have 8 to 128 characters'])
    expect(messages('🦉'.repeat(8), 'standard', {})).toEqual([])
    expect(messages('🦉'.repeat(128), 'standard', {})).toEqual([])
  })

  test('is counted in the form that is hashed', () => {
    expect(messages('e\u0301'.repeat(7), 'standard', {})).toEqual(['must have 8 to 128 characters'])
    expect(messages('ﷺ', 'standard', {})).toEqual([])
  })
})

describe('the enterprise rule', () => {
  test.each([
    ['correct1horse!battery', 'must contain an upper-case letter'],
    ['CORRECT1HORSE!BATTERY', 'must contain a lower-case letter'],
    ['Correct-Horse!Battery', 'must contain a digit'],
    ['Correct1Horse2Battery', 'must contain a special character'],
  ])('names what %s lacks', (password, message) => {
    expect(checkPassword(password, 'enterprise', {})).toEqual([{ field: 'newPassword', message }])
  })

  test('names every unmet rule at once', () => {
    expect(messages('password', 'enterprise', {})).toHaveLength(5)
    expect(messages('', 'enterprise', {})).toHaveLength(5)
  })

  test.each(['Correct 1 Horse', 'Пароль-для-входа-7', 'Ünïcödé٣Wörter€'])('takes %s', (password) => {
    expect(messages(password, 'enterprise', {})).toEqual([])
  })

  test('is not asked of a standard password', () => {
    expect(messages('correcthorsebattery', 'standard', {})).toEqual([])
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

  test('of fewer than 4 characters are not looked for, but a short address is', () => {
    const al = { email: 'al@example.com', username: 'abc' }
    expect(containsIdentifier('walabcsomething', al)).toBe(false)
    expect(containsIdentifier('xx-al@example.com', al)).toBe(true)
  })

  test('are found in the record when the typed ones did not show them', () => {
    const password = 'PriyaSharma-in-2026'
    expect(checkPassword(password, 'enterprise', { phone: priya.phone })).toEqual([])
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
        for (const detail of checkPassword(text, rule, { email: text, username: text, phone: text }))
          expect(detail).toEqual({ field: 'newPassword', message: expect.stringMatching(/^must /) })
      },
    ),
  )
})

test('an identifier of four characters is looked for', () => {
  expect(containsIdentifier('xx-anna-yy', { username: 'anna' })).toBe(true)
})
