/** An app of a team: its network and its bucket, and Latchkey beside them. `npx cdk synth` in this folder. */
import { App, Stack, Stage, Tags, Validations } from 'aws-cdk-lib'
import { AuthorizationType, HttpIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as events from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as s3 from 'aws-cdk-lib/aws-s3'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { AwsSolutionsChecks } from 'cdk-nag'
import { Latchkey, LatchkeyAuthorizer } from 'latchkey/cdk'
import { settings } from './settings.ts'

const app = new App()
const prod = new Stage(app, 'Prod')
// The team's own rules, over everything. What Latchkey means otherwise it says by itself, with the reason.
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))

const shop = new Stack(prod, 'Shop')
new ec2.Vpc(shop, 'Network', { maxAzs: 2, natGateways: 0, flowLogs: { all: {} } })
new s3.Bucket(shop, 'Pictures', { enforceSSL: true, serverAccessLogsPrefix: 'access/' })

// The team's own bus, on which Latchkey publishes: a rule leads resets to a queue, and the consumer reads that.
const eventBusName = 'acme-accounts'
const eventBus = new events.EventBus(shop, 'Bus', { eventBusName })
const lost = new Queue(shop, 'ResetsLost', { enforceSSL: true })
const resets = new Queue(shop, 'Resets', {
  enforceSSL: true,
  deadLetterQueue: { queue: lost, maxReceiveCount: 5 },
})
new events.Rule(shop, 'OnReset', {
  eventBus,
  eventPattern: {
    source: ['latchkey'],
    detailType: ['PASSWORD_RESET', 'PIN_RESET'],
    detail: { outcome: ['success'] },
  },
  targets: [new SqsQueue(resets)],
})

const latchkey = new Latchkey(prod, 'Latchkey', {
  stage: 'prod',
  settings: { ...settings, disposable: true, events: { bus: eventBusName } },
})
Tags.of(latchkey).add('cost-centre', 'accounts')
const boundary = iam.ManagedPolicy.fromManagedPolicyName(shop, 'Boundary', 'team-boundary')
iam.PermissionsBoundary.of(latchkey).apply(boundary)

// The team's own API: a route that is not named in `routes` asks for the most.
const { rest } = new LatchkeyAuthorizer(shop, 'Authorizer', {
  latchkey,
  needs: ['POSSESSION', 'PIN'],
  routes: { 'GET /account': [] },
})
const api = new RestApi(shop, 'Api', { cloudWatchRole: false })
const backend = new HttpIntegration('https://backend.acme.test')
const guarded = { authorizer: rest, authorizationType: AuthorizationType.CUSTOM }
api.root.addResource('account').addMethod('GET', backend, guarded)
api.root.addResource('transfers').addMethod('POST', backend, guarded)
Validations.of(api).acknowledge(
  { id: 'AwsSolutions-COG4', reason: 'Latchkey knows the people, not Cognito.' },
  ...['APIG1', 'APIG2', 'APIG3', 'APIG6'].map((rule) => ({
    id: `AwsSolutions-${rule}`,
    reason: 'The backend logs, judges bodies and has a firewall.',
  })),
)

app.synth()
