/** The emulated services with the ledger's stores on top, and records as the outbox stream brings them. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { expect } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { startServices } from '#local/services/index.ts'
import type { EventRow, LedgerEvent } from '#shared/events.ts'
import { type Entry, emptyHead, placeEntry } from '#shared/ledger/entry.ts'
import * as database from '#shared/stores/database.ts'
import * as identities from '#shared/stores/identities.ts'
import * as ledger from '#shared/stores/ledger.ts'
import * as outbox from '#shared/stores/outbox.ts'

/** Starts services and points this process at them until they are closed. */
export async function startLedger(settings: Record<string, string> = {}) {
  const services = await startServices({ settings: { LEDGER_RETENTION_DAYS: '30', ...settings } })
  const restore = applyEnvironment(services.environment)
  await identities.putDecoy()

  const entriesOf = async (chain: string): Promise<Entry[]> => {
    const entries: Entry[] = []
    for await (const entry of ledger.readEntriesAfter(chain, 0)) entries.push(entry)
    return entries
  }
  const rowsOfOutbox = async () => (await database.scan('outbox')).items
  /** Writes the event's row, as a step does, and gives the record that the stream shows of it. */
  const record = async (event: LedgerEvent, id: string): Promise<DynamoDBRecord> => {
    const write = outbox.eventRow(event, id)
    await database.transact([write])
    return recordOf(unmarshall(write.Put?.Item ?? {}) as unknown as EventRow)
  }
  const putIdentity = (identity: { userId: string; email?: string; phone?: string; username?: string }) =>
    database.transact([
      database.put('identities', {
        ...identities.identityKey(identity.userId),
        status: 'active',
        locale: 'en',
        ...identity,
      }),
      ...(['email', 'phone', 'username'] as const).flatMap((kind) => {
        const value = identity[kind]
        const { userId } = identity
        return value ? [database.put('identities', { ...identities.lookupKey(kind, value), userId })] : []
      }),
    ])
  const close = async () => {
    restore()
    await services.close()
  }
  return { services, database, entriesOf, rowsOfOutbox, record, putIdentity, close }
}

let sequence = 0

/** A stream's record of a row; a redelivery is the same record again. */
export function recordOf(row: object, eventName: 'INSERT' | 'MODIFY' = 'INSERT'): DynamoDBRecord {
  sequence += 1
  const NewImage = marshall(row, { removeUndefinedValues: true }) as never
  return { eventName, dynamodb: { NewImage, SequenceNumber: String(sequence) } }
}

export const streamEvent = (records: readonly DynamoDBRecord[]): DynamoDBStreamEvent => ({
  Records: [...records],
})

export const failedOf = (response: DynamoDBBatchResponse) =>
  response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)

export const loginOf = (value: string, more: Partial<LedgerEvent> = {}): LedgerEvent => ({
  type: 'LOGIN',
  time: 1_763_000_000_000,
  actor: 'subject',
  subject: { kind: 'email', value },
  outcome: 'failure',
  reason: 'wrong_password',
  requestId: 'r-1',
  ...more,
})

/** Links and hashes of a chain hold, and no event stands there twice. */
export function expectWhole(entries: readonly Entry[]): void {
  let head = emptyHead
  for (const entry of entries) {
    const { chain, seq: _seq, prevHash: _prevHash, hash: _hash, writtenAt, ...draft } = entry
    expect(entry).toEqual(placeEntry(draft, chain, head, writtenAt))
    head = entry
  }
  expect(new Set(entries.map((entry) => entry.id)).size).toBe(entries.length)
}
