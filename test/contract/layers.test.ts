/** The table of layers in docs/architecture.md, held to what is imported. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { deployed } from './sources.ts'

const page = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8')

interface Row {
  /** Names of its folders and files, as the last column says them. */
  readonly names: readonly string[]
  readonly mayImport: string
}

/** Rows of what is deployed from shared/, from the ground up. */
const rows: Row[] = [...page.matchAll(/^\| (`shared\/.*?) \| .* \| (.*) \|$/gm)].map(
  ([, head = '', mayImport = '']) => ({
    names: [...head.matchAll(/`(?:shared\/)?([a-z-]+)(?:\/|\.ts)`/g)].map(([, name = '']) => name),
    mayImport,
  }),
)
const all = rows.flatMap(({ names }) => names)

/** `shared/stores/keys.ts` and `shared/policy.ts` are of `stores` and of `policy`. */
const layerOf = (path: string) => /^shared\/([a-z-]+)/.exec(path)?.[1] ?? ''

const wordsIn = (text: string) => text.replace(/\(.*?\)/g, '').split(/[^a-z-]+/)

/** The names that a row may import: those that its last column has, or all above it but those. */
function allowedFor(row: Row, place: number): string[] {
  const named = wordsIn(row.mayImport)
  const above = rows.slice(0, place).flatMap(({ names }) => names)
  const own = row.mayImport.startsWith('all of these') ? above.filter((name) => !named.includes(name)) : named
  return [...own, ...row.names]
}

describe('the layers', () => {
  test('each file of shared/ is in a row of the table, and each row has files', () => {
    const found = new Set(deployed().map(({ path }) => layerOf(path)))
    found.delete('')
    expect([...found].sort()).toEqual([...all].sort())
  })

  test.each(rows.map((row, place) => [row.names.join(', '), row, place] as const))(
    '%s import what the table allows them, and nothing else of shared/',
    (_, row, place) => {
      const allowed = allowedFor(row, place)
      const files = deployed().filter(({ path }) => row.names.includes(layerOf(path)))
      const wrong = files.flatMap(({ path, imports }) =>
        imports
          .filter((target) => target.startsWith('shared/') && !allowed.includes(layerOf(target)))
          .map((target) => `${path} imports ${target}`),
      )
      expect(wrong).toEqual([])
    },
  )
})
