/** Where the functions' bundles lie: made by `bundle.ts`, or brought by the package. Apart, for whoever needs no bundler. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { access } from './access.ts'
import type { FunctionId } from './roles.ts'

export const usualFolder = fileURLToPath(new URL('../dist/functions', import.meta.url))

/** Whether this is the package, in JavaScript, with bundles that it brings and no sources to make others of. */
export const isPackaged = extname(import.meta.url) === '.js'

/** Whether a function carries the native binaries of the slow hashes. */
export const hashes = (id: FunctionId): boolean => 'hashes' in access[id]

/** Folder of a function's bundle. */
export const bundleOf = (id: FunctionId, folder: string = usualFolder): string =>
  `${folder}/${hashes(id) ? 'hashing' : 'plain'}/${id}`
