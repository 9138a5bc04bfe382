/** The functions as they stand in the checkout: for runs that count, where nothing is timed and no bundle is needed. */
import { fileURLToPath } from 'node:url'
import { entryOf } from '../infra/bundle.ts'
import type { FunctionId } from '../infra/roles.ts'
import type { BundlePaths } from './processes/deployment.ts'

/** @param ids of those that are needed: each costs a moment to load */
export const sourcePaths = (ids: readonly FunctionId[]): BundlePaths =>
  Object.fromEntries(ids.map((id) => [id, fileURLToPath(new URL(`../${entryOf(id)}`, import.meta.url))]))
