import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { canonical } from '#shared/ledger/canonical.ts'
import { type Checkpoint, leafText, signedText, statementHash } from '#shared/ledger/checkpoint.ts'
import { type Entry, entryHash } from '#shared/ledger/entry.ts'
import { parseReceipt, verifyReceipt } from '#shared/ledger/receipt.ts'
import { leafHash } from '#shared/ledger/tree.ts'
import { verifyExport } from '#shared/ledger/verify.ts'
import { keysIn } from '../../cli/export-files.ts'
import { readLines } from '../../cli/line-files.ts'

const folder = 'test/verifier/vectors/'
const text = (name: string) => readFileSync(folder + name, 'utf8')
const objects = <T>(name: string) => [...readLines(folder + name)].map((line) => JSON.parse(line) as T)
const page = readFileSync('docs/ledger-format.md', 'utf8')
const pem = text('public-key.pem')
const keys = keysIn(pem, 'vectors')
const entries = objects<Entry>('entries.ndjson')
const checkpoints = objects<Checkpoint>('checkpoints.ndjson')

describe('the published vectors', () => {
  test('verify', () => {
    const kept: string[] = []
    const sorter = { add: (line: string) => void kept.push(line), sorted: () => kept.sort() }
    const input = {
      entries: readLines(`${folder}entries.ndjson`),
      checkpoints: readLines(`${folder}checkpoints.ndjson`),
      keys,
      ownKeys: keys,
      witnessed: checkpoints,
    }
    expect(verifyExport(input, sorter)).toEqual({
      entries: 5,
      chains: 2,
      checkpoints: 3,
      leaves: 3,
      uncovered: 1,
    })
  })

  test('stand in the page that describes the format', () => {
    const { hash, ...first } = entries[0] as Entry
    expect(entryHash(first)).toBe(hash)
    const [one] = checkpoints as [Checkpoint]
    const leaves = one.leaves.flatMap((leaf) => [leafText(leaf), leafHash(leafText(leaf)).toString('hex')])
    const values = [canonical(first), hash, ...leaves, signedText(one), one.signature, one.root, pem]
    for (const value of [...values, ...checkpoints.map(statementHash)]) expect(page).toContain(value)
  })

  test('hold a receipt that proves its entry', () => {
    expect(verifyReceipt(parseReceipt(text('receipt.json')), keys)).toEqual(entries[0])
  })
})
