import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type Ledger, linesOf, sampleLedger } from '../ledger/forge.ts'
import { type Tampered, tamperings } from '../ledger/tampering.ts'

const needed = ['python3', 'openssl']
const missing = needed.filter((command) => spawnSync(command, ['--help']).error !== undefined)
if (missing.length > 0) console.warn(`The second verifier is not run: ${missing.join(' and ')} not found.`)

const folder = mkdtempSync(join(tmpdir(), 'latchkey-verifiers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ledger = sampleLedger()
const pemOf = (key: Ledger['publicKey']) => key.export({ format: 'pem', type: 'spki' })
const kept = { '--checkpoint': join(folder, 'kept'), '--public-key': join(folder, 'key.pem') }
writeFileSync(kept['--checkpoint'], `${linesOf(ledger.checkpoints.slice(-1))[0]}\n`)
writeFileSync(kept['--public-key'], pemOf(ledger.publicKey))

interface Case {
  readonly words: readonly string[]
  readonly code: number
}
const cases: Case[] = []

function writeExport(tampered: Omit<Tampered, 'expected'>): string {
  const path = join(folder, String(cases.length))
  mkdirSync(path)
  const text = (items: readonly object[]) =>
    linesOf(items)
      .map((line) => `${line}\n`)
      .join('')
  writeFileSync(join(path, 'entries.ndjson'), text(tampered.entries))
  writeFileSync(join(path, 'checkpoints.ndjson'), text(tampered.checkpoints))
  writeFileSync(join(path, 'public-key.pem'), pemOf(tampered.publicKey))
  return path
}

const outside = Object.entries(kept).flat()

/** Runs each command line in one process of the second verifier; one process for each would take minutes. */
const driver = `
import contextlib, io, json, sys
sys.path.insert(0, "test/verifier")
sys.dont_write_bytecode = True
import verify
for words in json.load(sys.stdin):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = verify.main(words)
    print(json.dumps([code, said.getvalue()]))
`
function second(all: readonly (readonly string[])[]): [number, string][] {
  const output = execFileSync('python3', ['-c', driver], { input: JSON.stringify(all), encoding: 'utf8' })
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as [number, string])
}
/** The first verifier, by its command line. */
const first = (words: readonly string[]) =>
  spawnSync(process.execPath, ['cli/latchkey.js', 'ledger', 'verify', ...words], { encoding: 'utf8' })

describe.skipIf(missing.length > 0)('the second verifier', () => {
  test('finds the published vectors right, with the same counts as the first', () => {
    const words = ['test/verifier/vectors']
    const [result] = second([words])
    expect(result).toEqual([0, 'verifies: 5 entries, 2 chains, 3 checkpoints, 1 uncovered\n'])
    const { status, stdout } = first(words)
    expect(status).toBe(0)
    expect(stdout).toContain('5 entries in 2 chains, 3 checkpoints with 3 leaves.\n1 entries are newer')
  })

  test('judges tampered exports as the first one does, alone and with what was kept outside', () => {
    const samples = fc.sample(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { numRuns: 2, seed: 20 })
    for (const tamper of Object.values(tamperings))
      for (const picks of samples) {
        const tampered = tamper(ledger, picks)
        const path = writeExport(tampered)
        const found = tampered.expected === 'found'
        cases.push({ words: [path], code: found ? 1 : 0 })
        cases.push({ words: [path, ...outside], code: tampered.expected === 'open' ? 0 : 1 })
      }
    const results = second(cases.map(({ words }) => words))
    expect(results.map(([code]) => code)).toEqual(cases.map(({ code }) => code))
  }, 60_000)

  test('refuses what is no export with the same exit code', () => {
    const path = writeExport(ledger)
    const ruin: Record<string, string | Buffer> = {
      'entries.ndjson': '',
      'checkpoints.ndjson': 'no JSON\n',
      'public-key.pem': 'no key',
    }
    for (const [name, content] of Object.entries(ruin)) {
      const ruined = join(folder, `ruined-${name}`)
      mkdirSync(ruined)
      for (const other of Object.keys(ruin)) execFileSync('cp', [join(path, other), join(ruined, other)])
      writeFileSync(join(ruined, name), content)
      expect([second([[ruined]])[0]?.[0], first([ruined]).status]).toEqual([2, 2])
    }
    expect([second([[join(folder, 'nowhere')]])[0]?.[0], first([join(folder, 'nowhere')]).status]).toEqual([
      2, 2,
    ])
  })
})
