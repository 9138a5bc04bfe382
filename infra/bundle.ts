/** Bundles of the functions, by esbuild; those that hash carry the native binaries. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { workers } from '../shared/contract/routes.ts'
import { bundleOf, hashes, usualFolder } from './bundle-folder.ts'
import { nativeOf, noHashing, trims } from './bundle-trims.ts'
import {
  binaryOf,
  bindingOf,
  elfMachine,
  type NativeModule,
  nativeModules,
  type Processor,
} from './processors.ts'
import { authorizer, canary, type FunctionId, setUpFunction } from './roles.ts'
import { steps } from './steps.ts'
import { aws } from './target.ts'

const fromRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const nativeBinary = (module: NativeModule, processor: Processor) =>
  fromRoot(`node_modules/${bindingOf(module, processor)}/${binaryOf(module, processor)}`)

/** Source of a function, from the root. */
export function entryOf(id: FunctionId): string {
  if (id === setUpFunction) return 'infra/decoy-handler.ts'
  if (id === authorizer) return `functions/guards/${id}.ts`
  if (id === canary) return `functions/watch/${id}.ts`
  return (workers as readonly string[]).includes(id) ? `functions/workers/${id}.ts` : `functions/${id}.ts`
}

const common = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  conditions: ['module'],
  // CommonJS dependencies ask for Node's own modules by require, which an ES module has not.
  banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  alias: { '@aws-sdk/credential-provider-node': fromRoot('infra/lambda-credentials.ts') },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [trims],
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
} satisfies esbuild.BuildOptions

/** One pass for all that do not hash. */
const plainBuild = (ids: readonly FunctionId[], folder: string): esbuild.BuildOptions => ({
  ...common,
  plugins: [...common.plugins, noHashing],
  entryPoints: Object.fromEntries(ids.map((id) => [`${id}/index`, fromRoot(entryOf(id))])),
  outdir: `${folder}/plain`,
})

/** One pass each, or the native binaries would lie beside the folders instead of in them. */
const hashingBuild = (id: FunctionId, folder: string, processor: Processor): esbuild.BuildOptions => ({
  ...common,
  plugins: [...common.plugins, nativeOf(processor)],
  entryPoints: { index: fromRoot(entryOf(id)) },
  outdir: bundleOf(id, folder),
  loader: { '.node': 'copy' },
  assetNames: '[name]',
})

const howToGet: Readonly<Record<Processor, string>> = {
  arm64:
    'package-lock.json must install it on every machine: run "npx node infra/native-lock.ts", then "npm ci".',
  x86_64: '"npm ci" installs it on Linux x64 alone.',
}

/**
 * Lambda runs on arm64, whatever this machine is: the wrong binary would fail only when a password is checked.
 * @throws Error when the binary is missing or of another processor (ELF header, e_machine)
 */
export function checkNativeBinary(processor: Processor, path: string): void {
  if (!existsSync(path)) throw new Error(`${path} is missing. ${howToGet[processor]}`)
  const header = readFileSync(path).subarray(0, 20)
  const isElf = header.subarray(0, 4).toString('latin1') === '\x7fELF'
  if (!isElf || header.readUInt16LE(18) !== elfMachine[processor])
    throw new Error(`${path} is not an ELF binary for ${processor}.`)
}

export interface BundleOptions {
  /** Is emptied first. */
  readonly folder?: string
  readonly processor?: Processor
}

/**
 * Builds all functions, in a second or two.
 * @returns size in bytes of each function's code, without the native binaries
 */
export async function bundle(options: BundleOptions = {}): Promise<ReadonlyMap<FunctionId, number>> {
  const { folder = usualFolder, processor = aws.processor } = options
  for (const module of nativeModules) checkNativeBinary(processor, nativeBinary(module, processor))
  rmSync(folder, { recursive: true, force: true })
  const ids = [
    ...steps,
    ...workers,
    authorizer,
    canary,
    setUpFunction,
  ] as const satisfies readonly FunctionId[]
  const plain = ids.filter((id) => !hashes(id))
  const results = await Promise.all([
    esbuild.build(plainBuild(plain, folder)),
    ...ids.filter(hashes).map((id) => esbuild.build(hashingBuild(id, folder, processor))),
  ])
  const outputs: Outputs = Object.assign({}, ...results.map((result) => result.metafile?.outputs))
  return new Map(ids.map((id) => [id, sizeOf(id, outputs)]))
}

type Outputs = Readonly<
  Record<string, { readonly bytes: number; readonly inputs: Readonly<Record<string, object>> }>
>

/** @throws Error when the function hashes and `access.ts` does not say so: it would have no binary */
function sizeOf(id: FunctionId, outputs: Outputs): number {
  const [, output] = Object.entries(outputs).find(([path]) => path.endsWith(`/${id}/index.mjs`)) ?? []
  if (output === undefined) throw new Error(`No bundle was made for ${id}`)
  if ('no-hashing:native' in output.inputs)
    throw new Error(`${id} runs slow hashes: say "hashes: true" of it in infra/access.ts`)
  return output.bytes
}
