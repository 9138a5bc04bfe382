/** docs/integrate.md shows nothing that is not run: each sample is cut from a file that a test or a proof runs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const page = read('docs/integrate.md')

/** What runs the files of a folder, and a word of it that says so. */
const ranBy: Readonly<Record<string, readonly [file: string, word: string]>> = {
  'examples/web-client': ['test/examples/web-client.test.ts', 'examples/web-client/'],
  'examples/register': ['test/examples/register.test.ts', 'examples/register/'],
  'examples/express': ['test/examples/express-server.test.ts', 'examples/express/server.ts'],
  'examples/cdk-app': ['test/examples/cdk-app.test.ts', 'examples/cdk-app/'],
  'examples/events': ['test/examples/events.test.ts', 'examples/events/end-sessions.ts'],
  'examples/whatsapp': ['test/examples/senders.test.ts', 'examples/whatsapp/sender.ts'],
  'examples/voice': ['test/examples/senders.test.ts', 'examples/voice/sender.ts'],
  'examples/stack': ['prove/examples.ts', "'stack'"],
  'examples/texts': ['test/unit/own-texts.test.ts', 'examples/texts'],
  'examples/playwright': ['test/e2e/example-playwright.test.ts', 'examples/playwright'],
  'examples/compose': ['test/local/stack/compose.test.ts', "'compose.yaml'"],
  'prove/clients': ['prove/clients.ts', './clients/'],
}

interface Sample {
  readonly language: string
  readonly file: string
  readonly text: string
}
/** All that is fenced, with what its first line names; nothing where it names none. */
const samples: readonly Sample[] = [
  ...page.matchAll(/^```(\w*)(?: file=(\S+))?[^\n]*\n([\s\S]*?)\n```$/gm),
].map(([, language = '', file = '', text = '']) => ({ language, file, text }))

test('every sample names the file that it is cut from', () => {
  expect(samples.length).toBeGreaterThan(10)
  expect(samples).toHaveLength((page.match(/^```/gm) ?? []).length / 2)
  expect(samples.filter(({ file }) => file === '')).toEqual([])
})

test.each(samples.map((sample) => [sample.file, sample] as const))(
  '%s has the sample line by line',
  (file, sample) => {
    expect(`\n${read(file)}\n`).toContain(`\n${sample.text}\n`)
  },
)

test.each([...new Set(samples.map(({ file }) => file))])('%s is run', (file) => {
  const [, ran] = Object.entries(ranBy).find(([folder]) => file.startsWith(`${folder}/`)) ?? []
  expect(ran, `${file} is run by nothing that this test knows`).toBeDefined()
  const [runner = '', word = ''] = ran ?? []
  expect(read(runner)).toContain(word)
})

describe('the workflow that it shows', () => {
  const workflow = read('examples/playwright/github-actions.yaml')

  test('installs, and runs a script that the example has', () => {
    const { scripts } = JSON.parse(read('examples/playwright/package.json')) as { scripts: object }
    const runs = [...workflow.matchAll(/- run: (.+)$/gm)].map(([, command]) => command)
    expect(runs).toEqual(['npm install', 'npm test'])
    expect(Object.keys(scripts)).toContain('test')
  })

  test('takes the Node that the stack needs', () => {
    expect(workflow).toContain(`node-version: ${read('.node-version').trim()}\n`)
  })
})

describe('what it says of the contract', () => {
  test('names refusals that there are', () => {
    const { components } = JSON.parse(read('docs/openapi.json')) as {
      components: { schemas: { FailureCode: { enum: string[] } } }
    }
    const others = new Set([
      'SIGNED_IN',
      'MFA_REQUIRED',
      'POSSESSION',
      'PIN',
      'PORT',
      'PROVIDER_URL',
      'RETURN_TO',
    ])
    const named = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map(([, name = '']) => name)
    const unknown = named.filter((name) => !others.has(name) && !/^(LATCHKEY|ALLOWED)_/.test(name))
    expect(unknown.length).toBeGreaterThan(5)
    expect(unknown.filter((name) => !components.schemas.FailureCode.enum.includes(name))).toEqual([])
  })

  test('leads to its own headings and to those of the other pages', () => {
    const slug = (title: string) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-')
    const lost = [...page.matchAll(/\]\(([^)#\s]*)#([^)\s]+)\)/g)].filter(([, path = '', anchor = '']) => {
      const text = path === '' ? page : read(join('docs', path))
      return ![...text.matchAll(/^#+ (.+)$/gm)].some(([, title = '']) => slug(title) === anchor)
    })
    expect(lost.map(([link]) => link)).toEqual([])
  })
})
