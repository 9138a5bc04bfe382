import { expect, test } from 'vitest'
import {
  challengeInToken,
  codeInToken,
  newId,
  newResetToken,
  newToken,
  tokenHash,
} from '#shared/crypto/tokens.ts'

test('a token is 256 bits and an id 128, in characters that need no escaping', () => {
  expect(newToken()).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(newId()).toMatch(/^[A-Za-z0-9_-]{22}$/)
})

test('no two are alike', () => {
  const made = Array.from({ length: 1000 }, () => [newToken(), newId()]).flat()
  expect(new Set(made).size).toBe(2000)
})

test('a token is stored as its SHA-256 (FIPS 180-4 example)', () => {
  expect(tokenHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('an id is no option of a command line', () => {
  const made = Array.from({ length: 2000 }, newId)
  expect(made.filter((id) => id.startsWith('-'))).toEqual([])
  expect(made.some((id) => id.startsWith('_'))).toBe(true)
})

test('a reset token names its challenge and holds its code, beside 256 random bits', () => {
  for (const code of ['000000', '000017', '482915', '999999']) {
    const [challengeId, token] = [newId(), newResetToken(newId(), code)]
    expect(challengeInToken(newResetToken(challengeId, code))).toBe(challengeId)
    expect(codeInToken(token)).toBe(code)
    expect(Buffer.from(token.split('.')[1] ?? '', 'base64url')).toHaveLength(3 + 32)
    expect(newResetToken(challengeId, code)).not.toBe(newResetToken(challengeId, code))
  }
})

test('of a token of any other form neither challenge nor code is one that there is', () => {
  for (const token of ['', '.', 'x', 'no.base64!', '.'.repeat(200), newToken()]) {
    expect(challengeInToken(token)).not.toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(codeInToken(token)).toMatch(/^[0-9]{6,8}$/)
  }
})
