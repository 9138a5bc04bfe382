import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { refAlphabet } from '#shared/contract/references.ts'
import { isShortReference, parseReference, reference } from '#shared/contract/schemas.ts'
import { longestReference, usualReference } from '#shared/crypto/reference.ts'

const anyId = () => `${randomBytes(16).toString('base64url')}#1`

test('a reference is eight characters, always the same for its event, as docs/ledger-format.md makes it', () => {
  expect(usualReference('XrS5D1HUSlbFhYhR_LJtog#1')).toBe('PTGMDN4K')
  expect(longestReference('XrS5D1HUSlbFhYhR_LJtog#1')).toBe('PTGMDN4KHCPY')
})

test('all its characters are those that nobody takes for one another, each as likely in each place', () => {
  const many = Array.from({ length: 4000 }, () => longestReference(anyId()))
  expect(many.every((each) => each.length === 12 && isShortReference(each))).toBe(true)
  for (const place of [0, 7, 11]) {
    const counts = Map.groupBy(many, (each) => each.charAt(place))
    expect(counts.size).toBe(refAlphabet.length)
    // About 190 of each, give or take 14.
    for (const { length } of counts.values()) expect(length).toBeGreaterThan(100)
  }
})

test('is read however it is said: parted, in small letters, with what a copy brings along', () => {
  for (const typed of [
    'HJKM3467',
    'hjkm3467',
    'HJKM 3467',
    'hj km–34-67',
    '\u2068HJKM3467\u2069',
    ' HJKM3467\u200e ',
  ])
    expect(parseReference(typed), typed).toBe('HJKM3467')
})

test('whoever typed something else is told which it is', () => {
  expect(reference.safeParse('C3D4').error?.issues).toMatchObject([
    { message: 'must be the reference in a notice, such as HJKM3467; that of a code names nobody' },
  ])
})

test('nothing else is: too short, a sign that it never has, the four characters of a code', () => {
  for (const typed of ['HJKM346', 'HJKM3460', 'HJKM346O', 'C3D4', '', 'HJKM3467HJKM3', '##'])
    expect(parseReference(typed), typed).toBeUndefined()
})

test('the id of an event, which notices had before, is read as it is', () => {
  for (const id of ['kO0RLzH4QX2Zp1cVb7wNyA#1', 'kO0RLzH4QX2Zp1cVb7wNyA', 'kO0RLzH4QX2Zp1cVb7wNyA#3#frozen'])
    expect(parseReference(` ${id}`)).toBe(id)
  for (const spoilt of ['kO0RLzH4QX2Zp1cVb7wNyA#', '(kO0RLzH4QX2Zp1cVb7wNyA#1', 'kO0RLzH4QX2Zp1cVb7wNyA#1)'])
    expect(parseReference(spoilt), spoilt).toBeUndefined()
})
