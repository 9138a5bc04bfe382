/** How fast one shard of the outbox gets into the ledger: the deployed worker, one batch after the other. */
import { randomUUID } from 'node:crypto'
import { streamSources } from '#shared/event-sources.ts'
import type { EventRow } from '#shared/events.ts'
import { answerWith } from './ask.ts'
import { type BundlePaths, type Deployment, deploy } from './deployment.ts'

export interface AppendInput {
  readonly paths: BundlePaths
  readonly warmUp: number
  readonly batches: number
}

/** Entries a second. */
export interface AppendRates {
  /** All events of a batch are of one chain. */
  readonly oneChain: number
  /** Each event of a batch is of a chain of its own. */
  readonly manyChains: number
}

const { batchSize } = streamSources['append-ledger']

function rowOf(userId: string): EventRow {
  const time = Date.now()
  const requestId = randomUUID()
  return {
    pk: `S#bench-${userId}`,
    sk: `${requestId}#0`,
    createdAt: time,
    kind: 'event',
    event: {
      type: 'LOGIN',
      time,
      actor: 'subject',
      subject: { kind: 'identity', value: userId },
      userId,
      outcome: 'success',
      factors: [{ group: 'KNOWLEDGE', method: 'password' }],
      userAgent: 'bench/1.0',
      requestId,
    },
  }
}

/** The rows are there before the clock starts; only the worker's run is within it. */
async function rateOf(deployment: Deployment, batches: number, userIdOf: (place: number) => string) {
  let ms = 0
  for (let batch = 0; batch < batches; batch += 1) {
    const rows = Array.from({ length: batchSize }, (_, place) => rowOf(userIdOf(place)))
    const stored = await deployment.services.ask<Parameters<Deployment['feed']>[1]>('putRows', rows)
    await deployment.feed('append-ledger', stored, async (_name, run) => {
      const start = performance.now()
      const result = await run()
      ms += performance.now() - start
      return result
    })
  }
  return (batches * batchSize) / (ms / 1000)
}

async function measure({ paths, warmUp, batches }: AppendInput): Promise<AppendRates> {
  const deployment = await deploy(paths)
  const one = () => 'u-one'
  const many = (place: number) => `u-many-${place}`
  for (const userIdOf of [one, many]) await rateOf(deployment, warmUp, userIdOf)
  const oneChain = await rateOf(deployment, batches, one)
  const manyChains = await rateOf(deployment, batches, many)
  await deployment.close()
  return { oneChain, manyChains }
}

answerWith({ measure })
