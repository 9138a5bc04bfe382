/** Feeds the workers from the streams, as Lambda's event source mappings do. */
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { WorkerId } from '#shared/contract/routes.ts'
import { type StreamSource, streamSources } from '#shared/event-sources.ts'
import type { TableId } from '#shared/tables.ts'
import { describeProblem } from '../problem.ts'
import { type Handler, invoke } from '../runtime.ts'
import { Signal } from '../signal.ts'
import { checkpointsFile, openCheckpoints } from './checkpoints.ts'
import { type DeadLetter, deadLettersFile, openDeadLetters } from './dead-letters.ts'
import { EventSource } from './event-source.ts'
import { wantsRemovals } from './filter.ts'
import { ShardPages } from './shard-pages.ts'

const workerTimeoutMs = 30_000

export interface StreamsOptions {
  /** Speaks to the engine itself: these calls are Lambda's, not a function's, so no fault hits them. */
  readonly client: DynamoDBStreamsClient
  readonly streamArns: Readonly<Partial<Record<TableId, string>>>
  /** Workers without a handler are not fed. */
  readonly workers: Readonly<Partial<Record<WorkerId, Handler>>>
  readonly sources?: Readonly<Partial<Record<WorkerId, StreamSource>>>
  /** Signal of the writes to a table, with its deletions or without. Where it is not given, idle asks the streams. */
  readonly written?: (table: TableId, removals: boolean) => Signal
  readonly dataDir?: string | undefined
  /** Takes one line for whoever runs the stack. */
  readonly report: (problem: string) => void
}

export interface Streams {
  /** Says that there may be new records: they are read at once instead of at the next poll. */
  wake(): void
  /** Resolves when every record written so far, and those its workers wrote, is handled or gone aside. */
  idle(): Promise<void>
  deadLetters(): readonly DeadLetter[]
  dropDeadLetters(): void
  /** Resolves when no worker runs any more. What is not handled is read again at the next start. */
  close(): Promise<void>
}

/** Forgets what was read and what went aside: the tables were made anew. */
export function forgetStreams(dataDir: string): void {
  for (const file of [checkpointsFile(dataDir), deadLettersFile(dataDir)]) rmSync(file, { force: true })
}

export function startStreams(options: StreamsOptions): Streams {
  const changed = new Signal()
  const told = options.written !== undefined
  const unknown = new Signal()
  const signals = new Set<Signal>()
  const wake = () => {
    for (const signal of signals) signal.notify()
  }
  const closing = new AbortController()
  const checkpoints = openCheckpoints(options.dataDir)
  const deadLetters = openDeadLetters(options.dataDir)
  const pages = new Map<string, ShardPages>()
  let invocations = 0

  async function run(worker: string, handler: Handler, records: readonly unknown[]): Promise<unknown> {
    invocations += 1
    try {
      const invocation = { function: worker, requestId: randomUUID(), timeoutMs: workerTimeoutMs }
      return await invoke(handler, { Records: records }, invocation)
    } catch (error) {
      options.report(`${worker}: ${describeProblem(error)}`)
      throw error
    } finally {
      invocations += 1
      // What a worker wrote may feed another one.
      if (!told) wake()
    }
  }

  const sources = Object.entries(options.sources ?? streamSources).flatMap(([worker, source]) => {
    const handler = options.workers[worker as WorkerId]
    const streamArn = options.streamArns[source.table]
    if (handler === undefined || streamArn === undefined) return []
    const removals = wantsRemovals(source.filters)
    const news = options.written?.(source.table, removals) ?? unknown
    signals.add(news)
    const ports = {
      checkpoints,
      deadLetters,
      invoke: (records: readonly unknown[]) => run(worker, handler, records),
      news,
      told,
      pagesOf(shardId: string) {
        const key = `${removals} ${streamArn} ${shardId}`
        const known = pages.get(key) ?? new ShardPages(options.client, streamArn, shardId)
        pages.set(key, known)
        return known
      },
      closing: closing.signal,
      report: options.report,
    }
    return [new EventSource(worker, streamArn, source, options.client, changed, ports)]
  })

  return {
    wake,
    async idle() {
      let before: number
      do {
        before = invocations
        await Promise.all(sources.map((source) => source.drained()))
      } while (invocations !== before)
    },
    deadLetters: () => deadLetters.list(),
    dropDeadLetters: () => deadLetters.drop(),
    async close() {
      closing.abort()
      wake()
      changed.notify()
      await Promise.all(sources.map((source) => source.closed()))
      checkpoints.close()
    },
  }
}
