/** Functions and pages of a stage, built when a construct asks; the package brings its functions. */
import { execFileSync } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { bundleOf, isPackaged } from './bundle-folder.ts'
import type { StageConfig } from './config.ts'
import { pagesFolder } from './pages-files.ts'
import type { CodeOf } from './step-function.ts'
import { aws } from './target.ts'

export interface Built {
  readonly codeOf: CodeOf
  /** Of the pages, where the stage hosts them. */
  readonly pages?: string
}

/** The functions as `bundle.ts` built them last: in the package, as it was tested with them. */
export const builtCode: CodeOf = (id) => Code.fromAsset(bundleOf(id))

/** Beside this file, as source or compiled. */
const builder = fileURLToPath(new URL(`prebuild${extname(import.meta.url)}`, import.meta.url))

/**
 * Builds what the stage deploys. A constructor cannot wait for esbuild, so another process does.
 * @throws Error when that process failed, and has said why; or for a processor that the package has no functions for
 */
export function build(config: StageConfig): Built {
  const { processor } = config.target
  if (isPackaged && processor !== aws.processor)
    throw new Error(`The package has functions for ${aws.processor}, not for ${processor}: use a checkout.`)
  const pages = config.pages && config.target.pages ? pagesFolder(config.stage) : undefined
  if (!isPackaged || pages !== undefined)
    execFileSync(process.execPath, [builder, JSON.stringify(config)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  return { codeOf: builtCode, ...(pages !== undefined && { pages }) }
}
