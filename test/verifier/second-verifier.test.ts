import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { writeCopy } from '#test/ledger/bucket-copy.ts'
import { latchkey } from '#test/ledger/command-line.ts'
import { exportText, pemOf, writeExport } from '#test/ledger/export-text.ts'
import { newKey, publicKeyOf, sampleLedger } from '#test/ledger/forge.ts'
import { isSame, judgeCases, structuredCase } from '#test/ledger/tamper-cases.ts'
import { fork, type Tampering, tamperings } from '#test/ledger/tampering.ts'
import { textualTamperings } from '#test/ledger/textual-tampering.ts'
import { sampleOf } from '#test/support/whole.ts'
import { firstVerifier, missingCommands, secondVerifier } from './verifiers.ts'

const missing = missingCommands()
if (missing.length > 0) console.warn(`The second verifier is not run: ${missing.join(' and ')} not found.`)

const folder = mkdtempSync(join(tmpdir(), 'latchkey-verifiers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const key = newKey()
const ledger = sampleLedger(key)
const text = exportText(ledger)

/** Exit codes of both for each export: the second verifier asked once for all, the first one in this process. */
async function codesOf(paths: readonly string[], ...options: string[]) {
  const second = secondVerifier(paths.map((path) => [path, ...options]))
  const codes = []
  for (const [place, path] of paths.entries()) {
    const { code } = await latchkey(['ledger', 'verify', path, ...options])
    codes.push({ first: code, second: second[place]?.code })
  }
  return codes
}

describe.skipIf(missing.length > 0)('the second verifier', () => {
  test('finds the published vectors right, with the same counts as the first', () => {
    const words = ['test/verifier/vectors']
    const [result] = secondVerifier([words])
    expect(result).toEqual({ code: 0, said: 'verifies: 5 entries, 2 chains, 3 checkpoints, 1 uncovered\n' })
    const { code, said } = firstVerifier(words)
    expect(code).toBe(0)
    expect(said).toContain('5 entries in 2 chains, 3 checkpoints with 3 leaves.\n1 entries are newer')
  })

  test('judges tampered exports as the first one does, alone and with what was kept outside', () => {
    // Half of them a day, all in `npm run prove -- whole-tests`.
    const half = <T>(all: readonly T[]) => sampleOf(all, Math.ceil(all.length / 2))
    // One that an export alone never shows is among them each day.
    const open = 'sign all of it anew with another key'
    const drawnToday = Object.fromEntries(half(Object.entries({ ...tamperings, fork: fork(key) })))
    const structured = Object.entries({ ...drawnToday, [open]: tamperings[open] as Tampering })
    const textual = half(Object.entries(textualTamperings))
    const count = structured.length + textual.length
    const drawn = fc.sample(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { numRuns: count, seed: 20 })
    const picked = (place: number) => drawn[place] ?? ([0, 0, 0] as const)
    const cases = [
      ...structured.map(([name, change], place) =>
        structuredCase(name, ledger, change(ledger, picked(place))),
      ),
      ...textual.map(([name, change], place) => {
        const changed = change(text, picked(structured.length + place))
        return isSame(changed, text) ? undefined : { name, honest: ledger, text: changed }
      }),
    ].filter((each) => each !== undefined)
    // A draw now and then hits what a tampering leaves as it is; most do not.
    expect(cases.length).toBeGreaterThan(count * 0.8)
    const { problems, accepted } = judgeCases(folder, cases)
    expect(problems).toEqual([])
    expect(accepted).toBeGreaterThan(0)
  }, 120_000)

  test('refuses lines nested too deep and keys that stand twice, as the first one does', async () => {
    const [line = ''] = text.entries.split('\n')
    const more = (value: string) => line.replace(/}$/, `,"zz":${value}}`)
    const cases: readonly (readonly [string, string, number])[] = [
      ['32 levels below the line itself', more('['.repeat(32) + ']'.repeat(32)), 1],
      ['60,000 levels', more('['.repeat(60_000) + ']'.repeat(60_000)), 1],
      ['60,000 levels without an end', '['.repeat(60_000), 1],
      ['33 levels without an end', '['.repeat(33), 1],
      ['32 levels without an end', '['.repeat(32), 2],
      ['a key twice', line.replace('"seq":1,', '"seq":1,"seq":1,'), 1],
      ['a key twice in what nothing reads', more('{"a":1,"a":1}'), 1],
    ]
    const paths = cases.map(([, each], place) => {
      const path = join(folder, `lines-${place}`)
      writeExport(path, { ...text, entries: text.entries.replace(line, () => each) })
      return path
    })
    const codes = await codesOf(paths)
    for (const [place, [name, , code]] of cases.entries())
      expect([name, codes[place]]).toEqual([name, { first: code, second: code }])
  }, 60_000)

  test('refuses what is no export with the same exit code', async () => {
    const path = join(folder, 'whole')
    writeExport(path, text)
    const ruin: Record<string, (ruined: string) => void> = {
      'an empty file': (ruined) => writeFileSync(join(ruined, 'entries.ndjson'), ''),
      'no JSON': (ruined) => writeFileSync(join(ruined, 'checkpoints.ndjson'), 'no JSON\n'),
      'no key': (ruined) => writeFileSync(join(ruined, 'public-key.pem'), 'no key'),
      'a folder for a file': (ruined) => {
        rmSync(join(ruined, 'entries.ndjson'))
        mkdirSync(join(ruined, 'entries.ndjson'))
      },
      nothing: (ruined) => rmSync(ruined, { recursive: true }),
    }
    const paths = Object.values(ruin).map((make, place) => {
      const ruined = join(folder, `ruined-${place}`)
      cpSync(path, ruined, { recursive: true })
      make(ruined)
      return ruined
    })
    const codes = await codesOf(paths)
    for (const [place, what] of Object.keys(ruin).entries())
      expect([what, codes[place]]).toEqual([what, { first: 2, second: 2 }])
  })

  test('reads a copy of the bucket as the first one does, whole and with something wrong in it', async () => {
    const honest = join(folder, 'copy')
    writeCopy(honest, ledger)
    const kept = join(folder, 'kept.pem')
    writeFileSync(kept, pemOf(publicKeyOf(key)))
    const one = 'entries/000000000001/a.ndjson'
    const lineOf = (copy: string) => readFileSync(join(copy, one), 'utf8').split('\n')[0] ?? ''
    const copies: readonly (readonly [string, number, (copy: string) => void])[] = [
      ['as it is', 0, () => undefined],
      [
        'an entry kept twice',
        0,
        (copy) => appendFileSync(join(copy, 'entries/000000000004/a.ndjson'), `${lineOf(copy)}\n`),
      ],
      [
        'an object of another folder',
        0,
        (copy) => renameSync(join(copy, 'entries/000000000002'), join(copy, 'entries/000000000000')),
      ],
      [
        'an export beside it, whose older state would stand in its place',
        2,
        (copy) => {
          writeExport(copy, text)
          rmSync(join(copy, one))
        },
      ],
      ['what is none of it', 0, (copy) => writeFileSync(join(copy, 'entries/.note'), '')],
      ['an object missing', 1, (copy) => rmSync(join(copy, one))],
      [
        'an entry twice, not alike',
        1,
        (copy) => appendFileSync(join(copy, one), `${lineOf(copy).replace('"LOGIN"', '"LOGOUT"')}\n`),
      ],
      [
        'an entry changed',
        1,
        (copy) =>
          writeFileSync(
            join(copy, one),
            readFileSync(join(copy, one), 'utf8').replace('"LOGIN"', '"LOGOUT"'),
          ),
      ],
      [
        'a line in another form',
        1,
        (copy) => appendFileSync(join(copy, one), `${lineOf(copy).replace('{', '{ ')}\n`),
      ],
      ['a checkpoint missing', 1, (copy) => rmSync(join(copy, 'checkpoints/000000000002.json'))],
      [
        'checkpoints in another order',
        1,
        (copy) =>
          renameSync(
            join(copy, 'checkpoints/000000000002.json'),
            join(copy, 'checkpoints/000000000009.json'),
          ),
      ],
      [
        'two checkpoints in one object',
        1,
        (copy) =>
          appendFileSync(
            join(copy, 'checkpoints/000000000001.json'),
            readFileSync(join(copy, 'checkpoints/000000000002.json')),
          ),
      ],
      ['no entries', 2, (copy) => rmSync(join(copy, 'entries'), { recursive: true })],
      ['no JSON', 2, (copy) => appendFileSync(join(copy, one), 'no JSON\n')],
    ]
    const paths = copies.map(([, , spoil], place) => {
      const copy = join(folder, `copy-${place}`)
      cpSync(honest, copy, { recursive: true })
      spoil(copy)
      return copy
    })
    const codes = await codesOf(paths, '--public-key', kept)
    for (const [place, [what, code]] of copies.entries())
      expect([what, codes[place]]).toEqual([what, { first: code, second: code }])
    // The bucket holds no key.
    expect(await codesOf([honest])).toEqual([{ first: 2, second: 2 }])
  }, 60_000)
})
