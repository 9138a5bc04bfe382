/** The functions as they are deployed, made to run on this machine: only the native binary is another one. */
import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { access } from '../infra/access.ts'
import { bundle, bundleOf } from '../infra/bundle.ts'
import { type FunctionId, setUpFunction } from '../infra/roles.ts'

export interface Bundles {
  /** Size of each function's code in bytes. */
  readonly sizes: ReadonlyMap<FunctionId, number>
  readonly pathOf: (id: FunctionId) => string
  /** Deletes the copies. */
  close(): void
}

/** Whether a function runs argon2. */
export const hashes = (id: FunctionId): boolean => 'hashes' in access[id]

/** @throws Error where @node-rs/argon2 has no binary for this machine */
function binaryHere(): string {
  const { platform, arch } = process
  const build = platform === 'linux' ? `${platform}-${arch}-gnu` : `${platform}-${arch}`
  const manifest = createRequire(import.meta.url).resolve(`@node-rs/argon2-${build}/package.json`)
  return join(dirname(manifest), `argon2.${build}.node`)
}

/** Builds all functions with the deployment's own script, and copies them to a folder of their own. */
export async function makeBundles(): Promise<Bundles> {
  const sizes = await bundle()
  const root = dirname(dirname(bundleOf(setUpFunction)))
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  cpSync(root, folder, { recursive: true })
  const binary = binaryHere()
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (path.endsWith('.node')) copyFileSync(binary, join(folder, path))
  const pathOf = (id: FunctionId) => join(folder, relative(root, bundleOf(id)), 'index.mjs')
  for (const id of sizes.keys())
    if (!existsSync(pathOf(id))) throw new Error(`The bundle of ${id} is missing`)
  return { sizes, pathOf, close: () => rmSync(folder, { recursive: true, force: true }) }
}
