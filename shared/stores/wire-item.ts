/** Items as DynamoDB and its streams carry them. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'

export type Item = Record<string, unknown>
export type WireItem = Record<string, AttributeValue>

/** A number that JavaScript cannot hold exactly stays text: none of ours, so whoever put it there must not stop a reader. */
const wrapNumbers = (text: string): number | string => {
  const number = Number(text)
  return String(number) === text ? number : text
}

export const toWire = (item: Item): WireItem => marshall(item, { removeUndefinedValues: true })

export const fromWire = (item: WireItem): Item => unmarshall(item, { wrapNumbers })
