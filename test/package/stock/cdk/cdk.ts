import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { addLatchkey, packagedCode, readStage } from 'latchkey/cdk'

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: { stages: unknown } }
const app = new App()
addLatchkey(app, readStage(context.stages, 'dev'), packagedCode)
const { stacks } = app.synth()
console.log(stacks.map(({ stackName }) => stackName).join(' '))
