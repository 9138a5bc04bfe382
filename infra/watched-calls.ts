/** Calls by administrators that could undo a guarantee: rare, and never without somebody being told. */
import { tables } from '../shared/tables.ts'
import type { Meant, Watched } from './account-watch.ts'
import type { StageConfig } from './config.ts'
import { type NamedKey, parametersOf } from './data.ts'
import { type Deployed, workerOf } from './deployed.ts'
import { stageName } from './firewall.ts'
import { firewallName } from './firewall-rules.ts'
import { stopsNameOf } from './flow-stops.ts'
import { stackName } from './names.ts'

/** What a rule needs to know of the stage. */
export interface Stage {
  readonly config: StageConfig
  readonly deployed: Deployed
  readonly topicArn: string
}

/**
 * EventBridge takes 2,048 characters of a pattern; each key takes some fifty. So many go into a rule, and the next ones into
 * another.
 */
const keysPerRule = 30

/** Callers name a key by its id or its ARN, which ends in the id. */
function named(keys: readonly NamedKey[]): Meant[] {
  const rules = Array.from({ length: Math.ceil(keys.length / keysPerRule) }, (_none, rule) =>
    keys.slice(rule * keysPerRule, (rule + 1) * keysPerRule),
  )
  return rules.map((some) => ({ parameters: { keyId: some.map(({ id }) => ({ suffix: id })) } }))
}

/** By its name or by its ARN, which ends in it; policies name the table by `resourceArn`. */
function namedTables({ deployed: { data } }: Stage): Meant[] {
  const names = (Object.keys(tables) as (keyof typeof tables)[]).map((id) => ({
    suffix: data.tables[id].tableName,
  }))
  return ['tableName', 'resourceArn'].map((name) => ({ parameters: { [name]: names } }))
}

/** CloudFormation's own names of what it makes in the stacks of the code begin so. */
const ofCode = ({ config: { stage } }: Stage) =>
  (['service', 'workers'] as const).map((part) => `${stackName(stage, part)}-`)

/** `deliver` makes the codes: whoever changes it is told of, a deployment too. Of all others what is done by hand. */
function namedFunctions(stage: Stage): Meant[] {
  const deliver = workerOf(stage.deployed, 'deliver').function.functionName
  const all = ofCode(stage).flatMap((start) => [{ prefix: start }, { wildcard: `*:function:${start}*` }])
  return [
    { parameters: { functionName: [{ suffix: deliver }] } },
    { parameters: { functionName: all }, byHand: true },
  ]
}

const ofWorkers = ({ config }: Stage) => ({ prefix: `${stackName(config.stage, 'workers')}-` })

/** IAM tells of itself in one Region alone. A role under the stage's path is one that policies take for a function's. */
export const watchedRoles: readonly Watched<Pick<Stage, 'config'>>[] = [
  {
    id: 'role-changed',
    service: 'iam',
    calls: [
      'AttachRolePolicy',
      'CreateRole',
      'DeleteRolePermissionsBoundary',
      'PutRolePermissionsBoundary',
      'PutRolePolicy',
      'UpdateAssumeRolePolicy',
    ],
    meant: ({ config: { stage } }) => [
      { parameters: { path: [{ prefix: `/latchkey-${stage}/` }] } },
      { parameters: { roleName: [{ prefix: `latchkey-${stage}-` }] }, byHand: true },
    ],
  },
]

export const watchedCalls: readonly Watched<Stage>[] = [
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
    meant: ({ deployed: { data } }) => named(Object.values(data.keys).flat()),
  },
  {
    id: 'table-key-changed',
    service: 'kms',
    // Not CreateGrant: DynamoDB itself grants its use, as often as it needs to.
    calls: ['DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'],
    meant: ({ deployed: { data } }) => named([data.tableKey()]),
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
    meant: namedTables,
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
    meant: ({ deployed: { data } }) => [{ parameters: { bucketName: [data.ledgerBucket.name] } }],
  },
  {
    // The next deployment reads there which tables and keys are meant.
    id: 'parameter-changed',
    service: 'ssm',
    calls: ['DeleteParameter', 'PutParameter'],
    meant: ({ config: { stage } }) => [{ parameters: { name: [{ prefix: parametersOf(stage) }] } }],
  },
  {
    id: 'function-changed',
    service: 'lambda',
    // Their names in CloudTrail end in the version of Lambda's interface.
    calls: [
      { prefix: 'AddPermission' },
      { prefix: 'DeleteFunction' },
      { prefix: 'PutFunctionConcurrency' },
      { prefix: 'UpdateFunctionCode' },
      { prefix: 'UpdateFunctionConfiguration' },
    ],
    meant: namedFunctions,
  },
  {
    id: 'firewall-changed',
    service: 'wafv2',
    calls: ['DisassociateWebACL', 'UpdateRegexPatternSet', 'UpdateWebACL'],
    meant: ({ config: { stage } }) => [
      { parameters: { name: [stopsNameOf(stage)] } },
      { parameters: { visibilityConfig: { metricName: [firewallName(stage)] } } },
      // Which API has which id is not known here.
      { parameters: { resourceArn: [{ suffix: `/stages/${stageName}` }] } },
    ],
  },
  {
    // Without it none of these notices comes.
    id: 'trail-changed',
    service: 'cloudtrail',
    calls: ['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'],
  },
  {
    id: 'alarm-changed',
    service: 'monitoring',
    calls: ['DeleteAlarms', 'DisableAlarmActions', 'PutMetricAlarm', 'SetAlarmState'],
    meant: (stage) => [
      { parameters: { alarmName: [ofWorkers(stage)] }, byHand: true },
      { parameters: { alarmNames: [ofWorkers(stage)] }, byHand: true },
    ],
  },
  {
    id: 'alarm-changed',
    service: 'sns',
    calls: ['DeleteTopic', 'SetTopicAttributes', 'Unsubscribe'],
    meant: ({ topicArn }) => [
      { parameters: { topicArn: [topicArn] } },
      { parameters: { subscriptionArn: [{ prefix: topicArn }] } },
    ],
  },
  {
    id: 'alarm-changed',
    service: 'events',
    calls: ['DeleteRule', 'DisableRule', 'PutRule', 'RemoveTargets'],
    meant: (stage) => [
      { parameters: { name: [ofWorkers(stage)] }, byHand: true },
      { parameters: { rule: [ofWorkers(stage)] }, byHand: true },
    ],
  },
]
