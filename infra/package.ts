/** The package's `cdk` export: a stage in a team's own app, of bundles that the package brings. */
import { Code } from 'aws-cdk-lib/aws-lambda'
import { bundleOf } from './bundle-folder.ts'
import type { CodeOf } from './step-function.ts'

export { readStage, type StageConfig } from './config.ts'
export { addLatchkey, type LatchkeyStacks } from './latchkey.ts'

/** The functions as the package was tested with them: a synth builds nothing, and needs no binary of Lambda's processor. */
export const packagedCode: CodeOf = (id) => Code.fromAsset(bundleOf(id))
