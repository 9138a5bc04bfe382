/** The functions as they are deployed, made to run on this machine: only the native binaries are others. */
import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { access } from '../infra/access.ts'
import { bundle } from '../infra/bundle.ts'
import { bundleOf } from '../infra/bundle-folder.ts'
import { binaryOf, type NativeModule, nativeModules } from '../infra/processors.ts'
import { type FunctionId, setUpFunction } from '../infra/roles.ts'
import { aws } from '../infra/target.ts'

export interface Bundles {
  /** Size of each function's code in bytes. */
  readonly sizes: ReadonlyMap<FunctionId, number>
  readonly pathOf: (id: FunctionId) => string
  /** Deletes the copies. */
  close(): void
}

/** Whether a function runs argon2. */
export const hashes = (id: FunctionId): boolean => 'hashes' in access[id]

/** @throws Error where there is no binary for this machine */
function binaryHere(module: NativeModule): string {
  const { platform, arch } = process
  const build = platform === 'linux' ? `${platform}-${arch}-gnu` : `${platform}-${arch}`
  const manifest = createRequire(import.meta.url).resolve(`@node-rs/${module}-${build}/package.json`)
  return join(dirname(manifest), `${module}.${build}.node`)
}

/** Builds all functions with the deployment's own script, and copies them to a folder of their own. */
export async function makeBundles(): Promise<Bundles> {
  const sizes = await bundle()
  const root = dirname(dirname(bundleOf(setUpFunction)))
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  cpSync(root, folder, { recursive: true })
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    for (const module of nativeModules)
      if (basename(path) === binaryOf(module, aws.processor))
        copyFileSync(binaryHere(module), join(folder, path))
  const pathOf = (id: FunctionId) => join(folder, relative(root, bundleOf(id)), 'index.mjs')
  for (const id of sizes.keys())
    if (!existsSync(pathOf(id))) throw new Error(`The bundle of ${id} is missing`)
  return { sizes, pathOf, close: () => rmSync(folder, { recursive: true, force: true }) }
}
