import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Tampered, Unusable } from '#shared/ledger/findings.ts'
import { type Ledger, linesOf, makeLedger, newKey, verify } from './forge.ts'
import { isUntouched, type Picks, tamperings } from './tampering.ts'

const key = newKey()
const names = ['identity/u-1', 'identity/u-10', 'identity/u-2', 'system', 'unknown/00']
const appended = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 1, max: 3 }), { maxKeys: 4 })
const rounds = fc.array(fc.record({ appended }), { minLength: 1, maxLength: 5 })
const ledgers = fc
  .tuple(rounds, appended)
  .map(([sealed, tail]) => makeLedger(sealed, tail, key))
  .filter((ledger) => ledger.entries.length > 1)
const picks: fc.Arbitrary<Picks> = fc.tuple(fc.nat(), fc.nat(), fc.nat())

/** What a verifier says: the finding, or that all is well. */
function verdict(
  ledger: Pick<Ledger, 'publicKey'> & { entries: readonly object[]; checkpoints: readonly object[] },
  outside: { key?: Ledger['publicKey']; kept?: Ledger['checkpoints'] } = {},
): Tampered | Unusable | 'verifies' {
  const lines = { entries: linesOf(ledger.entries), checkpoints: linesOf(ledger.checkpoints) }
  try {
    verify(lines, ledger.publicKey, outside.kept ?? [], outside.key)
    return 'verifies'
  } catch (error) {
    if (error instanceof Tampered || error instanceof Unusable) return error
    throw error
  }
}

/** Findings name an entry, a chain, a checkpoint or a line. */
const named =
  /^(?:[\w/-]+ seq [0-9]+|(?:identity|unknown)\/[\w-]+|system|checkpoint [0-9]+|[a-z-]+\.(?:ndjson|pem)(?: line [0-9]+)?)(?::| is empty)/

describe('an honest ledger', () => {
  test('verifies, whatever its chains and checkpoints, also against each checkpoint kept outside', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        expect(verdict(ledger)).toBe('verifies')
        expect(verdict(ledger, { key: ledger.publicKey, kept: ledger.checkpoints })).toBe('verifies')
      }),
      { numRuns: 50 },
    )
  })
})

describe('every tampering with an export is found and named', () => {
  test.each(Object.entries(tamperings))('%s', (_, tamper) => {
    fc.assert(
      fc.property(ledgers, picks, (ledger, chosen) => {
        const tampered = tamper(ledger, chosen)
        if (isUntouched(ledger, tampered)) return
        const alone = verdict(tampered)
        const outside = { key: ledger.publicKey, kept: ledger.checkpoints.slice(-1) }
        const held = verdict(tampered, outside)
        if (tampered.expected === 'found') expect(alone).not.toBe('verifies')
        else expect(alone).toBe('verifies')
        if (tampered.expected === 'open') expect(held).toBe('verifies')
        else expect(held).not.toBe('verifies')
        for (const finding of [alone, held])
          if (finding !== 'verifies') expect(finding.message).toMatch(named)
      }),
      { numRuns: 60 },
    )
  })
})
