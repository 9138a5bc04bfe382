/** Where an import writes to, so that one that was cut off goes on there and nowhere else. */
import { hash } from 'node:crypto'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { clientOptions } from '#shared/aws/client.ts'
import { tableName } from '#shared/stores/database.ts'
import { Problem } from '../problem.ts'

/**
 * The table of identities itself: account, Region and name by its ARN, and the id that each table gets as it is made.
 * So a stage that was made again, a restored table and a new local stack are each another target.
 * @throws Problem when the table cannot be described
 */
export async function targetOf(): Promise<string> {
  const client = new DynamoDBClient(clientOptions)
  const name = tableName('identities')
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }))
    const { TableArn, TableId, CreationDateTime } = Table ?? {}
    return hash('sha256', [TableArn, TableId, CreationDateTime?.getTime()].join('\n'), 'hex')
  } catch (error) {
    throw new Problem(`The table ${name} cannot be described: ${(error as Error).message}`, 1)
  } finally {
    client.destroy()
  }
}
