/** Events as the outbox stream brings them: each once, by the chain that it belongs to. */
import type { DynamoDBRecord } from 'aws-lambda'
import type { EventRow, LedgerEvent } from '../events.ts'
import type { Arrival } from './ledger-append.ts'
import { placeOf } from './ledger-place.ts'
import { newImage } from './stream-images.ts'

/** An event with the record that brought it first. */
export interface Arrived extends Arrival {
  readonly sequenceNumber: string
}

export interface Arrivals {
  readonly chains: ReadonlyMap<string, readonly Arrived[]>
  /** Records whose chain could not be found out. */
  readonly failed: readonly { readonly sequenceNumber: string; readonly error: unknown }[]
}

const sequenceNumberOf = (record: DynamoDBRecord) => record.dynamodb?.SequenceNumber ?? ''

/** A row put before the worker again may stand in the batch beside its first image: the later one counts. */
function rowsIn(records: readonly DynamoDBRecord[]) {
  const rows = new Map<string, { sequenceNumber: string; row: EventRow }>()
  for (const record of records) {
    const row = newImage<'outbox'>(record) as EventRow | undefined
    if (row?.kind !== 'event') continue
    const key = `${row.pk}\n${row.sk}`
    rows.set(key, { sequenceNumber: rows.get(key)?.sequenceNumber ?? sequenceNumberOf(record), row })
  }
  return [...rows.values()]
}

/** The request of a code and what became of it, whichever comes first. */
const requestOf = ({ pk, event }: EventRow) => `${pk}\n${event.requestId}`

/** The sender has looked up who was typed: what it says of a request that stands in the same batch is not looked up again. */
function withFoundUsers(rows: readonly EventRow[]): LedgerEvent[] {
  const sent = rows.filter(({ event }) => event.type === 'CODE_SENT')
  const found = new Map(sent.map((row) => [requestOf(row), row.event.userId]))
  return rows.map((row) => {
    const userId = row.event.type === 'CODE_REQUESTED' ? found.get(requestOf(row)) : undefined
    return userId === undefined ? row.event : { userId, ...row.event }
  })
}

/** Finds out whose chain each event belongs to; one that fails holds back those of its subject that follow. */
export async function arrivalsOf(records: readonly DynamoDBRecord[]): Promise<Arrivals> {
  const held = new Set<string>()
  const chains = new Map<string, Arrived[]>()
  const failed: Arrivals['failed'][number][] = []
  const rows = rowsIn(records)
  const events = withFoundUsers(rows.map(({ row }) => row))
  const found = await Promise.allSettled(events.map(placeOf))
  for (const [at, { sequenceNumber, row }] of rows.entries()) {
    const place = found[at]
    if (place === undefined || held.has(row.pk)) continue
    if (place.status === 'rejected') {
      held.add(row.pk)
      failed.push({ sequenceNumber, error: place.reason })
      continue
    }
    const { chain, person } = place.value
    chains.set(chain, [...(chains.get(chain) ?? []), { sequenceNumber, row, person }])
  }
  return { chains, failed }
}
