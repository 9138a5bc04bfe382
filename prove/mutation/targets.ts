/** What is mutated, in groups, and the tests that have to notice: the quick ones, which start no stack. */
import { globSync, readFileSync } from 'node:fs'
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

const quickOfLedger =
  'test/ledger/{canonical,entry,guess-state,lines,receipt,sealing,tree,verify,verify-signed}.test.ts'

/** The mutated files, each with its group. */
export const mutatedFiles = (): ReadonlyMap<string, Group> =>
  new Map(groupNames.flatMap((group) => found(groups[group], [lists]).map((file) => [file, group] as const)))

/** Quick tests that take seconds or start a process, and are about files that are not mutated. */
const others = ['test/unit/{attacks,aws-client,bench,leaks}.test.ts', 'test/unit/crypto/breach.test.ts']

/** The quick tests that name a file of the group: a mutant of what is set up once is put before all of them. */
export function testsOf(group: Group): string[] {
  const named = [...mutatedFiles()].flatMap(([file, of]) => (of === group ? [`'#${file}'`] : []))
  return found(['test/{unit,unit/crypto}/*.test.ts', quickOfLedger], others).filter((test) => {
    const text = readFileSync(join(root, test), 'utf8')
    return named.some((name) => text.includes(name))
  })
}
