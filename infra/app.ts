/** `cdk synth -c stage=NAME`: the stacks of one stage of cdk.json; with `-c local=true` for `sam local`. */
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { bundle, bundleOf } from './bundle.ts'
import { readStage } from './config.ts'
import { addLatchkey } from './latchkey.ts'
import { noAccount, samLocal } from './target.ts'

const app = new App()
try {
  const stage = readStage(app.node.tryGetContext('stages'), String(app.node.tryGetContext('stage') ?? 'dev'))
  const config =
    app.node.tryGetContext('local') === 'true' ? { ...stage, ...noAccount, target: samLocal() } : stage
  await bundle({ processor: config.target.processor })
  addLatchkey(app, config, (id) => Code.fromAsset(bundleOf(id)))
  app.synth()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
