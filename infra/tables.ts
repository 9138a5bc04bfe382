/** The tables of `shared/tables.ts`, with what protects them. */
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import * as iam from 'aws-cdk-lib/aws-iam'
import type * as kms from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { numberKeys, type Table, type TableId, tables } from '../shared/tables.ts'
import type { StageConfig } from './config.ts'
import { keeping } from './keeping.ts'
import { acknowledge } from './nag.ts'
import { roleArnPattern } from './roles.ts'
import { ceilingOf } from './room.ts'

/** Keys that are hashes and hot under attack; the others hold addresses, which belong in no metric. */
const watched: ReadonlySet<TableId> = new Set(['challenges', 'outbox', 'notices'])

const streamViews = {
  NEW_IMAGE: dynamodb.StreamViewType.NEW_IMAGE,
  NEW_AND_OLD_IMAGES: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
} as const

/** Writes that no one may make to the ledger, whatever their own policy says. */
const forbiddenLedgerWrites = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:UpdateItem',
] as const

/** Put only, and by append-ledger alone. `*` is the table itself: its ARN is not known inside its own policy. */
const ledgerPolicy = (stage: string) =>
  new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'NobodyChangesOrDeletes',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: [...forbiddenLedgerWrites],
        resources: ['*'],
      }),
      new iam.PolicyStatement({
        sid: 'OnlyTheAppenderPuts',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['dynamodb:PutItem'],
        resources: ['*'],
        conditions: { ArnNotLike: { 'aws:PrincipalArn': roleArnPattern(stage, 'append-ledger') } },
      }),
    ],
  })

const attribute = (table: TableId, name: string): dynamodb.Attribute => ({
  name,
  type: numberKeys.has(`${table}.${name}`) ? dynamodb.AttributeType.NUMBER : dynamodb.AttributeType.STRING,
})

const constructId = (id: TableId) => `${id.charAt(0).toUpperCase()}${id.slice(1)}Table`

function makeTable(scope: Construct, config: StageConfig, key: kms.IKey, id: TableId): dynamodb.Table {
  const definition: Table = tables[id]
  const { readUnits, writeUnits } = ceilingOf(config, id)
  const made = new dynamodb.Table(scope, constructId(id), {
    partitionKey: attribute(id, definition.partitionKey),
    ...(definition.sortKey && { sortKey: attribute(id, definition.sortKey) }),
    ...(definition.ttl && { timeToLiveAttribute: definition.ttl }),
    ...(definition.stream && { stream: streamViews[definition.stream] }),
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    maxReadRequestUnits: readUnits,
    maxWriteRequestUnits: writeUnits,
    encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: definition.durable },
    deletionProtection: !config.disposable,
    removalPolicy: keeping(config),
    ...(watched.has(id) && {
      contributorInsightsSpecification: {
        enabled: true,
        mode: dynamodb.ContributorInsightsMode.THROTTLED_KEYS,
      },
    }),
    ...(id === 'ledger' && { resourcePolicy: ledgerPolicy(config.stage) }),
  })
  if (!definition.durable)
    acknowledge(
      made,
      'AwsSolutions-DDB3',
      'Holds only what may be forgotten; 35 days of it would be kept for nothing.',
    )
  return made
}

/** All tables, under one key. */
export function makeTables(
  scope: Construct,
  config: StageConfig,
  key: kms.IKey,
): Readonly<Record<TableId, dynamodb.Table>> {
  const made = (id: TableId) => makeTable(scope, config, key, id)
  return {
    identities: made('identities'),
    challenges: made('challenges'),
    sessions: made('sessions'),
    outbox: made('outbox'),
    notices: made('notices'),
    ledger: made('ledger'),
    seal: made('seal'),
  }
}
