import { readFileSync } from 'node:fs'
import { App, Stack } from 'aws-cdk-lib'
import { AuthorizationType, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Latchkey, LatchkeyAuthorizer, type StageSettings } from 'latchkey/cdk'

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as {
  context: { stages: { dev: StageSettings } }
}
const app = new App()
const latchkey = new Latchkey(app, 'Latchkey', { stage: 'dev', settings: context.stages.dev })
const shop = new Stack(app, 'Shop')
const { rest } = new LatchkeyAuthorizer(shop, 'Authorizer', { latchkey })
new RestApi(shop, 'Api').root.addMethod('GET', new MockIntegration(), {
  authorizer: rest,
  authorizationType: AuthorizationType.CUSTOM,
})
const { stacks } = app.synth()
console.log(stacks.map(({ stackName }) => stackName).join(' '))
