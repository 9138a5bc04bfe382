/** What is mutated, in groups, and the tests that have to notice: the quick ones, which start no stack. */
import { globSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

const groups = {
  domain: ['shared/domain/*.ts'],
  limiter: ['shared/stores/{registers,limits,person-limits}.ts'],
  sealing: ['shared/crypto/{seal,sealed,put-hash,compare,codes,phc,tokens,scheme,hashing}.ts'],
  ledger: ['shared/ledger/*.ts'],
  contract: ['shared/contract/{flows,schemas}.ts'],
} as const

export type Group = keyof typeof groups
export const groupNames = Object.keys(groups) as Group[]

/** A list of words, not code. */
const lists = 'shared/domain/common-passwords*.ts'

const found = (patterns: readonly string[], exclude: readonly string[] = []) =>
  globSync([...patterns], { cwd: root, exclude: [...exclude] }).toSorted()

export const mutated = (group: Group): string[] => found(groups[group], [lists])

/** The tests of whole files, in two lanes that run side by side; those that take seconds last, when few mutants are left. */
export const lanes: readonly (readonly string[])[] = [
  found([
    'test/ledger/{canonical,entry,guess-state,lines,receipt,sealing,tree,verify,verify-signed}.test.ts',
  ]),
  [
    ...found(
      ['test/unit/*.test.ts', 'test/unit/crypto/*.test.ts'],
      [
        'test/unit/{attacks,aws-client,bench,leaks,limits,registers}.test.ts',
        'test/unit/crypto/{breach,seal}.test.ts',
      ],
    ),
    'test/unit/crypto/seal.test.ts',
    'test/unit/limits.test.ts',
    'test/unit/registers.test.ts',
  ],
]
