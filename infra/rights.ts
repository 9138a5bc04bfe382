/** The words in which `access.ts` says what a role may do. No part of the CDK, so that the local stack reads it too. */
import type { RouteId } from '../shared/contract/routes.ts'
import { type Table, type TableId, tables } from '../shared/tables.ts'
import type { KeyId } from './config.ts'

export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'Scan'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem'
  /** Tells which table it is, and nothing of what is in it. */
  | 'DescribeTable'
export type KeyAction = 'GenerateMac' | 'VerifyMac' | 'Sign' | 'GetPublicKey'
export type BucketAction = 'GetObject' | 'PutObject' | 'PutObjectRetention' | 'ListBucket'
/** Of the ledger's bucket: objects by how their names begin, and the bucket itself, which may be listed. */
export type BucketPart = 'checkpoints' | 'entries' | 'itself'

/** What may be done to some items of a table. */
export interface TableRight {
  readonly actions: readonly TableAction[]
  /** How the partition keys of the items begin; all items where it is not given. */
  readonly prefixes?: readonly string[]
  /** The only attributes that may be named, written or compared, beside those of the key. All where it is not given. */
  readonly attributes?: readonly string[]
  /** Nothing of the item may be given back. */
  readonly blind?: true
}

export interface Access {
  readonly tables?: Readonly<Partial<Record<TableId, readonly TableRight[]>>>
  readonly keys?: Readonly<Partial<Record<KeyId, readonly KeyAction[]>>>
  readonly bucket?: Readonly<Partial<Record<BucketPart, readonly BucketAction[]>>>
  readonly sends?: readonly ('email' | 'sms')[]
  /** Puts events on the bus that the stage names. */
  readonly publishes?: true
  /** Admin routes that may be called, as the API lets whoever has the right to. */
  readonly calls?: readonly RouteId[]
  /** Runs argon2: ships the native binary and has a whole processor. */
  readonly hashes?: true
}

/** Actions on items whose keys begin in one of these ways; on all items where none is named. */
export const may = (actions: readonly TableAction[], prefixes?: readonly string[]): TableRight => ({
  actions,
  ...(prefixes && { prefixes }),
})

/** Putting items that hold these attributes and no others. */
export const put = (attributes: readonly string[], prefixes?: readonly string[]): TableRight => ({
  ...may(['PutItem'], prefixes),
  attributes,
})

/** Changing these attributes, or holding the change to them: IAM does not tell the two apart. */
export const set = (attributes: readonly string[], prefixes?: readonly string[]): TableRight => ({
  ...may(['UpdateItem'], prefixes),
  attributes,
})

/** Changing these attributes without learning anything of the item. */
export const note = (attributes: readonly string[], prefixes?: readonly string[]): TableRight => ({
  ...set(attributes, prefixes),
  blind: true,
})

/** All that a right lets be named: its attributes, and those of the key, which go without saying. */
export function attributesOf({ attributes }: TableRight, table: TableId): readonly string[] | undefined {
  if (attributes === undefined) return undefined
  const { partitionKey, sortKey }: Table = tables[table]
  return [partitionKey, ...(sortKey ? [sortKey] : []), ...attributes]
}
