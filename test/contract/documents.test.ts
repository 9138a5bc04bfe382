/** What the documents cite is there: files, tests by their title, proofs by their name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decisionsTable } from '../../docs/decisions.ts'
import { flowsTable, routesTable } from '../../docs/tables.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

interface Citation {
  readonly file: string
  readonly titles: readonly string[]
}

/** `[label](../test/file.ts) "title"; "title"` */
const cited = /\]\(\.\.\/(test\/[^)\s]+\.ts)\)((?:;? "[^"]+")*)/g
const citationsOf = (text: string): Citation[] =>
  [...text.matchAll(cited)].map(([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  }))

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Whether a file has a test or a group of tests of just this title, and one that runs. A word of a comment is no test. */
function hasTest(source: string, title: string): boolean {
  const call = new RegExp(`(\\.(?:skip|todo|fails))?\\(\\s*(['"\`])${escaped(title)}\\2`, 'g')
  return [...source.matchAll(call)].some(([, stopped]) => stopped === undefined)
}

/** Each file that is cited, with the title of a test in it. */
const namesTests = (text: string): boolean => {
  const citations = citationsOf(text)
  return citations.length > 0 && citations.every(({ titles }) => titles.length > 0)
}

/** Targets of links to files, without their anchors. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))

const proofsOf = (text: string): string[] =>
  [...text.matchAll(/npm run prove -- ([a-z-]+)/g)].map(([, name = '']) => name)

type AnsweredRow = readonly [number: string, asksFor: string, answer: string, how: string]

/** Rows of each table that says how something asked for is answered. */
function answeredRows(text: string): AnsweredRow[] {
  const tables = text.split('\n\n').map((block) => block.split('\n').filter((line) => line.startsWith('| ')))
  return tables
    .filter(([head = '']) => head.includes('| asks for | answer | how |'))
    .flatMap(([, , ...rows]) => rows)
    .map((row) => row.split('|').map((cell) => cell.trim()))
    .map(([, number = '', asksFor = '', answer = '', how = '']) => [number, asksFor, answer, how])
}

const documents = [
  ...[
    'docs/guarantees.md',
    'docs/threat-model.md',
    'docs/controls.md',
    'docs/findings.md',
    'docs/runbook.md',
    'docs/command-line.md',
    'docs/adr/README.md',
    'docs/architecture.md',
    'docs/deploy.md',
    'docs/move-in.md',
    'docs/integrate.md',
    'examples/README.md',
  ],
  ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
]

describe.each(documents)('%s', (path) => {
  const text = read(path)

  test('links to files that are there', () => {
    const lost = linksOf(text).filter((target) => !existsSync(join(root, path, '..', target)))
    expect(lost).toEqual([])
  })

  test('names tests that are there, by their title', () => {
    const lost = citationsOf(text).flatMap(({ file, titles }) => {
      const source = existsSync(join(root, file)) ? read(file) : ''
      return titles.filter((title) => !hasTest(source, title)).map((title) => `${file}: ${title}`)
    })
    expect(lost).toEqual([])
  })

  test('names proofs that are there', () => {
    const lost = proofsOf(text).filter((name) => !existsSync(join(root, 'prove', `${name}.ts`)))
    expect(lost).toEqual([])
  })
})

describe('docs/guarantees.md', () => {
  const sections = read('docs/guarantees.md').split(/^## /m).slice(1)
  const numbers = Array.from({ length: 17 }, (_, index) => `G${index + 1}`)

  test('has each guarantee once, in order', () => {
    expect(sections.map((section) => section.split(' ')[0])).toEqual(numbers)
  })

  test.each(numbers)('%s says what it promises, what shows it and where it ends', (number) => {
    const section = sections.find((each) => each.startsWith(`${number} `)) ?? ''
    for (const part of ['**Says.**', '**Shown by**', '**Limits**']) expect(section).toContain(part)
    const shown = section.split('**Shown by**')[1]?.split('**')[0] ?? ''
    const lines = shown.split('\n').filter((line) => line.startsWith('- '))
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(namesTests(line), line).toBe(true)
  })

  test('links to every test that is named after a guarantee', () => {
    const named = readdirSync(join(root, 'test/guarantees')).filter((name) =>
      /^g\d\d-.*\.test\.ts$/.test(name),
    )
    const linked = new Map(
      sections.map((section) => [section.split(' ')[0], citationsOf(section).map(({ file }) => file)]),
    )
    const unlinked = named.filter((name) => {
      const number = `G${Number(name.slice(1, 3))}`
      return !linked.get(number)?.includes(`test/guarantees/${name}`)
    })
    expect(named.length).toBeGreaterThan(16)
    expect(unlinked).toEqual([])
  })
})

const answers = ['met', 'not met', 'not applicable', 'deployer']

describe('docs/findings.md', () => {
  const rows = answeredRows(read('docs/findings.md'))
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_none, index) => String(from + index))

  test('has every finding about the deployed stack, and those of operators, in order', () => {
    const numbers = rows.map(([number]) => number).filter((each, place, all) => each !== all[place - 1])
    expect(numbers).toEqual([...numbered(1, 15), ...numbered(8, 10)])
  })

  test.each(rows)('%s, %s: is closed by a test that shows it, or says why not', (...row) => {
    const [number, , answer, how] = row
    expect(answers, number).toContain(answer)
    if (answer === 'met') expect(namesTests(how), how).toBe(true)
    else expect(how.length, 'why').toBeGreaterThan(40)
  })
})

describe('docs/controls.md', () => {
  const text = read('docs/controls.md')
  const rows = text.split('\n').filter((line) => /^\| \d+\.\d+\.\d+ /.test(line))
  const numbersOf = (chapter: number) =>
    rows.map((row) => row.split(' ')[1] ?? '').filter((number) => number.startsWith(`${chapter}.`))

  /** Requirements of each section of OWASP ASVS 5.0.0. */
  const sections: Readonly<Record<number, readonly number[]>> = {
    6: [3, 12, 8, 6, 8, 4, 2, 4],
    7: [3, 4, 2, 5, 3, 2],
    16: [1, 5, 4, 3, 4],
  }

  test.each(Object.entries(sections))('has every requirement of ASVS V%s, in order', (chapter, counts) => {
    const all = counts.flatMap((count, section) =>
      Array.from({ length: count }, (_, index) => `${chapter}.${section + 1}.${index + 1}`),
    )
    expect(numbersOf(Number(chapter))).toEqual(all)
  })

  const answered = answeredRows(text)

  test('reads the rows of all lists of controls', () => {
    expect(answered.filter(([number]) => /^(6|7|16)\./.test(number)).map(([number]) => number)).toEqual(
      rows.map((row) => row.split(' ').slice(1, 3).join(' ')).filter((number) => /^(6|7|16)\./.test(number)),
    )
    expect(answered.filter(([number]) => /^[345]\./.test(number)).length).toBeGreaterThan(20)
  })

  test.each(answered)(
    '%s is answered by one of four answers, and where it is met by a test that shows it',
    (...row) => {
      const [number, , answer, how] = row
      expect(answers, number).toContain(answer)
      if (answer === 'met') expect(namesTests(how), how).toBe(true)
    },
  )
})

test('docs/routes.md has every route and flow as the code has them', () => {
  expect(read('docs/routes.md')).toBe(`${routesTable()}\n${flowsTable()}`)
})

test('docs/adr/README.md has every decision, as its first lines have it', () => {
  expect(read('docs/adr/README.md')).toBe(decisionsTable())
})

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
]

test.each(pages)(
  '%s runs TypeScript by the Node that comes with the packages: an older one refuses it',
  (path) => {
    expect(read(path).match(/(?<!npx )\bnode [\w/-]+\.ts/g)).toBeNull()
  },
)

describe('the drawings of docs/architecture.md', () => {
  /** `└─ name   path`, in the lines of a drawing. */
  const drawn = [
    ...read('docs/architecture.md').matchAll(/^[│├└─ ]+ (\w+)(?:, \w+)? {2,}([\w./-]+\.ts)\b/gm),
  ].map(([, name = '', file = '']) => ({ name, file }))

  test('name what is in the file beside it', () => {
    expect(drawn.length).toBeGreaterThan(10)
    const lost = drawn.filter(({ name, file }) => !new RegExp(`\\b${name}\\b`).test(read(file)))
    expect(lost).toEqual([])
  })
})
