/** What cannot be made again: tables, keys and the bucket of checkpoints. Apart from the code, so that no deployment of code touches it. */
import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Key } from 'aws-cdk-lib/aws-kms'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import * as ssm from 'aws-cdk-lib/aws-ssm'
import type { Construct } from 'constructs'
import type { TableId } from '../shared/tables.ts'
import type { KeyId, StageConfig } from './config.ts'
import { hasStream, parameterNames, tableIds } from './data.ts'
import { makeKeys, makeTableKey } from './keys.ts'
import { makeLedgerBucket } from './ledger-bucket.ts'
import { makeTables } from './tables.ts'

export interface DataStackProps extends StackProps {
  /** Keeps the exports that version 0.1.0's service imports, for the one deployment in which it goes over to parameters. */
  readonly keepExports?: boolean
}

export class DataStack extends Stack {
  readonly tables: Readonly<Record<TableId, Table>>
  /** All versions of each key, oldest first. */
  readonly keys: Readonly<Record<KeyId, readonly Key[]>>
  /** The tables lie under it. */
  readonly tableKey: Key
  readonly ledgerBucket: Bucket

  constructor(scope: Construct, id: string, config: StageConfig, props: DataStackProps) {
    const { keepExports = false, ...rest } = props
    super(scope, id, { ...rest, terminationProtection: !config.disposable })
    this.tableKey = makeTableKey(this, config)
    this.tables = makeTables(this, config, this.tableKey)
    this.keys = makeKeys(this, config)
    this.ledgerBucket = makeLedgerBucket(this, config)
    this.publish(config)
    if (keepExports) this.exportAsBefore()
  }

  /** Tells the other stacks of the stage what things are called. */
  private publish(config: StageConfig): void {
    const names = parameterNames(config)
    const tell = (parameterName: string, stringValue: string) =>
      new ssm.StringParameter(this, parameterName.slice(1).replaceAll('/', '-'), {
        parameterName,
        stringValue,
      })
    for (const id of tableIds) tell(names.table(id), this.tables[id].tableName)
    for (const id of tableIds.filter(hasStream)) tell(names.stream(id), this.tables[id].tableStreamArn ?? '')
    for (const [id, versions] of Object.entries(this.keys))
      tell(names.key(id as KeyId), versions.map((version) => version.keyId).join(','))
    tell(names.tableKey, this.tableKey.keyId)
    tell(names.ledgerBucket, this.ledgerBucket.bucketName)
  }

  private exportAsBefore(): void {
    const values = [
      ...Object.values(this.tables).flatMap((table) => [table.tableName, table.tableArn]),
      ...tableIds.filter(hasStream).map((id) => this.tables[id].tableStreamArn ?? ''),
      ...[this.tableKey, ...Object.values(this.keys).flat()].flatMap((key) => [key.keyId, key.keyArn]),
      this.ledgerBucket.bucketName,
      this.ledgerBucket.bucketArn,
    ]
    for (const value of values) this.exportValue(value)
  }
}
