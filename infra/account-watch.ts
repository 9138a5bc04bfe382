/** Calls by administrators that could undo a guarantee: rare, and never without somebody being told. Needs a CloudTrail trail. */
import * as events from 'aws-cdk-lib/aws-events'
import * as targets from 'aws-cdk-lib/aws-events-targets'
import type { Key } from 'aws-cdk-lib/aws-kms'
import * as sns from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { DataStack } from './data-stack.ts'

interface Watched {
  readonly id: string
  readonly service: string
  readonly calls: readonly string[]
  /** Which of the call's parameters name our resources; absent: any of the account. */
  readonly parameters?: (data: DataStack) => Readonly<Record<string, readonly string[]>>
}

/** Callers name a key by either. */
const named = (keys: readonly Key[]) => ({ keyId: keys.flatMap((key) => [key.keyId, key.keyArn]) })

export const watchedCalls: readonly Watched[] = [
  {
    id: 'key-changed',
    service: 'kms',
    calls: ['CreateGrant', 'DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'],
    parameters: (data) => named(Object.values(data.keys).flat()),
  },
  {
    id: 'table-key-changed',
    service: 'kms',
    // Not CreateGrant: DynamoDB itself grants its use, as often as it needs to.
    calls: ['DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'],
    parameters: (data) => named([data.tableKey]),
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
    parameters: (data) => ({ bucketName: [data.ledgerBucket.bucketName] }),
  },
]

/**
 * Tells the topic of each such call, with who made it.
 * @param topic lets the rules of this account in by its own policy
 */
export function watchAccount(scope: Construct, data: DataStack, { topicArn }: sns.ITopic): void {
  // As a topic of elsewhere: to one of the app CDK would add leave for the rules of every account.
  const topic = sns.Topic.fromTopicArn(scope, 'Told', topicArn)
  for (const { id, service, calls, parameters } of watchedCalls)
    new events.Rule(scope, id, {
      description: `docs/runbook.md#${id}`,
      eventPattern: {
        source: [`aws.${service}`],
        detailType: ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: [`${service}.amazonaws.com`],
          eventName: [...calls],
          ...(parameters && { requestParameters: parameters(data) }),
        },
      },
      targets: [
        new targets.SnsTopic(topic, {
          message: events.RuleTargetInput.fromText(
            `Latchkey, ${id}: ${events.EventField.fromPath('$.detail.eventName')} by ${events.EventField.fromPath('$.detail.userIdentity.arn')} at ${events.EventField.fromPath('$.time')}. See docs/runbook.md#${id}`,
          ),
        }),
      ],
    })
}
