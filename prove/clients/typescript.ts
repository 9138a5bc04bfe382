/** TypeScript made of the document: it compiles strictly, and signs in. `npm test` does the same, by its own compiler. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { type Measured, measured } from '../../bench/figures.ts'
import { document, generator, output, type Ran, ran, root } from './tools.ts'

const generators = {
  'openapi-typescript': ['openapi-typescript', document, '-o', 'openapi-typescript/schema.d.ts'],
  'hey-api': ['openapi-ts', '-i', document, '-o', 'hey-api', '-c', '@hey-api/client-fetch'],
} as const
export type GeneratorName = keyof typeof generators
export const generatorNames = Object.keys(generators) as GeneratorName[]

const compilerOptions = {
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

/** Makes a client, and puts beside it the sample that signs in by it. */
export async function generate(name: GeneratorName, folder: string): Promise<Ran> {
  await copyFile(`${root}prove/clients/samples/${name}.ts`, `${folder}/${name}.ts`)
  const [program, ...args] = generators[name]
  return generator(program, args, folder)
}

/** Compiles samples with the clients that they use. @param compiler path of a `tsc` */
export async function compile(
  names: readonly GeneratorName[],
  folder: string,
  compiler: string,
): Promise<Ran> {
  const files = names.map((name) => `${name}.ts`)
  await writeFile(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, files }))
  return ran(process.execPath, [compiler, '-p', 'tsconfig.json'], folder)
}

/** Runs a sample. @param url of a stack with the test accounts @returns what it says of both sign-ins */
export async function signIns(name: GeneratorName, folder: string, url: string): Promise<string> {
  const outfile = `${folder}/${name}.mjs`
  await build({
    entryPoints: [`${folder}/${name}.ts`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
  })
  return (await ran(process.execPath, [outfile, url], folder)).said.trim()
}

/** The compiler that comes with the generators, as a team of today has it. */
const compiler = `${root}prove/clients/generators/node_modules/typescript/bin/tsc`

/** @param url of a stack with the test accounts */
export async function* typescript(url: string, report: (line: string) => void): AsyncGenerator<Measured> {
  await mkdir(output, { recursive: true })
  for (const name of generatorNames) {
    const made = await generate(name, output)
    const compiled = await compile([name], output, compiler)
    for (const { ok, said } of [made, compiled]) if (!ok) report(said)
    yield measured(`clients.${name}.compiles`, Number(made.ok && compiled.ok), '', { least: 1 })
    const said = await signIns(name, output, url)
    if (said !== bothSignIns) report(said)
    yield measured(`clients.${name}.signs_in`, Number(said === bothSignIns), '', { least: 1 })
  }
}
