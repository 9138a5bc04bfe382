/**
 * What the other stacks know of the data stack: names and ARNs, as values. The data stack keeps the names in SSM parameters
 * and the others read them at their own deployment, so neither stands in the other's way: what an export names can be taken
 * away only once nobody imports it.
 */
import { Aws, CfnParameter, Fn, type Stack } from 'aws-cdk-lib'
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import { type Table, type TableId, tables } from '../shared/tables.ts'
import type { KeyId, StageConfig } from './config.ts'

export interface NamedKey {
  readonly id: string
  readonly arn: string
}

export interface Data {
  readonly tables: Readonly<Record<TableId, dynamodb.ITable>>
  /** ARN of the table's stream, of those that have one. */
  streamOf(table: TableId): string
  /** All versions of each key, oldest first. */
  readonly keys: Readonly<Record<KeyId, readonly NamedKey[]>>
  /** The tables lie under it. */
  tableKey(): NamedKey
  readonly ledgerBucket: { readonly name: string; readonly arn: string }
}

export const tableIds = Object.keys(tables) as TableId[]
export const hasStream = (id: TableId): boolean => (tables[id] as Table).stream !== undefined

/** Before the names of a stage's parameters. */
export const parametersOf = (stage: string): string => `/latchkey-${stage}/`

/**
 * Names of the parameters. That of a key says which versions its list holds: a stack that is deployed with other versions
 * finds no parameter and fails, where a place in the list would have named another key in silence.
 */
export function parameterNames({ stage, keyVersions }: StageConfig) {
  const named = (what: string) => `${parametersOf(stage)}${what}`
  return {
    table: (id: TableId) => named(`tables/${id}`),
    stream: (id: TableId) => named(`streams/${id}`),
    key: (id: KeyId) => named(`keys/${id}/${keyVersions[id].join('.')}`),
    tableKey: named('table-key'),
    ledgerBucket: named('ledger-bucket'),
  } as const
}

export const pascal = (words: string) =>
  words.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase())

const arnOf = (service: string, resource: string) =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`
const namedKey = (id: string): NamedKey => ({ id, arn: arnOf('kms', `key/${id}`) })

const mapOf = <K extends string, V>(ids: readonly K[], make: (id: K) => V) =>
  Object.fromEntries(ids.map((id) => [id, make(id)])) as Record<K, V>

/** The data stack as another stack of the stage reads it. A stack asks for no name that it does not use. */
export function dataFor(stack: Stack, config: StageConfig): Data {
  const names = parameterNames(config)
  const read = (id: string, name: string): string => {
    const there = stack.node.tryFindChild(id) as CfnParameter | undefined
    const type = 'AWS::SSM::Parameter::Value<String>'
    return (there ?? new CfnParameter(stack, id, { type, default: name })).valueAsString
  }
  const table = (id: TableId) =>
    dynamodb.Table.fromTableName(stack, `${pascal(id)}Data`, read(`${pascal(id)}Table`, names.table(id)))
  const keys = (id: KeyId) => {
    const list = Fn.split(',', read(`${pascal(id)}Keys`, names.key(id)))
    return config.keyVersions[id].map((_version, place) => namedKey(Fn.select(place, list)))
  }
  const bucket = read('LedgerBucket', names.ledgerBucket)
  return {
    tables: mapOf(tableIds, table),
    streamOf: (id) => read(`${pascal(id)}Stream`, names.stream(id)),
    keys: mapOf(Object.keys(config.keyVersions) as KeyId[], keys),
    tableKey: () => namedKey(read('TableKey', names.tableKey)),
    ledgerBucket: { name: bucket, arn: `arn:${Aws.PARTITION}:s3:::${bucket}` },
  }
}
