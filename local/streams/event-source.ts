/** One worker fed by one stream: finds the shards and reads each after its parent. */
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams'
import type { StreamSource } from '#shared/event-sources.ts'
import { describeProblem } from '../problem.ts'
import type { Signal } from '../signal.ts'
import { pause } from './pause.ts'
import { type ReaderPorts, ShardReader, shardEnd } from './shard-reader.ts'

/** New shards are looked for this often, besides when one ends. */
const shardsEveryMs = 10_000
const lookAgainMs = 200

export class EventSource {
  readonly #worker: string
  readonly #streamArn: string
  readonly #source: StreamSource
  readonly #client: DynamoDBStreamsClient
  readonly #changed: Signal
  readonly #ports: ReaderPorts
  readonly #readers = new Map<string, ShardReader>()
  readonly #over: Promise<void>
  #looks = 0

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
    const { closing } = this.#ports
    let looks = 0
    let readers: ShardReader[]
    do {
      // A shard that ended may have children: they are there after the next look.
      const seen = looks
      await this.#changed.until(() => this.#looks > seen || closing.aborted)
      looks = this.#looks
      readers = [...this.#readers.values()]
      await Promise.all(readers.map((reader) => reader.drained()))
    } while (readers.some((reader) => reader.over) && !closing.aborted)
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
        await this.#look()
        await this.#untilShardEnds()
      } catch (error) {
        if (!closing.aborted) report(`${this.#worker}: cannot find its shards: ${describeProblem(error)}`)
        await pause(lookAgainMs, closing)
      }
    }
    this.#changed.notify()
  }

  /** Readers that are over stay until their shards' children are there, so that nobody takes the gap for the end. */
  async #look(): Promise<void> {
    const over = [...this.#readers].filter(([, reader]) => reader.over)
    await this.#startReaders()
    for (const [id] of over) this.#readers.delete(id)
    this.#looks += 1
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
      this.#readers.set(id, new ShardReader(place, this.#source, this.#changed, this.#ports))
    }
  }

  async #untilShardEnds(): Promise<void> {
    const timer = new AbortController()
    const later = pause(shardsEveryMs, AbortSignal.any([timer.signal, this.#ports.closing]))
    await Promise.race([later, ...[...this.#readers.values()].map((reader) => reader.ended)])
    timer.abort()
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
