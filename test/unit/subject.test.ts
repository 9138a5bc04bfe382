/** Keys of typed subjects: one each, none shared. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { identitySubject, pairKey, subjectKey } from '#shared/domain/subject.ts'
import type { Subject } from '#shared/events.ts'

/** Identifiers hold no line break. */
const value = fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', ''))
const subject: fc.Arbitrary<Subject> = fc.record({
  kind: fc.constantFrom('email', 'username', 'phone', 'userId', 'identity'),
  value,
})

test('a key is a hash that shows nothing of the subject', () => {
  fc.assert(
    fc.property(subject, (given) => {
      expect(subjectKey(given)).toMatch(/^[0-9a-f]{64}$/)
    }),
  )
})

test('two subjects share a key only when they are the same', () => {
  fc.assert(
    fc.property(subject, subject, (a, b) => {
      expect(subjectKey(a) === subjectKey(b)).toBe(a.kind === b.kind && a.value === b.value)
    }),
  )
})

test('the same value under two kinds is two subjects', () => {
  expect(subjectKey({ kind: 'userId', value: 'x' })).not.toBe(subjectKey(identitySubject('x')))
  expect(identitySubject('x')).toEqual({ kind: 'identity', value: 'x' })
})

test('two pairs share a key only when both halves are the same, and none is a subject’s', () => {
  fc.assert(
    fc.property(subject, value, subject, value, (a, phoneA, b, phoneB) => {
      const same = a.kind === b.kind && a.value === b.value && phoneA === phoneB
      expect(pairKey(a, phoneA) === pairKey(b, phoneB)).toBe(same)
      expect(pairKey(a, phoneA)).not.toBe(subjectKey(a))
    }),
  )
})

test('keys are the published ones: they name items that are stored', () => {
  const email = { kind: 'email', value: 'a@example.com' } as const
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  expect(subjectKey(email)).toBe(sha256('latchkey/subject/v1\nemail\na@example.com'))
  expect(pairKey(email, '+201')).toBe(sha256('latchkey/pair/v1\nemail\na@example.com\n+201'))
})
