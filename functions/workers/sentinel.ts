/** Watches the ledger's stream: entries are only ever put, so a change or a removal is an alarm. */
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import { errorFacts, log } from '#shared/call/log.ts'
import { recordTouched } from '#shared/stores/ledger-alarm.ts'
import { keysOf } from '#shared/stores/stream-images.ts'

/** Alarms read the line `ledger_tampered`; it comes before anything that can fail. */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  for (const record of event.Records) {
    const change = record.eventName
    if (change !== 'MODIFY' && change !== 'REMOVE') continue
    const { chain, seq } = keysOf(record) as { chain: string; seq: number }
    log.critical('ledger_tampered', { change, chain, seq })
    const time = (record.dynamodb?.ApproximateCreationDateTime ?? 0) * 1000 || Date.now()
    const id = record.eventID ?? `${chain}#${seq}#${record.dynamodb?.SequenceNumber}`
    try {
      await recordTouched({ id, change, chain, seq, time }, Date.now())
    } catch (error) {
      log.error('sentinel_failed', { chain, seq, ...errorFacts(error) })
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] }
    }
  }
  return { batchItemFailures: [] }
}
