/** `cdk synth -c stage=NAME`: the stacks of one stage of cdk.json. */
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { bundle, bundleOf } from './bundle.ts'
import { readStage } from './config.ts'
import { addLatchkey } from './latchkey.ts'

const app = new App()
try {
  const config = readStage(app.node.tryGetContext('stages'), String(app.node.tryGetContext('stage') ?? 'dev'))
  await bundle()
  addLatchkey(app, config, (id) => Code.fromAsset(bundleOf(id)))
  app.synth()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
