/** Items as a DynamoDB stream carries them. */
import type { DynamoDBRecord } from 'aws-lambda'
import type { TableId } from '../tables.ts'
import type { Stored } from './stored.ts'
import { fromWire, type Item, type WireItem } from './wire-item.ts'

/**
 * @template T the table whose stream it is
 * @returns the item after the change, or undefined when it was removed.
 */
export function newImage<T extends TableId>(record: DynamoDBRecord): Stored<T> | undefined {
  const image = record.dynamodb?.NewImage
  return image && (fromWire(image as WireItem) as unknown as Stored<T>)
}

/** @returns the key of the changed item. */
export function keysOf(record: DynamoDBRecord): Item {
  return fromWire((record.dynamodb?.Keys ?? {}) as WireItem)
}
