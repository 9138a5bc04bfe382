/** An app of a team: its network and its bucket, and Latchkey beside them. `npx cdk synth` in this folder. */
import { App, Stack, Stage, Tags } from 'aws-cdk-lib'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as s3 from 'aws-cdk-lib/aws-s3'
import { Latchkey } from 'latchkey/cdk'
import { settings } from './settings.ts'

const app = new App()
const prod = new Stage(app, 'Prod')

const shop = new Stack(prod, 'Shop')
new ec2.Vpc(shop, 'Network', { maxAzs: 2, natGateways: 0 })
new s3.Bucket(shop, 'Pictures')

const latchkey = new Latchkey(prod, 'Latchkey', {
  stage: 'prod',
  settings: { ...settings, disposable: true },
})
Tags.of(latchkey).add('cost-centre', 'accounts')
const boundary = iam.ManagedPolicy.fromManagedPolicyName(shop, 'Boundary', 'team-boundary')
iam.PermissionsBoundary.of(latchkey).apply(boundary)

app.synth()
