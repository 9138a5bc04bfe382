/** TypeScript that teams generate of docs/openapi.json. Kotlin and Swift, and the linter of the document: `npm run prove -- clients`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { root } from '../../prove/clients/tools.ts'
import { bothSignIns, compile, generate, generatorNames, signIns } from '../../prove/clients/typescript.ts'

const world = useWorld()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-clients-'))
  // As the samples know them, with the password that test identities have.
  await world.identity({ userId: 'u-priya', username: 'priyasharma' })
  await world.identity({ userId: 'u-vikram', username: 'vikramsingh', mfaEnabled: true })
})
afterAll(() => rm(folder, { recursive: true }))

test('each generator takes the document, and what it makes compiles strictly', async () => {
  const made = await Promise.all(generatorNames.map((name) => generate(name, folder)))
  expect(made.filter(({ ok }) => !ok)).toEqual([])
  const compiled = await compile(generatorNames, folder, `${root}node_modules/typescript/bin/tsc`)
  expect(compiled).toEqual({ ok: true, said: '' })
})

describe.each(generatorNames)('what %s makes', (name) => {
  test('signs in, and knows who has to give a code', async () => {
    expect(await signIns(name, folder, world.url)).toBe(bothSignIns)
  })
})
