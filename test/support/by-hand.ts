/** A world in which nothing is delivered by itself: tests hand the rows of the outbox to the worker, as often as they like. */
import { randomUUID } from 'node:crypto'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import { loadFunctions } from '#local/functions.ts'
import { invoke } from '#local/runtime.ts'
import type { CodeRow, OutboxRow } from '#shared/events.ts'
import { outboxRows } from './stored.ts'
import { useWorldOf } from './use-world.ts'
import { createWorld } from './world.ts'

type ByHand = Awaited<ReturnType<typeof createWorldByHand>>

/** A test file's own, as `useWorld` gives one. */
export const useWorldByHand = (settings?: Readonly<Record<string, string>>): ByHand =>
  useWorldOf(async (endLater) => endLater(await createWorldByHand(settings)))

async function createWorldByHand(settings: Readonly<Record<string, string>> = {}) {
  const { steps, workers } = await loadFunctions()
  const { deliver, notify, 'append-ledger': append } = workers
  if (deliver === undefined || notify === undefined || append === undefined)
    throw new Error('A worker is missing')
  const world = await createWorld({ settings, handlers: { steps, workers: { 'append-ledger': append } } })
  const senders = { deliver, notify }
  async function hand(name: 'deliver' | 'notify', rows: readonly OutboxRow[], timeoutMs: number) {
    const event = { Records: rows.map(recordOf) }
    const invocation = { function: name, requestId: randomUUID(), timeoutMs }
    const { batchItemFailures } = (await invoke(senders[name], event, invocation)) as DynamoDBBatchResponse
    return batchItemFailures.length
  }
  return {
    ...world,
    /** Hands orders to the worker in one batch. @returns how many of them must come again */
    deliver: (...rows: readonly OutboxRow[]): Promise<number> => hand('deliver', rows, 30_000),
    /** The same with notices. */
    notify: (...rows: readonly OutboxRow[]): Promise<number> => hand('notify', rows, 30_000),
    /** The same, in a run that has no more time than this. */
    hand,
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
