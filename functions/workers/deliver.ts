/** Sends the codes that the outbox orders. */
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import { handleBatch } from '#shared/delivery/batch.ts'
import { deliverCode } from '#shared/delivery/codes.ts'
import { codePatience } from '#shared/delivery/patience.ts'
import { moveNotice } from '#shared/stores/outbox.ts'

export function handler({ Records }: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> {
  const patience = { ...codePatience, leftMs: () => context.getRemainingTimeInMillis() }
  return handleBatch(Records, {
    handle: async (row) => {
      if (row.kind === 'code') await deliverCode(row, patience)
      if (row.kind === 'message') await moveNotice(row)
    },
  })
}
