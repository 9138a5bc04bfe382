/** What is mutated, in groups, and the tests that have to notice: the quick ones, which start no stack. */
import { globSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

const groups = {
  domain: ['shared/domain/*.ts'],
  limiter: ['shared/stores/{registers,limits,person-limits}.ts'],
  sealing: ['shared/crypto/{seal,sealed,put-hash,compare,codes,tokens,scheme,hashing}.ts'],
  ledger: ['shared/ledger/*.ts'],
  contract: ['shared/contract/{flows,phones,schemas}.ts'],
} as const

export type Group = keyof typeof groups
export const groupNames = Object.keys(groups) as Group[]

/** Lists of words, not code. */
const lists = 'shared/domain/common-passwords*.ts'

const found = (patterns: readonly string[], exclude: readonly string[] = []) =>
  globSync([...patterns], { cwd: root, exclude: [...exclude] }).toSorted()

/** The mutated files, each with its group. */
export const mutatedFiles = (): ReadonlyMap<string, Group> =>
  new Map(groupNames.flatMap((group) => found(groups[group], [lists]).map((file) => [file, group] as const)))

/** Those of `test/unit` that start a process, wait, or are about none of the mutated files are left out. */
export const tests = (): string[] => [
  ...found([
    'test/ledger/{canonical,entry,guess-state,lines,receipt,sealing,tree,verify,verify-signed}.test.ts',
  ]),
  ...found(
    ['test/unit/*.test.ts', 'test/unit/crypto/*.test.ts'],
    ['test/unit/{attacks,aws-client,bench,leaks}.test.ts', 'test/unit/crypto/breach.test.ts'],
  ),
]
