/** The commands of docs/move-in.md, tried out on the samples whose names they have. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sources } from '../../cli/import/sources.ts'
import { importHere } from './run-here.ts'

const page = readFileSync(new URL('../../docs/move-in.md', import.meta.url), 'utf8')
const samples = 'examples/import'
const commands = [...page.matchAll(/^npx latchkey import (.*?)(?: +#.*)?$/gm)].map(([, words = '']) => words)

/** As they stand there, but that files are those of the samples, and the stage's settings are not at hand. */
const wordsOf = (command: string) =>
  command
    .replace(/ --env \S+/, '')
    .split(' ')
    .map((word) => (existsSync(join(samples, word)) ? join(samples, word) : word))

test.each([...new Set(commands.map((command) => wordsOf(command).join(' ')))])(
  'latchkey import %s can be carried out',
  async (command) => {
    const words = command.split(' ')
    const asDryRun = words.includes('--dry-run') ? words : [...words, '--dry-run']
    expect(await importHere(asDryRun)).toMatchObject({ code: 0, problem: '' })
  },
)

test('the page leads from each system that is known, by a dry run and then the import', () => {
  for (const name of Object.keys(sources)) {
    const own = commands.filter(
      (command) => command.includes(`--source ${name} `) || command.endsWith(`--source ${name}`),
    )
    expect(
      own.filter((command) => command.includes('--dry-run')),
      name,
    ).toHaveLength(1)
    expect(own.filter((command) => command.includes('--env')).length, name).toBeGreaterThan(0)
  }
})
