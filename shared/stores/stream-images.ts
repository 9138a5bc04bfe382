/** Items as a DynamoDB stream carries them. */
import type { DynamoDBRecord } from 'aws-lambda'
import { fromWire, type Item, type WireItem } from './wire-item.ts'

/** @returns the item after the change, or undefined when it was removed. */
export function newImage(record: DynamoDBRecord): Item | undefined {
  const image = record.dynamodb?.NewImage
  return image && fromWire(image as WireItem)
}

/** @returns the key of the changed item. */
export function keysOf(record: DynamoDBRecord): Item {
  return fromWire((record.dynamodb?.Keys ?? {}) as WireItem)
}
