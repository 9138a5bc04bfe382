/** Commands that pages, mails and findings name are there, with the words and options that they are named with. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type CommandName, specOf, specs } from '../../cli/specs.ts'
import { alarmWords, type MailWords } from '../../infra/alarm-words.ts'
import { noticeWords } from '../../infra/notice-words.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'examples/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** What is written as code: spans, and lines of blocks without their comments. */
function codeOf(page: string): string[] {
  const blocks = [...page.matchAll(/^ *```.*\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block)
  const prose = page.replace(/^ *```.*\n[\s\S]*?^ *```$/gm, '')
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)
  return [...spans, ...blocks.flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))]
}

/** What follows `latchkey` in a piece of code, up to what ends a command in a shell. */
const callsIn = (code: string): string[] =>
  [...code.matchAll(/(?:^|[\s("&;|])latchkey ([a-z-][^#;&|"()]*)/g)].map(([, words = '']) => words.trim())

/** One for all: help and version, where they run, and their form. */
const everywhere = new Set(['--json', '--local', '--env', '--help', '--version'])

/** The first word of several commands, as a page speaks of all of them. */
const isGroup = (call: string) => Object.keys(specs).some((name) => name.startsWith(`${call} `))
/** What it says itself on an older Node. */
const isSentence = (call: string) => call.startsWith('needs Node ')

/** @returns what is wrong with it, or undefined */
function wrongWith(call: string): string | undefined {
  const words = call.split(/\s+/).map((word) => word.replace(/[.,:]+$/, ''))
  if (words[0]?.startsWith('--')) return everywhere.has(words[0]) ? undefined : `${call}: no such option`
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((each) => Object.hasOwn(specs, each))
  if (name === undefined) return isGroup(call) || isSentence(call) ? undefined : `${call}: no such command`
  const { options = {} } = specOf(name as CommandName)
  const unknown = words
    .flatMap((word) => /--[a-z-]+/.exec(word)?.[0] ?? [])
    .filter((option) => !everywhere.has(option) && !Object.hasOwn(options, option.slice(2)))
  return unknown.length > 0 ? `${call}: it has no ${unknown.join(', ')}` : undefined
}

const problems = (calls: readonly string[]) => calls.map(wrongWith).filter((each) => each !== undefined)

test('finds commands that are not there, and options that they do not have', () => {
  expect(
    problems(['ledger seal', 'tail --type CODE_SENT', 'sms floor EG 5 --reason TEXT', '--version']),
  ).toEqual([])
  expect(problems(['ledger sell', 'seal', 'tail --kind X', '--verbose'])).toHaveLength(4)
})

describe.each(pages)('%s', (path) => {
  const code = codeOf(read(path))

  test('names commands of latchkey that there are, with options that they have', () => {
    expect(problems(code.flatMap(callsIn))).toEqual([])
  })

  test('names npm scripts and files to run that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const lost = code.flatMap((line) => [
      ...[...line.matchAll(/\bnpm run (?:-s |--silent )?([a-z][a-z0-9:-]*)/g)]
        .map(([, script = '']) => script)
        .filter((script) => !Object.hasOwn(scripts, script)),
      ...[...line.matchAll(/\bnpx node ([\w/-]+\.ts)/g)]
        .map(([, file = '']) => file)
        .filter((file) => !existsSync(join(root, file))),
    ])
    expect(lost).toEqual([])
  })
})

test('mails of alarms and notices name commands that there are, with options that they have', () => {
  const words = Object.values<MailWords>({ ...alarmWords, ...noticeWords }).map(({ todo }) => todo)
  const calls = words.flatMap((todo) => todo.split(/[.;,:(] |\.$/)).flatMap(callsIn)
  expect(calls.length).toBeGreaterThan(15)
  expect(problems(calls)).toEqual([])
})

test('findings of the doctor do', () => {
  const calls = [...read('cli/doctor/findings.ts').matchAll(/"latchkey ([^"]+)"/g)].map(([, call = '']) =>
    call.replaceAll(/\$\{\w+\}/g, 'X'),
  )
  expect(calls.length).toBeGreaterThan(5)
  expect(problems(calls)).toEqual([])
})
