/** Sends what people are told of their accounts. Codes go first: while a sender throttles, notices go one after the other. */
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import { handleBatch } from '#shared/delivery/batch.ts'
import { deliverNotice } from '#shared/delivery/notices.ts'
import { isSlowed, noticePatience } from '#shared/delivery/patience.ts'

export function handler({ Records }: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> {
  const patience = { ...noticePatience, leftMs: () => context.getRemainingTimeInMillis() }
  return handleBatch(Records, {
    handle: async (row) => {
      if (row.kind === 'message') await deliverNotice(row, patience)
    },
    atOnce: () => !isSlowed(),
  })
}
