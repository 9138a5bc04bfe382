/** Stream records in the form Lambda hands them to a function. */
import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBRecord } from 'aws-lambda'

/** @returns the record with binary values in base64 and its time in epoch seconds, as they are on the wire. */
export function toEventRecord(record: StreamRecord, streamArn: string): DynamoDBRecord {
  return { ...(wireForm(record) as DynamoDBRecord), eventSourceARN: streamArn }
}

function wireForm(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date) return value.getTime() / 1000
  if (Array.isArray(value)) return value.map(wireForm)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wireForm(inner)]))
}

/** @returns the sequence number; the service gives every record one. */
export function sequenceNumberOf(record: DynamoDBRecord): string {
  const number = record.dynamodb?.SequenceNumber
  if (number === undefined) throw new Error(`Stream record ${record.eventID} has no sequence number`)
  return number
}

/** @returns a text that is the same for records of one item, and differs for others. */
export function itemOf(record: DynamoDBRecord): string {
  return JSON.stringify(
    Object.entries(record.dynamodb?.Keys ?? {}).sort(([one], [two]) => (one < two ? -1 : 1)),
  )
}
