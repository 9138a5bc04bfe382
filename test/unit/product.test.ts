/** What a product may be called: the name stands in messages beside codes, and in texts that are filled in. */
import { expect, test } from 'vitest'
import { holdsSixDigits, isProduct, productRefusal } from '#shared/domain/product.ts'

test.each([
  'Latchkey',
  'Acme, Inc.',
  'O2',
  '360',
  'Web3Pay',
  'نايل باي',
  'भारत 2026',
  'Area 51-482',
  '{',
  'a } b',
])('a product may be called %s', (name) => {
  expect(isProduct(name)).toBe(true)
})

test.each([
  ['nothing', ''],
  ['spaces', '   '],
  ['two lines', 'Acme\nPay'],
  ['a character that nobody sees', 'Ac\u200bme'],
  ['six digits in a run', 'Acme 482915'],
  ['six digits of another script', 'Acme ٤٨٢٩١٥'],
  ['what is filled in', '{code}'],
  ['braces', 'Acme {} Pay'],
])('no product is called %s', (_, name) => {
  expect(isProduct(name)).toBe(false)
})

test('who sets such a name is told what it must be', () => {
  expect(productRefusal).toMatch(/^must be a name on one line, .*six digits.*\{braces\}/)
})

test('six digits in a row could be taken for a code, five and parted ones could not', () => {
  expect(['482915', 'a4829150', '४८२९१५'].map(holdsSixDigits)).toEqual([true, true, true])
  expect(['48291', '482 915', ''].map(holdsSixDigits)).toEqual([false, false, false])
})
