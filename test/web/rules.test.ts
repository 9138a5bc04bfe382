import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commonPasswords } from '#shared/domain/common-passwords.ts'
import { asciiDigits } from '#shared/domain/digits.ts'
import { checkPassword } from '#shared/domain/password.ts'
import { commonFrom } from '#shared/domain/password-rules.ts'
import { readUserAgent } from '#shared/domain/user-agent.ts'
import type { Failure } from '../../web/client.ts'
import { parseIdentifier, parsePhone, parseUserId } from '../../web/parts/identifiers.ts'
import { judgePassword, requirementsIn, strengthOf } from '../../web/parts/password-rules.ts'

const product = 'Nile Pay'
const common = commonFrom(commonPasswords())

const passwords = [
  'short',
  'Harbour-Lamp-42-violet',
  'harbour-lamp-42-violet',
  'HARBOUR-LAMP-42-VIOLET',
  'Harbour-Lamp-violet',
  'HarbourLamp42violet',
  'Ünïcödé-Pässwört-٤٢',
  'Priya.Sharma-2026!',
  'Call-76543210-Now!',
  'Password123!',
  'Summer2026!!',
  'Nile-Pay-2026!',
  '12341234',
  'password123',
  '\ufdfa',
  'Aa1!\ufdfa',
  '\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668',
]

const refusal = (details: Failure['details']): Failure => ({
  ok: false,
  code: 'PASSWORD_WEAK',
  message: '',
  details,
  retryAfterSeconds: undefined,
  requestId: undefined,
})

test.each(['standard', 'enterprise'] as const)('%s: the page judges as the service does', (rule) => {
  const own = { email: 'priya.sharma@example.com', phone: '+919876543210' }
  const known = { product, identifiers: Object.values(own), common }
  const agree = (password: string) => {
    const page = judgePassword(rule, password, known).every(({ met }) => met)
    const service = checkPassword(password, rule, own, product).length === 0
    expect([password, page]).toEqual([password, service])
  }
  for (const password of passwords) agree(password)
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), agree))
})

test.each(['standard', 'enterprise'] as const)(
  '%s: the meter says good of nothing that the service refuses',
  (rule) => {
    const own = { email: 'priya.sharma@example.com' }
    const judgedWith = (password: string, list: typeof common | undefined) =>
      strengthOf(password, judgePassword(rule, password, { product, identifiers: [own.email], common: list }))
    const words = [...commonPasswords()].filter((_, index) => index % 50 === 0)
    const dressed = words.flatMap((word) => [`${word}2026!!`, `!!12${word}1234`, `X1!${word.toUpperCase()}x`])
    for (const password of [...passwords, ...words, ...dressed]) {
      const refused = checkPassword(password, rule, own, product).length > 0
      if (refused) expect([password, judgedWith(password, common)]).toEqual([password, 1])
      // While the list is not there, nothing is good.
      expect(judgedWith(password, undefined)).toBeLessThan(3)
    }
  },
)

test('without the list the page says nothing of it, and judges the rest', () => {
  const judged = judgePassword('standard', 'password123', { product, identifiers: [], common: undefined })
  expect(judged.find(({ requirement }) => requirement === 'common')?.met).toBeUndefined()
  expect(judged.filter(({ met }) => met === false)).toEqual([])
})

test.each(['standard', 'enterprise'] as const)('%s: each reason of a refusal has its requirement', (rule) => {
  const own = { username: 'abcd' }
  const reasons = new Set<string>()
  for (const password of [
    '',
    'password',
    'abcd',
    ' ',
    `${'Abcd1!'.repeat(30)}`,
    'PASSWORD1',
    'aaaaaaaa',
    'lamp-lamp-lamp',
  ]) {
    const details = checkPassword(password, rule, own, product)
    const requirements = requirementsIn(refusal(details), rule)
    expect([password, requirements.size]).toEqual([password, details.length])
    for (const each of requirements) reasons.add(each)
  }
  const all = { standard: 4, enterprise: 8 }
  expect(reasons.size).toBe(all[rule])
  expect(requirementsIn(refusal([{ field: 'newPassword', message: 'of a later release' }]), rule).size).toBe(
    0,
  )
})

test('strength grows with length and variety, and not with repetition', () => {
  expect(strengthOf('', [])).toBe(0)
  expect(strengthOf('aaaaaaaaaaaaaaaaaaaa', [])).toBe(1)
  expect(strengthOf('abcdefghijklmnop', [])).toBe(1)
  expect(strengthOf('newpass123', [])).toBeLessThan(3)
  expect(strengthOf('Harbour-Lamp-42-violet', [])).toBe(4)
})

test.each([
  ['+20 100 123-4567', '+201001234567'],
  ['00201001234567', '+201001234567'],
  ['\u200e+20\u00a0100\u2011123\u2212\u06f4\u06f5\u06f6\u06f7\u2069', '+201001234567'],
  ['+٢٠١٠٠١٢٣٤٥٦٧', '+201001234567'],
  ['01001234567', undefined],
  ['+0123456789', undefined],
])('a phone number typed as %s is %s', (typed, phone) => {
  expect(parsePhone(typed)).toBe(phone)
})

test('an identifier is an address, a name or a number with its country code', () => {
  expect(parseIdentifier(' priya@example.com ')).toBe('priya@example.com')
  expect(parseIdentifier('priyasharma')).toBe('priyasharma')
  expect(parseIdentifier('+919876543210')).toBe('+919876543210')
  for (const typed of ['no address@', 'a', '9876543210', 'two words'])
    expect([typed, parseIdentifier(typed)]).toEqual([typed, undefined])
  expect(parseUserId('u-priya')).toBe('u-priya')
  expect(parseUserId('auth0|5f7c.x@y:z+1')).toBe('auth0|5f7c.x@y:z+1')
  expect(parseUserId('u priya')).toBeUndefined()
  expect(parseIdentifier('\u200epriya\u200b ')).toBe('priya')
  expect(parseIdentifier('\ufeffpriya@example.com')).toBe('priya@example.com')
})

test('digits of any script become those the service takes', () => {
  expect(asciiDigits('१२३ ๔๕๖ ７８９ 𝟎')).toBe('123 456 789 0')
  expect(asciiDigits('٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ x')).toBe('0123456789 0123456789 x')
})

test('a device is named by browser and system, and an unknown one not at all', () => {
  const edge =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0'
  expect(readUserAgent(edge)).toEqual({ browser: 'Edge', system: 'Windows' })
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile/15E148 Safari/604.1'
  expect(readUserAgent(iphone)).toEqual({ browser: 'Safari', system: 'iOS' })
  expect(readUserAgent('curl/8')).toBeUndefined()
})
