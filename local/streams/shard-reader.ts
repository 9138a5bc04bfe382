/** Reads one shard for one worker, from its checkpoint to the shard's end. */
import type { DynamoDBRecord } from 'aws-lambda'
import type { StreamSource } from '#shared/event-sources.ts'
import { describeProblem } from '../problem.ts'
import type { Signal } from '../signal.ts'
import { settleBatch } from './batch.ts'
import type { Checkpoints, Place } from './checkpoints.ts'
import type { DeadLetters } from './dead-letters.ts'
import { matchesAny } from './filter.ts'
import { openLanes } from './lanes.ts'
import { pause } from './pause.ts'
import { Progress } from './progress.ts'
import type { ShardCursor } from './shard-cursor.ts'
import { partitionOf, sequenceNumberOf } from './wire.ts'

/** Lambda polls 4 times a second; a wake makes it sooner here. */
const pollMs = 250
/** Reading stops while so many records are in hand. */
const backlogLimit = 2000
const readErrorWaitMs = 200
/** Stands in place of a sequence number once the shard is read to its end. */
export const shardEnd = 'END'

export interface ReaderPorts {
  readonly checkpoints: Checkpoints
  readonly deadLetters: DeadLetters
  readonly partitionKey: string
  /** Runs the worker on one batch. */
  invoke(records: readonly DynamoDBRecord[]): Promise<unknown>
  /** Told that there may be new records. */
  readonly wake: Signal
  readonly closing: AbortSignal
  /** Takes one line for whoever runs the stack. */
  report(problem: string): void
}

export class ShardReader {
  /** Resolves when the shard has ended and all its records are handled, or when the stack closes. */
  readonly ended: Promise<void>
  readonly #place: Place
  readonly #source: StreamSource
  readonly #ports: ReaderPorts
  readonly #progress = new Progress()
  readonly #changed: Signal
  #readsBegun = 0
  #lastEmptyRead = 0
  #over = false

  constructor(place: Place, source: StreamSource, cursor: ShardCursor, changed: Signal, ports: ReaderPorts) {
    this.#place = place
    this.#source = source
    this.#ports = ports
    this.#changed = changed
    this.ended = this.#run(cursor)
  }

  get over(): boolean {
    return this.#over
  }

  /** Resolves when a read begun from now on came back empty and no record is in hand. */
  async drained(): Promise<void> {
    const before = this.#readsBegun
    this.#ports.wake.notify()
    await this.#changed.until(
      () => this.#over || (this.#lastEmptyRead > before && this.#progress.inHand === 0),
    )
  }

  async #run(cursor: ShardCursor): Promise<void> {
    const { closing, wake, checkpoints } = this.#ports
    const lanes = openLanes(this.#source.parallelizationFactor, this.#source.batchSize, (batch) =>
      this.#settle(batch),
    )
    let open = true
    while (open && !closing.aborted) {
      const wakesBefore = wake.count
      this.#readsBegun += 1
      const number = this.#readsBegun
      const records = await this.#read(cursor)
      open = records !== undefined
      for (const record of records ?? []) this.#take(record, (partition) => lanes.add(record, partition))
      this.#saveCheckpoint()
      if (records?.length === 0) {
        this.#lastEmptyRead = number
        this.#changed.notify()
        if (wake.count === wakesBefore && !closing.aborted) await wake.wait(pollMs)
      }
      await this.#changed.until(() => this.#progress.inHand < backlogLimit || closing.aborted)
    }
    await this.#changed.until(() => this.#progress.inHand === 0 || closing.aborted)
    if (!closing.aborted) checkpoints.set(this.#place, shardEnd)
    await lanes.idle()
    this.#over = true
    this.#changed.notify()
  }

  /** Reads until it works: a stream that cannot be read now is read later. */
  async #read(cursor: ShardCursor): Promise<DynamoDBRecord[] | undefined> {
    while (!this.#ports.closing.aborted) {
      try {
        return await cursor.next()
      } catch (error) {
        if (this.#ports.closing.aborted) break
        this.#ports.report(`${this.#place.worker}: cannot read its stream: ${describeProblem(error)}`)
        await pause(readErrorWaitMs, this.#ports.closing)
      }
    }
    return undefined
  }

  #take(record: DynamoDBRecord, handOver: (partition: string) => void): void {
    const wanted = matchesAny(this.#source.filters, record)
    this.#progress.read(sequenceNumberOf(record), wanted)
    if (wanted) handOver(partitionOf(record, this.#ports.partitionKey))
  }

  #settle(batch: DynamoDBRecord[]): Promise<void> {
    const { closing, deadLetters, invoke, report } = this.#ports
    const { worker, shardId } = this.#place
    return settleBatch(batch, this.#source, {
      invoke,
      done: (record) => this.#finish(record),
      aside: (record, attempts, error) => {
        deadLetters.add(record, { worker, shardId, attempts, error })
        report(`${worker}: record ${sequenceNumberOf(record)} went aside after ${attempts} tries: ${error}`)
        this.#finish(record)
      },
      wait: (ms) => pause(ms, closing),
      closed: () => closing.aborted,
    })
  }

  #finish(record: DynamoDBRecord): void {
    this.#progress.finish(sequenceNumberOf(record))
    this.#saveCheckpoint()
    this.#changed.notify()
  }

  #saveCheckpoint(): void {
    const number = this.#progress.takeCheckpoint()
    if (number !== undefined) this.#ports.checkpoints.set(this.#place, number)
  }
}
