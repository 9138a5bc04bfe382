/** Items as a DynamoDB stream carries them. */
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import type { Item } from './database.ts'

type Wire = Parameters<typeof unmarshall>[0]

/** @returns the item after the change, or undefined when it was removed. */
export function newImage(record: DynamoDBRecord): Item | undefined {
  const image = record.dynamodb?.NewImage
  return image && unmarshall(image as Wire)
}

/** @returns the key of the changed item. */
export function keysOf(record: DynamoDBRecord): Item {
  return unmarshall((record.dynamodb?.Keys ?? {}) as Wire)
}
