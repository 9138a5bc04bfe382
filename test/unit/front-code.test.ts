/** A sorted list of words in few characters: what each has in common with the one before is only counted. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frontCode } from '#shared/domain/front-code.ts'

/** Reads the list as its description says: a capital letter for what is shared (A: none), and the rest. */
function wordsOf(coded: string): string[] {
  const words: string[] = []
  for (const [, shared = '', rest = ''] of coded.matchAll(/([A-Z])([^A-Z]*)/g))
    words.push((words.at(-1) ?? '').slice(0, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(shared)) + rest)
  return words
}

const x = (times: number) => 'x'.repeat(times)

test.each([
  [[], ''],
  [['summer'], 'Asummer'],
  [['pass', 'password', 'past', 'winter'], 'ApassEwordDtAwinter'],
  [['pass', 'pass'], 'ApassE'],
  [['bat', 'cat'], 'AbatAcat'],
  // Z is the last letter: what is shared beyond is written again.
  [[x(24), `${x(24)}a`], `A${x(24)}Ya`],
  [[x(25), `${x(25)}a`], `A${x(25)}Za`],
  [[x(26), `${x(26)}a`], `A${x(26)}Zxa`],
  [[x(30), x(30)], `A${x(30)}Z${x(5)}`],
])('%j is written %s', (words, coded) => {
  expect(frontCode(words)).toBe(coded)
})

test('any list can be read again', () => {
  const word = fc.oneof(
    fc.stringMatching(/^[a-c0-9!]{0,6}$/),
    fc.stringMatching(/^[ab]$/).map((end) => x(25) + end),
  )
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const sorted = words.toSorted()
      expect(wordsOf(frontCode(sorted))).toEqual(sorted)
    }),
  )
})
