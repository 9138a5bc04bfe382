/** Tampered exports at random, many: both verifiers find and name each, or it is on the list of what an export cannot prove. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { ledgerKey, ledgers, picks } from '#test/ledger/arbitrary-ledgers.ts'
import { exportText } from '#test/ledger/export-text.ts'
import type { Ledger } from '#test/ledger/forge.ts'
import { type Case, isSame, type Judged, judgeCases, structuredCase } from '#test/ledger/tamper-cases.ts'
import { fork, type Picks, type Tampering, tamperings } from '#test/ledger/tampering.ts'
import { textualTamperings } from '#test/ledger/textual-tampering.ts'
import { missingCommands } from '#test/verifier/verifiers.ts'
import { measured } from '../bench/figures.ts'
import { type Proof, wholeNumber } from './proof.ts'

/** Cases of one round: each tampering once, and mixtures of two. */
const mixtures = 10

const structured: Readonly<Record<string, Tampering>> = { ...tamperings, fork: fork(ledgerKey) }
const names = [...Object.keys(structured), ...Object.keys(textualTamperings)]

/** Any tampering of an export's text; one that needs a ledger starts from the honest one. */
function textAfter(name: string, honest: Ledger, text: Case['text'], chosen: Picks): Case['text'] {
  const change = structured[name]
  return change ? exportText(change(honest, chosen)) : (textualTamperings[name]?.(text, chosen) ?? text)
}

function casesOf(honest: Ledger, drawn: readonly Picks[]): Case[] {
  const next = drawn[Symbol.iterator]()
  const draw = (): Picks => next.next().value ?? [0, 0, 0]
  const text = exportText(honest)
  const known = Object.entries(structured).map(([name, change]) =>
    structuredCase(name, honest, change(honest, draw())),
  )
  const textual = Object.entries(textualTamperings).map(([name, change]) => ({
    name,
    honest,
    text: change(text, draw()),
  }))
  // What a mixture must come to is not known, but it must never be believed in what is false. A key or a fork would be.
  const believable = names.filter((name) => !/key|fork/.test(name))
  const mixed = Array.from({ length: mixtures }, () => {
    const [first, second] = draw().map((number) => believable[number % believable.length] ?? '')
    const once = textAfter(first ?? '', honest, text, draw())
    const twice = structured[second ?? ''] ? once : textAfter(second ?? '', honest, once, draw())
    return { name: `${first}; ${second}`, honest, text: twice, mixed: true as const }
  })
  return [...known, ...textual, ...mixed]
    .filter((each) => each !== undefined)
    .filter((each) => !isSame(each.text, text))
}

function judgeRound(): Judged & { readonly cases: number } {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-tamper-'))
  try {
    const [honest] = fc.sample(ledgers, 1)
    if (honest === undefined) throw new Error('no ledger')
    const cases = casesOf(honest, fc.sample(picks, 2 * names.length + 4 * mixtures))
    return { ...judgeCases(folder, cases), cases: cases.length }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const proof: Proof = {
  about:
    'Every tampering with an export is found and named, or on the written list; two verifiers agree (G9).',
  options: { rounds: { type: 'string' } },
  async *run(values, report) {
    const missing = missingCommands()
    if (missing.length > 0) throw new Error(`The second verifier needs ${missing.join(' and ')}.`)
    const rounds = wholeNumber(values, 'rounds', 100, { least: 1, most: 1_000_000 })
    const start = performance.now()
    let [cases, accepted, problems] = [0, 0, 0]
    for (let round = 1; round <= rounds; round += 1) {
      const judged = judgeRound()
      cases += judged.cases
      accepted += judged.accepted
      problems += judged.problems.length
      for (const problem of judged.problems) report(problem)
      if (round % 10 === 0) report(`${round} rounds, ${cases} tampered exports, ${problems} problems`)
    }
    yield measured('tamper_kinds', names.length, 'kinds')
    yield measured('tamper_exports', cases, 'exports', { least: rounds })
    yield measured(
      'tamper_accepted_alone',
      accepted,
      'exports',
      {},
      'all on the list, or saying nothing else',
    )
    yield measured('tamper_problems', problems, 'exports', { least: 0, most: 0 })
    yield measured('tamper_minutes', (performance.now() - start) / 60_000, 'min')
  },
}
