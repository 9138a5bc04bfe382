/** Tampered exports in folders, judged by both verifiers, with and without what was kept outside. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tampered as Finding, Unusable } from '#shared/ledger/findings.ts'
import { secondVerifier, type Verdict } from '#test/verifier/verifiers.ts'
import { verifyFolder } from '../../cli/verify-folder.ts'
import { type ExportText, exportText, falsehoodIn, pemOf, writeExport } from './export-text.ts'
import { type Ledger, linesOf } from './forge.ts'
import type { Expected, Tampered } from './tampering.ts'

export interface Case {
  readonly name: string
  readonly honest: Ledger
  readonly text: ExportText
  /** What must become of it, where that is known; else it must say nothing false where it is accepted. */
  readonly expected?: Expected
  /** Of two tamperings verifiers may find either first, the one exit code or the other. */
  readonly mixed?: true
}

/** @returns undefined when the tampering changed nothing */
export function structuredCase(name: string, honest: Ledger, tampered: Tampered): Case | undefined {
  const text = exportText(tampered)
  return isSame(text, exportText(honest)) ? undefined : { name, honest, text, expected: tampered.expected }
}

export const isSame = (one: ExportText, other: ExportText) =>
  one.entries === other.entries && one.checkpoints === other.checkpoints && one.publicKey === other.publicKey

const ways = ['alone', 'with the key', 'with a checkpoint', 'with both'] as const
type Way = (typeof ways)[number]

/** Whether each way must accept: alone, with the key from outside, with a checkpoint kept outside, with both. */
export const accepted: Readonly<Record<Expected, readonly boolean[]>> = {
  found: [false, false, false, false],
  key: [true, false, false, false],
  'key-only': [true, false, true, false],
  witness: [true, true, false, false],
  open: [true, true, true, true],
}

/** Findings name an entry, a chain, a checkpoint, a line or a file. */
export const named =
  /^(?:[\w/-]+ seq [0-9]+|(?:identity|unknown)\/[\w-]+|system|checkpoint [0-9]+|\S*[a-z-]+\.(?:ndjson|pem)(?: line [0-9]+)?)(?::| is | holds | has )/

function first(folder: string, outside: Parameters<typeof verifyFolder>[1]): Verdict {
  try {
    verifyFolder(folder, outside)
    return { code: 0, said: '' }
  } catch (error) {
    if (error instanceof Finding) return { code: 1, said: error.message }
    if (error instanceof Unusable) return { code: 2, said: error.message }
    throw error
  }
}

function outsideOf(folder: string, { checkpoints, publicKey }: Ledger, way: Way) {
  const [checkpoint, key] = [join(folder, 'kept.ndjson'), join(folder, 'outside.pem')]
  writeFileSync(checkpoint, `${linesOf(checkpoints.slice(-1))[0]}\n`)
  writeFileSync(key, pemOf(publicKey))
  return {
    ...((way === 'with the key' || way === 'with both') && { publicKey: key }),
    ...((way === 'with a checkpoint' || way === 'with both') && { checkpoint }),
  }
}

const wordsOf = (folder: string, outside: { publicKey?: string; checkpoint?: string }) => [
  folder,
  ...(outside.publicKey ? ['--public-key', outside.publicKey] : []),
  ...(outside.checkpoint ? ['--checkpoint', outside.checkpoint] : []),
]

/** What is wrong with the verdicts on a case, by its ways. */
function problemsOf(tampered: Case, verdicts: readonly (readonly [Verdict, Verdict])[]): string[] {
  const { expected, honest, text, mixed } = tampered
  return verdicts.flatMap(([one, other], place) => {
    const way = ways[place]
    const says = (problem: string) =>
      `${tampered.name}, ${way}: ${problem} (${one.code} ${one.said} | ${other.code} ${other.said.trim()})`
    const agree = mixed ? (one.code === 0) === (other.code === 0) : one.code === other.code
    if (!agree) return [says('the verifiers disagree')]
    if (one.code !== 0 && !named.test(one.said)) return [says('the finding names nothing')]
    if (expected !== undefined)
      return (one.code === 0) === accepted[expected][place] ? [] : [says(`it is not ${expected}`)]
    const falsehood = one.code === 0 ? falsehoodIn(text, exportText(honest)) : undefined
    return falsehood === undefined ? [] : [says(`it was accepted, but not as it was: ${falsehood}`)]
  })
}

export interface Judged {
  readonly problems: readonly string[]
  /** Exports that the first way, without anything from outside, accepted. */
  readonly accepted: number
}

/** @param folder in which a folder is made for each case */
export function judgeCases(folder: string, cases: readonly Case[]): Judged {
  const runs = cases.flatMap((tampered, place) => {
    const path = join(folder, String(place))
    writeExport(path, tampered.text)
    return ways.map((way) => ({ path, outside: outsideOf(path, tampered.honest, way) }))
  })
  const seconds = secondVerifier(runs.map(({ path, outside }) => wordsOf(path, outside)))
  const verdicts = runs.map(({ path, outside }, place) => {
    return [first(path, outside), seconds[place] ?? { code: -1, said: 'nothing' }] as const
  })
  const of = (place: number) => verdicts.slice(place * ways.length, (place + 1) * ways.length)
  return {
    problems: cases.flatMap((tampered, place) => problemsOf(tampered, of(place))),
    accepted: cases.filter((_, place) => of(place)[0]?.[0].code === 0).length,
  }
}
