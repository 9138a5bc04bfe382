/** Puts the built pages into their bucket. Nothing is ever taken away: a page that is open still asks for its own assets. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Stack } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as logs from 'aws-cdk-lib/aws-logs'
import type * as s3 from 'aws-cdk-lib/aws-s3'
import { Asset } from 'aws-cdk-lib/aws-s3-assets'
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment'
import type { Construct } from 'constructs'
import { pageCaching } from '../web/page-headers.ts'
import { securityTxtPath } from '../web/security-txt.ts'
import type { StageConfig } from './config.ts'
import { keeping } from './keeping.ts'
import { acknowledge } from './nag.ts'

const wellKnown = dirname(securityTxtPath).slice(1)

/** @param folder of the build: HTML, which changes, `assets/`, which never do, and perhaps what stands at a well-known address */
export function uploadPages(scope: Construct, config: StageConfig, bucket: s3.IBucket, folder: string): void {
  const html = new Asset(scope, 'HtmlFiles', { path: folder, exclude: ['assets', wellKnown] })
  const assets = new Asset(scope, 'AssetFiles', { path: join(folder, 'assets') })
  const texts = existsSync(join(folder, wellKnown))
    ? new Asset(scope, 'WellKnownFiles', { path: join(folder, wellKnown) })
    : undefined
  const log = new logs.LogGroup(scope, 'UploadLog', {
    retention: config.logRetentionDays,
    removalPolicy: keeping(config),
  })
  const role = uploadRole(scope, log, bucket, [html, assets, ...(texts ? [texts] : [])])
  const upload = (
    id: string,
    files: Asset,
    given: Pick<s3deploy.BucketDeploymentProps, 'contentType' | 'destinationKeyPrefix'>,
    caching: string,
  ) => {
    const made = new s3deploy.BucketDeployment(scope, id, {
      sources: [s3deploy.Source.bucket(files.bucket, files.s3ObjectKey)],
      destinationBucket: bucket,
      cacheControl: [s3deploy.CacheControl.fromString(caching)],
      prune: false,
      role: role.withoutPolicyUpdates(),
      logGroup: log,
      memoryLimit: 512,
      ...given,
    })
    made.node.addDependency(role)
    return made
  }
  const first = upload('Assets', assets, { destinationKeyPrefix: 'assets' }, pageCaching.asset)
  const second = upload('Html', html, { contentType: 'text/html; charset=utf-8' }, pageCaching.other)
  // A page must not be there before what it asks for.
  second.node.addDependency(first)
  if (texts !== undefined) {
    const contentType = 'text/plain; charset=utf-8'
    upload('WellKnown', texts, { destinationKeyPrefix: wellKnown, contentType }, pageCaching.other)
  }
  acknowledge(
    Stack.of(scope),
    'AwsSolutions-L1',
    'The library uploads with a function of its own, and keeps it current.',
  )
}

/** May put files and nothing else: the library would have it delete, too. */
function uploadRole(
  scope: Construct,
  log: logs.LogGroup,
  bucket: s3.IBucket,
  files: readonly Asset[],
): iam.Role {
  const role = new iam.Role(scope, 'UploadRole', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  })
  const allow = (actions: string[], ...resources: string[]) =>
    role.addToPolicy(new iam.PolicyStatement({ actions, resources }))
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], log.logGroupArn)
  allow(['s3:GetObject'], ...files.map((each) => each.bucket.arnForObjects(each.s3ObjectKey)))
  allow(['s3:ListBucket'], bucket.bucketArn)
  allow(['s3:PutObject'], bucket.arnForObjects('*'))
  const bucketId = Stack.of(scope).getLogicalId(bucket.node.defaultChild as s3.CfnBucket)
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`,
    'Assets carry a hash of their content: their names are not known before.',
  )
  return role
}
