/** Takes events from the outbox stream into the ledger. */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { errorFacts, log } from '#shared/call/log.ts'
import type { EventRow } from '#shared/events.ts'
import { append } from '#shared/stores/ledger-append.ts'
import { type Place, placeOf } from '#shared/stores/ledger-place.ts'
import { newImage } from '#shared/stores/stream-images.ts'

/** Chains do not wait for each other; within a chain events keep their order. */
const chainsAtOnce = 8

interface Arrived {
  readonly sequenceNumber: string
  readonly row: EventRow
  readonly place: Place
}

const sequenceNumberOf = (record: DynamoDBRecord) => record.dynamodb?.SequenceNumber ?? ''

/** A row put before the worker again may stand in the batch beside its first image: the later one counts. */
function rowsIn(records: readonly DynamoDBRecord[]) {
  const rows = new Map<string, { sequenceNumber: string; row: EventRow }>()
  for (const record of records) {
    const row = newImage(record) as EventRow | undefined
    if (row?.kind !== 'event') continue
    const key = `${row.pk}\n${row.sk}`
    rows.set(key, { sequenceNumber: rows.get(key)?.sequenceNumber ?? sequenceNumberOf(record), row })
  }
  return [...rows.values()]
}

/** Finds out whose chain each event belongs to; one that fails holds back those of its subject that follow. */
async function arrivalsOf(
  records: readonly DynamoDBRecord[],
  fail: (sequenceNumber: string, error: unknown) => void,
) {
  const held = new Set<string>()
  const chains = new Map<string, Arrived[]>()
  const rows = rowsIn(records)
  const found = await Promise.allSettled(rows.map(({ row }) => placeOf(row.event)))
  for (const [at, { sequenceNumber, row }] of rows.entries()) {
    const place = found[at]
    if (place === undefined || held.has(row.pk)) continue
    if (place.status === 'rejected') {
      held.add(row.pk)
      fail(sequenceNumber, place.reason)
      continue
    }
    const arrived = chains.get(place.value.chain) ?? []
    chains.set(place.value.chain, [...arrived, { sequenceNumber, row, place: place.value }])
  }
  return chains
}

/**
 * Appends a batch. Exactly once however often a record comes; a chain that fails is named by its first record, and
 * Lambda brings that one and all after it again.
 */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const failures: string[] = []
  const fail = (sequenceNumber: string, error: unknown) => {
    log.error('append_failed', { sequenceNumber, ...errorFacts(error) })
    failures.push(sequenceNumber)
  }
  const chains = await arrivalsOf(event.Records, fail)
  const queue = chains.entries()
  const work = async () => {
    for (const [chain, arrived] of queue) {
      const arrivals = arrived.map(({ row, place }) => ({ row, person: place.person }))
      await append(chain, arrivals).catch((error) => fail(arrived[0]?.sequenceNumber ?? '', error))
    }
  }
  await Promise.all(Array.from({ length: chainsAtOnce }, work))
  return { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) }
}
