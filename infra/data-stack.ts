/** What cannot be made again: tables, keys and the bucket of checkpoints. Apart from the code, so that no deployment of code touches it. */
import { type App, Stack, type StackProps } from 'aws-cdk-lib'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Key } from 'aws-cdk-lib/aws-kms'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { TableId } from '../shared/tables.ts'
import type { KeyId, StageConfig } from './config.ts'
import { makeKeys, makeTableKey } from './keys.ts'
import { checkpointObjects, makeLedgerBucket } from './ledger-bucket.ts'
import { makeTables } from './tables.ts'

export class DataStack extends Stack {
  readonly tables: Readonly<Record<TableId, Table>>
  /** All versions of each key, oldest first. */
  readonly keys: Readonly<Record<KeyId, readonly Key[]>>
  /** The tables lie under it. */
  readonly tableKey: Key
  readonly ledgerBucket: Bucket
  /** ARN of the checkpoints in it, for the other stack. */
  readonly checkpointObjects: string

  constructor(app: App, id: string, config: StageConfig, props: StackProps) {
    super(app, id, { ...props, terminationProtection: true })
    this.tableKey = makeTableKey(this, config)
    this.tables = makeTables(this, config, this.tableKey)
    this.keys = makeKeys(this, config)
    this.ledgerBucket = makeLedgerBucket(this, config)
    this.checkpointObjects = `${this.exportValue(this.ledgerBucket.bucketArn)}/${checkpointObjects}`
  }
}
