/** `npm run prove -- NAME`: runs a long proof. Each file beside this one that exports `proof` is one, by its name. */
import { readdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Figure, lineOf } from '../bench/figures.ts'
import { machine, versions } from '../bench/machine.ts'
import type { Proof } from './proof.ts'

const own = new Set(['run.ts', 'proof.ts'])
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !own.has(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort()

const load = async (name: string) => ((await import(`./${name}.ts`)) as { proof: Proof }).proof
const say = (line: string) => process.stderr.write(`${line}\n`)

async function usage(): Promise<void> {
  say('Usage: npm run prove -- NAME [--json FILE] [options]\n')
  for (const name of names) {
    const { about, options = {} } = await load(name)
    const flags = Object.keys(options).map((option) => ` [--${option}]`)
    say(`  ${name}${flags.join('')}\n      ${about}`)
  }
}

/** @returns whether every figure reached what it has to */
async function prove(name: string, args: readonly string[]): Promise<boolean> {
  const { options = {}, run } = await load(name)
  const { values } = parseArgs({ args: [...args], options: { ...options, json: { type: 'string' } } })
  const figures: Figure[] = []
  for await (const each of run(values as Parameters<typeof run>[0], say)) {
    figures.push(each.figure)
    process.stdout.write(`${lineOf(each)}\n`)
    if (typeof values.json === 'string')
      writeFileSync(
        values.json,
        `${JSON.stringify({ machine: machine(), versions: versions(), figures }, null, 2)}\n`,
      )
  }
  // A proof that gave no figure has shown nothing.
  return figures.length > 0 && figures.every(({ ok }) => ok)
}

const [name, ...args] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  await usage()
  process.exitCode = 2
} else if (!(await prove(name, args))) process.exitCode = 1
