/** Sends the codes and messages of the outbox. One record that fails holds up no other. */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { errorFacts, log } from '#shared/call/log.ts'
import { deliverCode } from '#shared/delivery/codes.ts'
import { deliverNotice } from '#shared/delivery/notices.ts'
import type { OutboxRow } from '#shared/events.ts'
import { newImage } from '#shared/stores/stream-images.ts'

async function deliver(row: OutboxRow): Promise<void> {
  if (row.kind === 'code') await deliverCode(row)
  if (row.kind === 'message') await deliverNotice(row)
}

/** @returns the record's sequence number if it must come again. */
async function attempt(record: DynamoDBRecord): Promise<string | undefined> {
  const row = newImage(record) as OutboxRow | undefined
  if (row === undefined) return undefined
  try {
    await deliver(row)
    return undefined
  } catch (error) {
    log.error('not delivered', { row: row.sk, kind: row.kind, ...errorFacts(error) })
    return record.dynamodb?.SequenceNumber ?? ''
  }
}

export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const failed = await Promise.all(Records.map(attempt))
  return {
    batchItemFailures: failed
      .filter((sequence) => sequence !== undefined)
      .map((itemIdentifier) => ({ itemIdentifier })),
  }
}
