/** Which passwords may not come back. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SealedPassword } from '#shared/crypto/sealed.ts'
import { historyAfter } from '#shared/domain/history.ts'

const sealed = (mac: string): SealedPassword => ({
  scheme: { algorithm: 'bcrypt', cost: 4, salt: 's' },
  keyId: 'k',
  mac,
})

test('the first password of an identity leaves no history', () => {
  expect(historyAfter({ history: [] })).toEqual([])
})

test('a replaced password is the newest of the history', () => {
  const history = historyAfter({ password: sealed('b'), history: [sealed('a')] })
  expect(history.map(({ mac }) => mac)).toEqual(['b', 'a'])
})

test('after any number of changes the present one and those kept are the newest five, in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), (changes) => {
      let person: { password?: SealedPassword; history: SealedPassword[] } = { history: [] }
      const used: string[] = []
      for (let index = 0; index < changes; index += 1) {
        person = { history: historyAfter(person), password: sealed(`p${index}`) }
        used.unshift(`p${index}`)
      }
      const refused = [person.password, ...person.history].map((each) => each?.mac)
      expect(refused).toEqual(used.slice(0, 5))
    }),
  )
})

test('a history that was longer once is cut', () => {
  const long = Array.from({ length: 9 }, (_, index) => sealed(`h${index}`))
  expect(historyAfter({ password: sealed('p'), history: long }).map(({ mac }) => mac)).toEqual([
    'p',
    'h0',
    'h1',
    'h2',
  ])
})
