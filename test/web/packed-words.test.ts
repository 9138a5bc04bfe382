import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commonPasswords } from '#shared/domain/common-passwords.ts'
import { unpackWords } from '../../web/app/packed-words.ts'
import { packWords } from '../../web/pack-words.ts'

test('the list that the pages unpack is the service’s own, word by word', async () => {
  const list = [...commonPasswords()]
  expect([...(await unpackWords(packWords(list)))].join(' ')).toBe(list.join(' '))
})

test('any sorted words come out of their package as they went in', async () => {
  const word = fc.stringMatching(/^[!-@[-~]{1,40}$/)
  const sorted = fc.uniqueArray(word, { minLength: 1, maxLength: 30 }).map((words) => words.sort())
  await fc.assert(
    fc.asyncProperty(sorted, async (words) => {
      expect([...(await unpackWords(packWords(words)))]).toEqual(words)
    }),
    { numRuns: 5 },
  )
})
