/** Functions and pages of a stage, built when a construct asks. */
import { execFileSync } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { bundleOf } from './bundle.ts'
import type { StageConfig } from './config.ts'
import { pagesFolder } from './pages-files.ts'
import type { CodeOf } from './step-function.ts'

export interface Built {
  readonly codeOf: CodeOf
  /** Of the pages, where the stage hosts them. */
  readonly pages?: string
}

/** Beside this file, as source or compiled. */
const builder = fileURLToPath(new URL(`prebuild${extname(import.meta.url)}`, import.meta.url))

/**
 * Builds what the stage deploys. A constructor cannot wait for esbuild, so another process does.
 * @throws Error when that process failed; it has said why
 */
export function build(config: StageConfig): Built {
  execFileSync(process.execPath, [builder, JSON.stringify(config)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return {
    codeOf: (id) => Code.fromAsset(bundleOf(id)),
    ...(config.pages && config.target.pages && { pages: pagesFolder(config.stage) }),
  }
}
