import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Tampered, Unusable } from '#shared/ledger/findings.ts'
import { sized } from '#test/support/whole.ts'
import { ledgerKey, ledgers, picks } from './arbitrary-ledgers.ts'
import { type Ledger, linesOf, verifyLines } from './forge.ts'
import { accepted, named } from './tamper-cases.ts'
import { fork, isUntouched, tamperings } from './tampering.ts'

type Exported = Pick<Ledger, 'publicKey'> & {
  readonly entries: readonly object[]
  readonly checkpoints: readonly object[]
  readonly addedKey?: Ledger['publicKey']
}

/** What a verifier says: the finding, or that all is well. */
function verdict(
  { entries, checkpoints, publicKey, addedKey }: Exported,
  outside: { key?: Ledger['publicKey']; kept?: Ledger['checkpoints'] } = {},
): Tampered | Unusable | 'verifies' {
  const ownKeys = addedKey ? [publicKey, addedKey] : [publicKey]
  const keys = outside.key ? [outside.key] : ownKeys
  const lines = { entries: linesOf(entries), checkpoints: linesOf(checkpoints) }
  try {
    verifyLines({ ...lines, keys, ownKeys, witnessed: outside.kept ?? [] })
    return 'verifies'
  } catch (error) {
    if (error instanceof Tampered || error instanceof Unusable) return error
    throw error
  }
}

describe('an honest ledger', () => {
  test('verifies, whatever its chains and checkpoints, also against each checkpoint kept outside', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        expect(verdict(ledger)).toBe('verifies')
        expect(verdict(ledger, { key: ledger.publicKey, kept: ledger.checkpoints })).toBe('verifies')
      }),
      { numRuns: sized(15, 50) },
    )
  })
})

describe('every tampering with an export is found and named, or on the list of what it cannot prove', () => {
  test.each(Object.entries({ ...tamperings, fork: fork(ledgerKey) }))('%s', (_, tamper) => {
    fc.assert(
      fc.property(ledgers, picks, (ledger, chosen) => {
        const tampered = tamper(ledger, chosen)
        if (isUntouched(ledger, tampered)) return
        const key = ledger.publicKey
        const kept = ledger.checkpoints.slice(-1)
        const verdicts = [{}, { key }, { kept }, { key, kept }].map((outside) => verdict(tampered, outside))
        expect(verdicts.map((found) => found === 'verifies')).toEqual(accepted[tampered.expected])
        for (const finding of verdicts) if (finding !== 'verifies') expect(finding.message).toMatch(named)
      }),
      { numRuns: sized(15, 60) },
    )
  })
})
