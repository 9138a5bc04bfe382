/** Legal agreements: which can be accepted, how many are kept, which opens the PIN gate, and their names in entries. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  agreementName,
  agreementProblem,
  agreementToAsk,
  type Consents,
  canBeMet,
  consentsProblem,
  isAgreementName,
  openingConsent,
  parseAgreement,
  withConsent,
} from '#shared/domain/consent.ts'

describe('the consent that opens the PIN gate', () => {
  const consents = { terms: { version: '2', acceptedAt: 5 }, privacy: { version: '1', acceptedAt: 9 } }

  test('is any, the newest first, where none is named', () => {
    expect(openingConsent({ consents }, '')).toEqual({ document: 'privacy', version: '1', acceptedAt: 9 })
    expect(openingConsent({ consents: {} }, '')).toBeNull()
  })

  test('is the named document, in the named version', () => {
    expect(openingConsent({ consents }, 'terms')).toEqual({ document: 'terms', version: '2', acceptedAt: 5 })
    expect(openingConsent({ consents }, 'terms@2')?.document).toBe('terms')
    expect(openingConsent({ consents }, 'terms@1')).toBeNull()
    expect(openingConsent({ consents }, 'cookies')).toBeNull()
  })

  test('is asked for in the version that is listed last', () => {
    const listed = ['terms@2', 'terms@3', 'privacy@1']
    expect(agreementToAsk('terms', listed)).toBe('terms@3')
    expect(agreementToAsk('terms@2', listed)).toBe('terms@2')
    expect(agreementToAsk('', listed)).toBe('privacy@1')
    expect(agreementToAsk('terms', [])).toBe('terms')
  })
})

test('another version replaces one on record; of new documents twenty are kept, and none makes room for the 21st', () => {
  // Few enough names that some come again, and so many that the twenty are reached.
  const documents = fc.array(fc.stringMatching(/^[a-f]{1,2}$/), { minLength: 20, maxLength: 60, size: 'max' })
  let full = 0
  fc.assert(
    fc.property(documents, (names) => {
      let consents: Consents = {}
      for (const [at, document] of names.entries()) {
        const agreement = { document, version: `${at}` }
        const problem = consentsProblem(consents, agreement)
        if (problem === undefined) consents = withConsent(consents, agreement, at)
        else {
          full += 1
          expect(problem).toEqual({
            field: 'document',
            message: 'is one too many: 20 documents are on record, and no more are kept',
          })
        }
      }
      const first = [...new Set(names)].slice(0, 20)
      expect(Object.keys(consents).toSorted()).toEqual(first.toSorted())
      for (const name of first) expect(consents[name]?.acceptedAt).toBe(names.lastIndexOf(name))
    }),
  )
  expect(full).toBeGreaterThan(100)
})

test('what the backend put last stays beside what a person accepts, and is not there where it put nothing', () => {
  const terms = { document: 'terms', version: '2' }
  expect(withConsent({}, terms, 5)).toStrictEqual({ terms: { version: '2', acceptedAt: 5 } })
  const put = withConsent({}, terms, 5, '2')
  expect(withConsent(put, { ...terms, version: '3' }, 6)).toStrictEqual({
    terms: { version: '3', acceptedAt: 6, lastPut: '2' },
  })
})

test('of a list nothing else is accepted, and the refusal names the field', () => {
  const listed = ['terms@3', 'privacy@1']
  expect(agreementProblem({ document: 'terms', version: '3' }, listed)).toBeUndefined()
  expect(agreementProblem({ document: 'terms', version: '4' }, listed)).toEqual({
    field: 'version',
    message: 'is none of this document that can be accepted',
  })
  expect(agreementProblem({ document: 'cookies', version: '1' }, listed)).toEqual({
    field: 'document',
    message: 'is none that can be accepted',
  })
  // Neither half may carry the other's part of the name.
  expect(agreementProblem({ document: 'terms@3', version: '' }, listed)?.field).toBe('document')
  expect(agreementProblem({ document: 'anything', version: '9' }, [])).toBeUndefined()
})

test('no two agreements have one name, and plain ones are their name', () => {
  expect(agreementName({ document: 'terms', version: '3' })).toBe('terms@3')
  const part = fc.stringMatching(/^[a@%0-9]{1,4}$/)
  const agreement = fc.record({ document: part, version: part })
  fc.assert(
    fc.property(agreement, agreement, (a, b) => {
      const same = a.document === b.document && a.version === b.version
      expect(agreementName(a) === agreementName(b)).toBe(same)
      const read = parseAgreement(agreementName(a))
      expect(read).toEqual({ document: encodeURIComponent(a.document), version: a.version })
    }),
  )
})

const longest = `${'d'.repeat(100)}@${'v'.repeat(50)}`
test.each(['terms@3', 't@3', 'our terms@2026-11 (draft)', 'terms@@', longest])(
  '%j lists an agreement',
  (name) => {
    expect([isAgreementName(name), canBeMet(name, []), canBeMet(name, [name])]).toEqual([true, true, true])
  },
)

const longer = [`d${longest}`, `${longest}v`]
test.each(['terms', '@3', ' @3', 'terms@', 'terms@ ', 'terms@1,2', 'a,terms@1', '', ...longer])(
  '%j lists no agreement',
  (name) => {
    expect(isAgreementName(name)).toBe(false)
  },
)

test('what opens the PIN gate is any agreement, a document, or one version of it', () => {
  expect(['', 'terms', 'd'.repeat(100), 'terms@3'].filter((text) => !canBeMet(text, []))).toEqual([])
  const none = ['@', ' ', 'terms@', 'terms@ ', '@3', 'a,terms', 'd'.repeat(101)]
  for (const listed of [[], ['terms@3']]) expect(none.filter((text) => canBeMet(text, listed))).toEqual([])
})

test('of a list, one must open the gate', () => {
  expect(canBeMet('terms@1', ['privacy@2', 'terms@1'])).toBe(true)
  expect(canBeMet('terms', ['privacy@2', 'terms@1'])).toBe(true)
  expect(canBeMet('terms@2', ['terms@1', 'privacy@2'])).toBe(false)
  expect(canBeMet('cookies', ['terms@1', 'privacy@2'])).toBe(false)
})
