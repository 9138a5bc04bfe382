/** Honest ledgers of any shape, and numbers that a tampering takes its places and kinds from. */
import fc from 'fast-check'
import { type Ledger, makeLedger, newKey } from './forge.ts'
import type { Picks } from './tampering.ts'

/** The key that signs them. */
export const ledgerKey = newKey()

const names = ['identity/u-1', 'identity/u-10', 'identity/u-2', 'system', 'unknown/00']
const appended = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 1, max: 3 }), { maxKeys: 4 })
const rounds = fc.array(fc.record({ appended }), { minLength: 1, maxLength: 5 })

export const ledgers: fc.Arbitrary<Ledger> = fc
  .tuple(rounds, appended)
  .map(([sealed, tail]) => makeLedger(sealed, tail, ledgerKey))
  .filter((ledger) => ledger.entries.length > 1)

export const picks: fc.Arbitrary<Picks> = fc.tuple(fc.nat(), fc.nat(), fc.nat())
