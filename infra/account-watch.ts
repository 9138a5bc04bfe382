/** Calls by administrators that could undo a guarantee: rare, and never without somebody being told. Needs a CloudTrail trail. */
import { Annotations } from 'aws-cdk-lib'
import * as events from 'aws-cdk-lib/aws-events'
import * as targets from 'aws-cdk-lib/aws-events-targets'
import * as sns from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { StageConfig } from './config.ts'
import { type Data, type NamedKey, parametersOf } from './data.ts'

/** Which of a call's parameters names what is ours. */
type Parameters = Readonly<Record<string, readonly (string | Readonly<Record<string, string>>)[]>>

interface Watched {
  readonly id: string
  readonly service: string
  readonly calls: readonly string[]
  /** One rule each; absent: one, for whatever of the account is meant. */
  readonly parameters?: (data: Data, config: StageConfig) => readonly Parameters[]
}

/**
 * EventBridge takes 2,048 characters of a pattern; each key takes some fifty. So many go into a rule, and the next ones into
 * another.
 */
const keysPerRule = 30

/** Callers name a key by its id or its ARN, which ends in the id. */
function named(keys: readonly NamedKey[]): Parameters[] {
  const rules = Array.from({ length: Math.ceil(keys.length / keysPerRule) }, (_none, rule) =>
    keys.slice(rule * keysPerRule, (rule + 1) * keysPerRule),
  )
  return rules.map((some) => ({ keyId: some.map(({ id }) => ({ suffix: id })) }))
}

export const watchedCalls: readonly Watched[] = [
  {
    id: 'key-changed',
    service: 'kms',
    calls: [
      'CreateGrant',
      'DisableKey',
      'PutKeyPolicy',
      'ReplicateKey',
      'ScheduleKeyDeletion',
      'UpdatePrimaryRegion',
    ],
    parameters: (data) => named(Object.values(data.keys).flat()),
  },
  {
    id: 'table-key-changed',
    service: 'kms',
    // Not CreateGrant: DynamoDB itself grants its use, as often as it needs to.
    calls: ['DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'],
    parameters: (data) => named([data.tableKey()]),
  },
  {
    id: 'table-changed',
    service: 'dynamodb',
    calls: [
      'DeleteResourcePolicy',
      'DeleteTable',
      'PutResourcePolicy',
      'UpdateContinuousBackups',
      'UpdateTable',
    ],
  },
  {
    id: 'bucket-changed',
    service: 's3',
    calls: [
      'DeleteBucket',
      'DeleteBucketPolicy',
      'PutBucketPolicy',
      'PutBucketVersioning',
      'PutObjectLockConfiguration',
    ],
    parameters: (data) => [{ bucketName: [data.ledgerBucket.name] }],
  },
  {
    // The next deployment reads there which tables and keys are meant.
    id: 'parameter-changed',
    service: 'ssm',
    calls: ['DeleteParameter', 'PutParameter'],
    parameters: (_data, { stage }) => [{ name: [{ prefix: parametersOf(stage) }] }],
  },
]

/** @param requestParameters absent: of any call */
function pattern(
  { service, calls }: Watched,
  requestParameters: Parameters | undefined,
): events.EventPattern {
  return {
    source: [`aws.${service}`],
    detailType: ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: [`${service}.amazonaws.com`],
      eventName: [...calls],
      ...(requestParameters && { requestParameters }),
    },
  }
}

/**
 * Tells the topic of each such call, with who made it.
 * @param topic lets the rules of this account in by its own policy
 */
export function watchAccount(
  scope: Construct,
  data: Data,
  config: StageConfig,
  { topicArn }: sns.ITopic,
): void {
  // As a topic of elsewhere: to one of the app CDK would add leave for the rules of every account.
  const topic = sns.Topic.fromTopicArn(scope, 'Told', topicArn)
  const field = (path: string) => events.EventField.fromPath(path)
  for (const watched of watchedCalls) {
    const message = events.RuleTargetInput.fromText(
      `Latchkey, ${watched.id}: ${field('$.detail.eventName')} by ${field('$.detail.userIdentity.arn')} at ${field('$.time')}. See docs/runbook.md#${watched.id}`,
    )
    const each = watched.parameters?.(data, config) ?? [undefined]
    for (const [index, parameters] of each.entries()) {
      const rule = new events.Rule(scope, index === 0 ? watched.id : `${watched.id}-${index + 1}`, {
        description: `docs/runbook.md#${watched.id}`,
        eventPattern: pattern(watched, parameters),
        targets: [new targets.SnsTopic(topic, { message })],
      })
      // `cdk deploy --strict` takes no warning: CDK cannot know that the topic's address is one of here.
      Annotations.of(rule).acknowledgeWarning('@aws-cdk/aws-events:ruleUnresolvedEnvironment')
    }
  }
}
