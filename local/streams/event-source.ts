/** One worker fed by one stream: finds the shards and reads each after its parent. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams'
import type { StreamSource } from '#shared/event-sources.ts'
import type { Signal } from '../signal.ts'
import { openShardCursor } from './shard-cursor.ts'
import { type ReaderPorts, ShardReader, shardEnd } from './shard-reader.ts'

/** New shards are looked for this often, besides when one ends. */
const shardsEveryMs = 10_000

export class EventSource {
  readonly #worker: string
  readonly #streamArn: string
  readonly #source: StreamSource
  readonly #client: DynamoDBStreamsClient
  readonly #changed: Signal
  readonly #ports: ReaderPorts
  readonly #readers = new Map<string, ShardReader>()
  readonly #over: Promise<void>
  #started = false

  constructor(
    worker: string,
    streamArn: string,
    source: StreamSource,
    client: DynamoDBStreamsClient,
    changed: Signal,
    ports: ReaderPorts,
  ) {
    this.#worker = worker
    this.#streamArn = streamArn
    this.#source = source
    this.#client = client
    this.#changed = changed
    this.#ports = ports
    this.#over = this.#run()
  }

  /** Resolves when all records written so far are handled or gone aside. */
  async drained(): Promise<void> {
    await this.#changed.until(() => this.#started)
    await Promise.all([...this.#readers.values()].map((reader) => reader.drained()))
  }

  /** Resolves after the stack began to close, when nothing is in the air any more. */
  async closed(): Promise<void> {
    await this.#over
    await Promise.all([...this.#readers.values()].map((reader) => reader.ended))
  }

  async #run(): Promise<void> {
    const { closing, report } = this.#ports
    while (!closing.aborted) {
      try {
        await this.#startReaders()
        this.#started = true
        this.#changed.notify()
      } catch (error) {
        if (!closing.aborted) report(`${this.#worker}: cannot find its shards: ${String(error)}`)
      }
      await this.#untilShardEnds()
    }
    this.#started = true
    this.#changed.notify()
  }

  async #startReaders(): Promise<void> {
    const { checkpoints } = this.#ports
    const shards = await shardsOf(this.#client, this.#streamArn)
    const placeOf = (shardId: string) => ({ worker: this.#worker, streamArn: this.#streamArn, shardId })
    const isOver = (shardId: string) => checkpoints.get(placeOf(shardId)) === shardEnd
    const known = new Set(shards.map((shard) => shard.ShardId))
    for (const { ShardId: id, ParentShardId: parent } of shards) {
      if (id === undefined || this.#readers.has(id) || isOver(id)) continue
      if (parent !== undefined && known.has(parent) && !isOver(parent)) continue
      const place = placeOf(id)
      const cursor = openShardCursor(this.#client, this.#streamArn, id, checkpoints.get(place))
      this.#readers.set(id, new ShardReader(place, this.#source, cursor, this.#changed, this.#ports))
    }
  }

  async #untilShardEnds(): Promise<void> {
    const running = [...this.#readers.values()].map((reader) => reader.ended)
    const timer = new AbortController()
    const signal = AbortSignal.any([timer.signal, this.#ports.closing])
    const later = sleep(this.#started ? shardsEveryMs : 200, undefined, { signal }).catch(() => undefined)
    await Promise.race([later, ...running])
    timer.abort()
    for (const [id, reader] of this.#readers) if (reader.over) this.#readers.delete(id)
  }
}

async function shardsOf(client: DynamoDBStreamsClient, streamArn: string): Promise<Shard[]> {
  const shards: Shard[] = []
  let after: string | undefined
  do {
    const reply = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: after }),
    )
    shards.push(...(reply.StreamDescription?.Shards ?? []))
    after = reply.StreamDescription?.LastEvaluatedShardId
  } while (after !== undefined)
  return shards
}
