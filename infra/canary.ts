/**
 * A canary: a function on a schedule that recovers a person of its own over the API's address, by a code from a mailbox of its
 * own (ADR 0104). In the stack of the API, whose address it calls.
 */
import { Aws, Duration, Stack } from 'aws-cdk-lib'
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch'
import * as events from 'aws-cdk-lib/aws-events'
import * as targets from 'aws-cdk-lib/aws-events-targets'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as logs from 'aws-cdk-lib/aws-logs'
import * as route53 from 'aws-cdk-lib/aws-route53'
import * as s3 from 'aws-cdk-lib/aws-s3'
import * as ses from 'aws-cdk-lib/aws-ses'
import { Construct } from 'constructs'
import { lettersPrefix } from '../shared/canary/letters.ts'
import { routeOf } from '../shared/contract/routes.ts'
import { canaryMailbox, canaryUserId } from '../shared/domain/canary.ts'
import { policy } from '../shared/policy.ts'
import type { AlarmRow } from './alarm-row.ts'
import type { Api } from './api.ts'
import type { StageConfig } from './config.ts'
import type { Data } from './data.ts'
import { stageName } from './firewall.ts'
import { keeping } from './keeping.ts'
import { acknowledge } from './nag.ts'
import { canary } from './roles.ts'
import { type CodeOf, StepFunction } from './step-function.ts'

type Settings = NonNullable<StageConfig['canary']>

/** Lines of the function, and the metrics that are made of them. */
const lines = { proved: 'canary_proved', failed: 'canary_failed' } as const
const metricNames = { proved: 'CanaryProved', failed: 'CanaryFailed' } as const
type What = keyof typeof lines

const figureOf = (stage: string, what: What) => ({
  namespace: `Latchkey/${stage}`,
  metricName: metricNames[what],
})

const every = Duration.seconds(policy.canary.everySeconds)

/** Two runs in a row: a single letter may be late. Silence of three is one that does not run, or ends before it says anything. */
export function canaryAlarms({ stage, canary: settings }: StageConfig): AlarmRow[] {
  if (settings === undefined) return []
  const metric = (what: What, period: Duration) =>
    new Metric({ ...figureOf(stage, what), period, statistic: Stats.SUM })
  return [
    { id: 'canary-failed', metric: metric('failed', every), threshold: 1, periods: 2 },
    {
      id: 'canary-silent',
      metric: metric('proved', Duration.seconds(3 * every.toSeconds())),
      threshold: 1,
      below: true,
      missingIsBad: true,
    },
  ]
}

export class Canary extends Construct {
  constructor(
    scope: Construct,
    id: string,
    settings: Settings,
    api: Api,
    { data, config, codeOf }: { readonly data: Data; readonly config: StageConfig; readonly codeOf: CodeOf },
  ) {
    super(scope, id)
    const address = `${canaryMailbox}@${settings.domain}`
    const bucket = this.mailbox(address, settings, config)
    const made = new StepFunction(this, {
      id: canary,
      code: codeOf(canary),
      data,
      config,
      environment: { CANARY_URL: api.url, CANARY_EMAIL: address, CANARY_BUCKET: bucket.bucketName },
    })
    this.letIn(made.role, bucket, api)
    this.run(made, config.stage)
  }

  /** Letters of a day, which nobody but the function reads. */
  private mailbox(address: string, settings: Settings, config: StageConfig): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Mailbox', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(1) }],
      removalPolicy: keeping(config),
      ...(config.disposable && { autoDeleteObjects: true }),
    })
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'Codes of nobody, dead after five minutes; who read one need not be known.',
    )
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('ses.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`${lettersPrefix}*`)],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    )
    const rule = new ses.CfnReceiptRule(this, 'Receipt', {
      ruleSetName: settings.ruleSet,
      rule: {
        enabled: true,
        recipients: [address],
        scanEnabled: true,
        tlsPolicy: 'Require',
        actions: [{ s3Action: { bucketName: bucket.bucketName, objectKeyPrefix: lettersPrefix } }],
      },
    })
    // SES tries the bucket when the rule is made.
    if (bucket.policy) rule.node.addDependency(bucket.policy)
    if (settings.hostedZone) this.nameMailbox(settings.domain, settings.hostedZone)
    return bucket
  }

  private nameMailbox(domain: string, { id, name }: NonNullable<Settings['hostedZone']>): void {
    const zone = route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: id,
      zoneName: name,
    })
    const hostName = `inbound-smtp.${Aws.REGION}.amazonaws.com`
    new route53.MxRecord(this, 'Mx', { zone, recordName: `${domain}.`, values: [{ hostName, priority: 10 }] })
  }

  /** Its letters, and one admin route for one person, who is nobody. */
  private letIn(role: iam.Role, bucket: s3.Bucket, api: Api): void {
    const { method, path } = routeOf('putIdentity')
    const route = api.rest.arnForExecuteApi(method, path.replace('{userId}', canaryUserId), stageName)
    const letters = bucket.arnForObjects(`${lettersPrefix}*`)
    const statements = [
      { actions: ['s3:GetObject'], resources: [letters] },
      {
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${lettersPrefix}*` } },
      },
      { actions: ['execute-api:Invoke'], resources: [route] },
    ]
    for (const statement of statements) role.addToPolicy(new iam.PolicyStatement(statement))
    const named = Stack.of(this).resolve((bucket.node.defaultChild as s3.CfnBucket).logicalId)
    acknowledge(
      role,
      `AwsSolutions-IAM5[Resource::<${named}.Arn>/${lettersPrefix}*]`,
      'SES names each letter; they are of nobody.',
    )
  }

  private run({ function: target, log }: StepFunction, stage: string): void {
    // The next one comes in a quarter of an hour, and a second one at once would ask for a code too soon.
    target.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: every })
    new events.Rule(this, 'Schedule', {
      description: `Runs ${canary} every ${every.toSeconds()} s`,
      schedule: events.Schedule.rate(every),
      targets: [new targets.LambdaFunction(target)],
    })
    for (const what of Object.keys(lines) as What[]) {
      const { namespace, metricName } = figureOf(stage, what)
      new logs.MetricFilter(this, metricName, {
        logGroup: log,
        filterPattern: logs.FilterPattern.stringValue('$.message', '=', lines[what]),
        metricNamespace: namespace,
        metricName,
        metricValue: '1',
      })
    }
  }
}
