/** Turns the table of access into policy statements: exact actions on exact resources. */
import { Aws } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import { type StreamSource, streamSources } from '../shared/event-sources.ts'
import type { TableId } from '../shared/tables.ts'
import type { KeyId, StageConfig } from './config.ts'
import type { Data } from './data.ts'
import { mailboxAddress } from './email-settings.ts'
import { objectsOf } from './ledger-bucket.ts'
import { type Access, attributesOf, type BucketPart, type TableRight } from './rights.ts'
import type { FunctionId } from './roles.ts'

const entries = <K extends string, V>(record: Readonly<Partial<Record<K, V>>> | undefined) =>
  Object.entries(record ?? {}) as [K, V][]

/**
 * Where a right ends. `ForAllValues` holds of no value at all too, so the key of the condition must be there. Whoever may
 * not read an item must not be given it back by its change: a refused condition counts as a return value as well.
 */
function conditionsOf(right: TableRight, table: TableId): Record<string, Record<string, unknown>> {
  const attributes = attributesOf(right, table)
  const lists = {
    ...(right.prefixes && {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': right.prefixes.map((prefix) => `${prefix}*`) },
    }),
    ...(attributes && { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes } }),
  }
  const present = Object.values(lists).flatMap((list) => Object.keys(list).map((name) => [name, 'false']))
  return {
    ...lists,
    ...(present.length > 0 && { Null: Object.fromEntries(present) }),
    ...(right.blind && {
      StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'] },
    }),
  }
}

/** One statement for all tables on which a role may do the same: IAM counts the characters of a role's policies. */
function tableStatements(access: Access, data: Data): iam.PolicyStatement[] {
  const granted = entries<TableId, readonly TableRight[]>(access.tables).flatMap(([table, rights]) =>
    rights.map((right) => ({
      actions: right.actions.map((action) => `dynamodb:${action}`),
      conditions: conditionsOf(right, table),
      resource: data.tables[table].tableArn,
    })),
  )
  const alike = Map.groupBy(granted, ({ actions, conditions }) => JSON.stringify([actions, conditions]))
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const { resource, ...right } = first
    return new iam.PolicyStatement({
      ...right,
      resources: [resource, ...others.map((each) => each.resource)],
    })
  })
}

/** Every version: values name the key they were made with, and older ones are still proved. */
function keyStatements(access: Access, data: Data): iam.PolicyStatement[] {
  return entries<KeyId, readonly string[]>(access.keys).map(
    ([key, actions]) =>
      new iam.PolicyStatement({
        actions: actions.map((action) => `kms:${action}`),
        resources: data.keys[key].map((version) => version.arn),
      }),
  )
}

/** Objects of the bucket by their prefix; the bucket itself so that a missing one is told apart from a forbidden one. */
function bucketStatements(access: Access, data: Data): iam.PolicyStatement[] {
  const { arn } = data.ledgerBucket
  return entries<BucketPart, readonly string[]>(access.bucket).map(
    ([part, actions]) =>
      new iam.PolicyStatement({
        actions: actions.map((action) => `s3:${action}`),
        resources: [part === 'itself' ? arn : `${arn}/${objectsOf(part)}`],
      }),
  )
}

/** Checkpoints in the bucket of another account, which the sealer fills as well. */
export function witnessObjects(id: FunctionId | undefined, config: StageConfig): string | undefined {
  const bucket = id === 'seal-ledger' ? config.witness?.bucket : undefined
  return bucket && `arn:${Aws.PARTITION}:s3:::${bucket}/${objectsOf('checkpoints')}`
}

function witnessStatements(id: FunctionId | undefined, config: StageConfig): iam.PolicyStatement[] {
  const objects = witnessObjects(id, config)
  const mail = id === 'seal-ledger' && config.witness?.email !== undefined
  return [
    ...(objects ? [new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [objects] })] : []),
    ...(mail ? [emailStatement(config)] : []),
  ]
}

/** The set that mails name. Where they name none, the address or its domain may have one by default, and SES asks for the right on that too. */
const configurationSets = ({ email }: StageConfig) =>
  `arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}:configuration-set/${email?.configurationSet ?? '*'}`

/** SES judges by the verified identity, which may be the address or its domain; the sender is fixed either way. */
function emailStatement(config: StageConfig): iam.PolicyStatement {
  const address = mailboxAddress(config.emailFrom) ?? ''
  const identities = [address, address.slice(address.indexOf('@') + 1)].map(
    (identity) => `arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}:identity/${identity}`,
  )
  return new iam.PolicyStatement({
    actions: ['ses:SendEmail'],
    resources: [...identities, configurationSets(config)],
    conditions: { StringEquals: { 'ses:FromAddress': address } },
  })
}

/** What is of this account and Region is named by its name; anything else by its ARN. */
const arnOf = (given: string, service: string, kind: string) =>
  given.startsWith('arn:')
    ? given
    : `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${kind}${given}`

function busStatements({ events }: StageConfig): iam.PolicyStatement[] {
  if (events === undefined) return []
  const resources = [arnOf(events.bus, 'events', 'event-bus/')]
  return [new iam.PolicyStatement({ actions: ['events:PutEvents'], resources })]
}

/** By the team's own sender where there is one, and then by no other way. */
function sendStatements(channel: 'email' | 'sms', config: StageConfig): iam.PolicyStatement[] {
  const sender = config.senders?.[channel]
  if (sender === undefined) return channel === 'email' ? [emailStatement(config)] : smsStatements()
  const resources = [arnOf(sender, 'lambda', 'function:')]
  return [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources })]
}

/** A phone number has no ARN, so it takes `*`; topics, which have, are taken out again. */
function smsStatements(): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] }),
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: ['sns:Publish'],
      resources: [`arn:${Aws.PARTITION}:sns:*:*:*`],
    }),
  ]
}

/** What Lambda's poller needs to read a stream in the function's name. */
function streamStatements(id: FunctionId, data: Data): iam.PolicyStatement[] {
  const source: StreamSource | undefined = (streamSources as Readonly<Record<string, StreamSource>>)[id]
  const arn = source && data.streamOf(source.table)
  if (arn === undefined) return []
  return [
    new iam.PolicyStatement({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [arn],
    }),
    // No resource can be named for it.
    new iam.PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: ['*'] }),
  ]
}

/** All statements of a function or person. */
export function statementsOf(
  id: FunctionId | undefined,
  access: Access,
  data: Data,
  config: StageConfig,
): iam.PolicyStatement[] {
  return [
    ...tableStatements(access, data),
    ...keyStatements(access, data),
    ...bucketStatements(access, data),
    ...(access.sends ?? []).flatMap((channel) => sendStatements(channel, config)),
    ...(access.publishes ? busStatements(config) : []),
    ...witnessStatements(id, config),
    ...(id === undefined ? [] : streamStatements(id, data)),
  ]
}
