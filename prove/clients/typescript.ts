/** TypeScript made of the document: it compiles strictly, and signs in. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { type Measured, measured } from '../../bench/figures.ts'
import { document, output, packaged, type Ran, ran, root } from './tools.ts'

const generators: Readonly<Record<string, () => Promise<Ran>>> = {
  'openapi-typescript': () =>
    packaged('openapi-typescript', [document, '-o', 'openapi-typescript/schema.d.ts']),
  'hey-api': () => packaged('openapi-ts', ['-i', document, '-o', 'hey-api', '-c', '@hey-api/client-fetch']),
}

const options = {
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2022', 'dom', 'dom.iterable'],
  types: ['node'],
  typeRoots: [`${root}node_modules/@types`],
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
}

/** What a sample says of a person whose sign-in needs no code, and of one whose does. */
export const bothSignIns = 'token true code true'

async function* tried(name: string, url: string, report: (line: string) => void): AsyncGenerator<Measured> {
  const made = await (generators[name]?.() ?? { ok: false, said: '' })
  if (!made.ok) report(made.said)
  const sample = `${name}.ts`
  await copyFile(`${root}prove/clients/samples/${sample}`, `${output}/${sample}`)
  await writeFile(`${output}/tsconfig.json`, JSON.stringify({ compilerOptions: options, files: [sample] }))
  const compiled = await packaged('tsc', ['-p', 'tsconfig.json'])
  if (!compiled.ok) report(compiled.said)
  yield measured(`clients.${name}.compiles`, Number(made.ok && compiled.ok), '', { least: 1 })
  const outfile = `${output}/${name}.mjs`
  await build({
    entryPoints: [`${output}/${sample}`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
  })
  const { said } = await ran(process.execPath, [outfile, url])
  if (said.trim() !== bothSignIns) report(said)
  yield measured(`clients.${name}.signs_in`, Number(said.trim() === bothSignIns), '', { least: 1 })
}

/** @param url of a stack with the test accounts */
export async function* typescript(url: string, report: (line: string) => void): AsyncGenerator<Measured> {
  await mkdir(output, { recursive: true })
  for (const name of Object.keys(generators)) yield* tried(name, url, report)
}
