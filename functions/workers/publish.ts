/** Puts each new entry of the ledger on the team's event bus. */
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import { errorFacts, log } from '#shared/call/log.ts'
import { publish } from '#shared/stores/event-bus.ts'
import { newImage } from '#shared/stores/stream-images.ts'

/** At least once: the first entry that could not be published is named, and Lambda brings it and those after it again. */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const records = event.Records.flatMap((record) => {
    const entry = newImage<'ledger'>(record)
    return entry === undefined ? [] : [{ entry, itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }]
  })
  const { published, error } = await publish(records.map(({ entry }) => entry))
  const failed = records[published]
  if (failed === undefined) return { batchItemFailures: [] }
  const { itemIdentifier, entry } = failed
  log.error('publish_failed', { chain: entry.chain, seq: entry.seq, ...errorFacts(error) })
  return { batchItemFailures: [{ itemIdentifier }] }
}
