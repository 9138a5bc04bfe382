/**
 * `cdk synth -c stage=NAME`: the stacks of one stage of cdk.json, or of the file of `-c config=FILE`; with `-c local=true` for
 * `sam local`, with `-c keepExports=true` for the step of docs/deploy.md that needs it.
 */
import { App } from 'aws-cdk-lib'
import { Latchkey } from './latchkey.ts'
import { holdToRules } from './rules.ts'
import { readSettings } from './stages.ts'
import { noAccount, samLocal } from './target.ts'

const app = new App()
const given = (name: string): unknown => app.node.tryGetContext(name)
try {
  const stage = String(given('stage') ?? 'dev')
  const settings = readSettings(app.node, stage)
  const here = given('local') === 'true'
  new Latchkey(app, `latchkey-${stage}`, {
    stage,
    settings: here ? { ...settings, ...noAccount } : settings,
    ...(here && { target: samLocal() }),
    keepExports: given('keepExports') === 'true',
  })
  holdToRules(app)
  app.synth()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
