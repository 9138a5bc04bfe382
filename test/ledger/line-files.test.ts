import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { LineSorter, LineWriter, readLines } from '../../cli/line-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-lines-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (content: string | Buffer) => {
  const path = join(folder, 'lines')
  writeFileSync(path, content)
  return path
}

describe('reading lines', () => {
  test('gives back what was written, lines longer than the buffer and of any script too', () => {
    const lines = ['short', '', 'ü'.repeat(900_000), 'x'.repeat(3_000_000), '終わり']
    const path = join(folder, 'written')
    const writer = new LineWriter(path)
    for (const line of lines) writer.write(line)
    writer.close()
    expect([...readLines(path)]).toEqual(lines)
  })

  test('takes a last line without its end, and no line from an empty file', () => {
    expect([...readLines(file('a\nb'))]).toEqual(['a', 'b'])
    expect([...readLines(file(''))]).toEqual([])
    expect([...readLines(file('\ufeffa\n'))]).toEqual(['\ufeffa'])
  })

  test('refuses what is not UTF-8 rather than reading something else', () => {
    expect(() => [...readLines(file(Buffer.from([0x61, 0xff, 0x0a])))]).toThrow('is not UTF-8')
  })
})

describe('sorting lines', () => {
  test('gives the same with and without runs on disk, and leaves none behind', () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '/', '\t', '~') }), { maxLength: 300 })
    fc.assert(
      fc.property(lines, fc.integer({ min: 64, max: 5000 }), (list, bytes) => {
        const sorter = new LineSorter(folder, bytes)
        for (const line of list) sorter.add(line)
        expect([...sorter.sorted()]).toEqual(list.toSorted())
        sorter.close()
      }),
      { numRuns: 60 },
    )
    expect(readdirSync(folder).filter((name) => name.startsWith('latchkey-sort'))).toEqual([])
  })
})
