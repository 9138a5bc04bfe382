/** `cdk synth -c stage=NAME`: the stacks of one stage of cdk.json; with `-c local=true` for `sam local`. */
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { bundle } from './bundle.ts'
import { bundleOf } from './bundle-folder.ts'
import { readStage } from './config.ts'
import { addLatchkey } from './latchkey.ts'
import { buildStagePages } from './pages-files.ts'
import { noAccount, samLocal } from './target.ts'

const app = new App()
try {
  const stage = readStage(app.node.tryGetContext('stages'), String(app.node.tryGetContext('stage') ?? 'dev'))
  const isLocal = app.node.tryGetContext('local') === 'true'
  const config = isLocal ? { ...stage, ...noAccount, target: samLocal() } : stage
  await bundle({ processor: config.target.processor })
  const pages = isLocal ? undefined : await buildStagePages(config)
  addLatchkey(app, config, (id) => Code.fromAsset(bundleOf(id)), pages)
  app.synth()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
