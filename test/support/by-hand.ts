/** A world in which nothing is delivered by itself: tests hand the rows of the outbox to the worker, as often as they like. */
import { randomUUID } from 'node:crypto'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import { loadFunctions } from '#local/functions.ts'
import { invoke } from '#local/runtime.ts'
import type { CodeRow, OutboxRow } from '#shared/events.ts'
import { outboxRows } from './stored.ts'
import { createWorld } from './world.ts'

export type ByHand = Awaited<ReturnType<typeof createWorldByHand>>

export async function createWorldByHand(settings: Readonly<Record<string, string>> = {}) {
  const { steps, workers } = await loadFunctions()
  const { deliver, 'append-ledger': append } = workers
  if (deliver === undefined || append === undefined) throw new Error('A worker is missing')
  const world = await createWorld({ settings, handlers: { steps, workers: { 'append-ledger': append } } })
  return {
    ...world,
    /** Hands rows to the worker in one batch. @returns how many of them must come again */
    async deliver(...rows: readonly OutboxRow[]): Promise<number> {
      const event = { Records: rows.map(recordOf) }
      const invocation = { function: 'deliver', requestId: randomUUID(), timeoutMs: 30_000 }
      const { batchItemFailures } = (await invoke(deliver, event, invocation)) as DynamoDBBatchResponse
      return batchItemFailures.length
    },
    /** The order of a code that this request left in the outbox. */
    async orderOf(path: string, body: object, ip: string): Promise<CodeRow> {
      const reply = await world.post(path, body, { ip })
      const id = reply.body.data?.flowId
      const row = (await codeRows()).find(({ order }) => order.challengeId === id)
      if (row === undefined) throw new Error(`No code was ordered: ${JSON.stringify(reply.body)}`)
      return row
    },
  }
}

async function codeRows(): Promise<CodeRow[]> {
  const rows = (await outboxRows()) as unknown as OutboxRow[]
  return rows.filter((row) => row.kind === 'code')
}

function recordOf(row: OutboxRow, place: number): DynamoDBRecord {
  const NewImage = marshall(row, { removeUndefinedValues: true }) as never
  return { eventName: 'INSERT', dynamodb: { NewImage, SequenceNumber: String(place + 1) } }
}
