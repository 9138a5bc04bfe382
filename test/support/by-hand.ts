/** A world in which nothing is delivered by itself: tests hand the rows of the outbox to the worker, as often as they like. */
import { randomUUID } from 'node:crypto'
import { marshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda'
import { type Functions, loadFunctions } from '#local/functions.ts'
import { type Handler, invoke } from '#local/runtime.ts'
import { type RouteId, routeOf, routes } from '#shared/contract/routes.ts'
import type { CodeRow, OutboxRow } from '#shared/events.ts'
import { outboxRows } from './stored.ts'
import { createWorld } from './world.ts'

let functions: Promise<Functions> | undefined
/** Functions read their environment as they are loaded, which the world sets. */
const loaded = () => {
  functions ??= loadFunctions()
  return functions
}

const handlerOf =
  (find: (all: Functions) => Handler | undefined): Handler =>
  async (event, context) => {
    const handler = find(await loaded())
    if (handler === undefined) throw new Error('There is no such function')
    return handler(event, context)
  }

const stepIds = [...new Set(Object.keys(routes).map((id) => routeOf(id as RouteId).step))]

export type ByHand = Awaited<ReturnType<typeof createWorldByHand>>

export async function createWorldByHand(settings: Readonly<Record<string, string>> = {}) {
  const steps = Object.fromEntries(
    stepIds.map((id) => [id, handlerOf((all) => all.steps[id as keyof Functions['steps']])]),
  )
  const workers = { 'append-ledger': handlerOf((all) => all.workers['append-ledger']) }
  const world = await createWorld({ settings, handlers: { steps, workers } })
  const { putDecoy } = await import('#shared/stores/identities.ts')
  await putDecoy()
  return {
    ...world,
    /** Hands rows to the worker in one batch. @returns how many of them must come again */
    async deliver(...rows: readonly OutboxRow[]): Promise<number> {
      const { workers: all } = await loaded()
      const { deliver } = all
      if (deliver === undefined) throw new Error('There is no deliver worker')
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
