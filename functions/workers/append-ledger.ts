/** Takes events from the outbox stream into the ledger. */
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import { errorFacts, log } from '#shared/call/log.ts'
import type { LedgerEvent } from '#shared/events.ts'
import { figuresOf } from '#shared/ledger/figures.ts'
import { append } from '#shared/stores/ledger-append.ts'
import { arrivalsOf } from '#shared/stores/ledger-arrivals.ts'

/** Chains do not wait for each other; within a chain events keep their order. */
const chainsAtOnce = 8

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
  const { chains, failed } = await arrivalsOf(event.Records)
  for (const { sequenceNumber, error } of failed) fail(sequenceNumber, error)
  const events: LedgerEvent[] = []
  const queue = chains.entries()
  const work = async () => {
    for (const [chain, arrived] of queue)
      await append(chain, arrived)
        .then((appended) => void events.push(...appended.map(({ row }) => row.event)))
        .catch((error) => fail(arrived[0]?.sequenceNumber ?? '', error))
  }
  await Promise.all(Array.from({ length: chainsAtOnce }, work))
  for (const figures of figuresOf(events)) log.info('figures', { ...figures })
  return { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) }
}
