/** What each rule holds a password against, with lists small enough to be read here. */
import { describe, expect, test } from 'vitest'
import type { Requirement } from '#shared/domain/password-requirements.ts'
import {
  commonFrom,
  holdsIdentifier,
  judge,
  type Measure,
  type PasswordRule,
} from '#shared/domain/password-rules.ts'

const measure: Measure = {
  characters: { min: 8, max: 128 },
  product: 'Nile Pay',
  identifiers: [],
  common: commonFrom(new Set(['harbour99', 'abc73915'])),
}
const met = (requirement: Requirement, password: string, rule: PasswordRule, known: Partial<Measure> = {}) =>
  judge(password, rule, { ...measure, ...known }).find((each) => each.requirement === requirement)?.met

describe('common passwords', () => {
  test('are made of words of four characters or more, without what stands around them', () => {
    const passwords = new Set(['2026harbour!!', 'lamp1', 'abc12345', '12345678'])
    expect(commonFrom(passwords)).toEqual({ passwords, stems: new Set(['harbour', 'lamp']) })
  })

  test.each([
    ['harbour99', { standard: false, enterprise: false }],
    ['HARBOUR99', { standard: false, enterprise: false }],
    ['harbour-2026', { standard: true, enterprise: false }],
    // On the list, though neither its word nor its digits are.
    ['Abc73915', { standard: false, enterprise: false }],
    ['violet-4816', { standard: true, enterprise: true }],
  ])('refuse %s as the rule has it', (password, expected) => {
    expect(met('common', password, 'standard')).toBe(expected.standard)
    expect(met('common', password, 'enterprise')).toBe(expected.enterprise)
  })

  test.each([
    ['Rxq-12345678', false],
    ['Rxqz-12345678', true],
    ['Rxq-48160537', true],
  ])('with fewer than four letters are judged by their digits: %s passes %s', (password, passes) => {
    expect(met('common', password, 'enterprise')).toBe(passes)
  })

  test.each(['standard', 'enterprise'] as const)('are not known without the list: %s', (rule) => {
    expect(met('common', 'harbour99', rule, { common: undefined })).toBeUndefined()
  })
})

describe('the name of the product', () => {
  test.each([
    ['Go', 'go-48719', false],
    ['Go', 'gone-48719', true],
    ['X', 'x-487193', false],
    ['X', 'xy-487193', true],
    ['4U', '4u202612!', false],
    ['4U', 'u-487193', true],
    ['O2', 'O2202612!', false],
    ['A1', 'a1!a1!a1!2', false],
    ['360', '360-2026!', false],
    ['360', '360-parrots', true],
    ['360', '1597-4862', true],
    ['2026', '2026-481', false],
    // Digits and signs within either are left out or read as letters.
    ['Web3Pay', 'Web3Pay2026', false],
    ['Web3Pay', 'web3pay1', false],
    ['Web3Pay', 'WebPay2026', false],
    ['Web3Pay', 'webepay-48', false],
    ['Pay5afe', 'Pay5afe1', false],
    ['Pay5afe', 'paysafe-48', false],
    ['Pay1st', 'Pay1st2026', false],
    ['B0ok', 'B0ok2026', false],
    ['B0ok', 'book-2026', false],
    ['Nile Pay', 'nile3pay9', false],
    ['Nile Pay', 'L0tchkey-1', true],
    ['Nile Pay', 'l@tchkey-1', false],
    ['Auth0', 'Authors-2026', true],
  ])('%s, in %s', (product, password, passes) => {
    expect(met('trivial', password, 'standard', { product })).toBe(passes)
  })
})

describe('an identifier', () => {
  test.each([
    ['a username that lacks its last letter', 'priyasharm-48', 'priyasharma', false],
    ['a username', 'priyasharma-48', 'priyasharma', true],
    ['the local part of an address', 'xx-priya.s-48', 'priya.s@example.com', true],
    ['its local part with an @ in it', 'xx-"p@s"-48', '"p@s"@example.com', true],
    ['its host alone', 'example.com-48', 'priya.s@example.com', false],
    ['a phone number of seven digits, whole', 'call-2903456-x', '+2903456', true],
    ['the last seven of eight digits', 'call-2903456-x', '+22903456', false],
    ['a short name among digits and signs', '48-al-71', 'al@example.com', true],
    ['a short name twice', '48-alal-71', 'al@example.com', true],
    ['a name whose accent stands behind what nobody sees', 'rene\u200b\u0301e-48', 'ren\u00e9e', true],
    ['a short name beside letters', '48-also-71', 'al@example.com', false],
    ['a name of one letter', 'a-487-193', 'a@example.com', false],
    ['a short name without letters', '48-12-76', '12', true],
    ['one of signs and digits', '1_2202612', '1_2', true],
    ['one of signs', '__202612!!', '__', true],
    ['a phone number with what people part it by', '+91-98765-43211', '+919876543211', true],
    ['a phone number as it is dialled at home', '0100 123 4567', '+201001234567', true],
    ['digits of a phone number with a word between', '0100house1234567', '+201001234567', false],
    ['both names of an address, parted another way', 'Priya-Sharma-26', 'priya.sharma@example.com', true],
    ['both names of an address, not parted', 'priyasharma2026', 'priya.sharma@example.com', true],
    ['a username, parted', 'priya.sharma26', 'priyasharma', true],
  ])('%s: %s holds that of %s: %s', (_, password, identifier, holds) => {
    expect(holdsIdentifier(password, [identifier])).toBe(holds)
  })
})
