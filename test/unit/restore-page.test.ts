/** The proof of a restore follows the page: the same commands, and the page's own shell. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { specs } from '../../cli/specs.ts'
import { documentedCommands, restoreSection, scripts } from '../../prove/restore/page.ts'

const commandsOf = (text: string) =>
  Object.keys(specs).filter((name) => new RegExp(`latchkey ${name}(?![a-z-])`).test(text))

test('commands that a restore names on the page are those that the proof runs', () => {
  expect(commandsOf(restoreSection())).toEqual(
    Object.keys(specs).filter((name) => (documentedCommands as readonly string[]).includes(name)),
  )
})

test('each of them is run by the proof', () => {
  const folder = new URL('../../prove/', import.meta.url)
  const files = ['restore.ts', ...readdirSync(new URL('restore/', folder)).map((name) => `restore/${name}`)]
  const source = files
    .filter((name) => !name.endsWith('page.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')
  const run = documentedCommands.filter((name) => source.includes(`'${name}'`))
  // The verifier is asked with words of its own, offline.
  expect([...run, 'ledger verify'].sort()).toEqual([...documentedCommands].sort())
  expect(source).toContain("'ledger', 'verify'")
})

test('the shell that it runs stands on the pages, in the order of the steps', () => {
  const { listUndone, raiseEpochs, dropEntered } = scripts()
  expect(raiseEpochs).toContain('credentialEpoch :n, sessionEpoch :n')
  const section = restoreSection()
  const places = [listUndone, '\n5. **Sessions made before', dropEntered].map((part) => section.indexOf(part))
  expect(places.every((place) => place > 0)).toBe(true)
  expect(places).toEqual(places.toSorted((one, other) => one - other))
})
