/** Reads one shard for one worker, from its checkpoint to the shard's end. */
import type { DynamoDBRecord } from 'aws-lambda'
import type { StreamSource } from '#shared/event-sources.ts'
import { describeProblem } from '../problem.ts'
import type { Signal } from '../signal.ts'
import { settleBatch } from './batch.ts'
import type { Checkpoints, Place } from './checkpoints.ts'
import type { DeadLetters } from './dead-letters.ts'
import { matchesAny } from './filter.ts'
import { Progress } from './in-hand.ts'
import { openLanes } from './lanes.ts'
import { pause } from './pause.ts'
import type { Page, ShardPages } from './shard-pages.ts'
import { itemOf, sequenceNumberOf } from './wire.ts'

/** For what nobody tells of, such as writes that went past the proxy. */
const pollMs = 1000
/** Reading stops while so many records are in hand. */
const backlogLimit = 2000
const readErrorWaitMs = 200
/** Stands in place of a sequence number once the shard is read to its end. */
export const shardEnd = 'END'

export interface ReaderPorts {
  readonly checkpoints: Checkpoints
  readonly deadLetters: DeadLetters
  /** Runs the worker on one batch. */
  invoke(records: readonly DynamoDBRecord[]): Promise<unknown>
  /** Notified when there may be new records. */
  readonly news: Signal
  /** Whether `news` tells of every write; else only a read can tell. */
  readonly told: boolean
  pagesOf(shardId: string): ShardPages
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
  /** The news that the last empty read came after. */
  #caughtUp = -1
  #over = false

  constructor(place: Place, source: StreamSource, changed: Signal, ports: ReaderPorts) {
    this.#place = place
    this.#source = source
    this.#ports = ports
    this.#changed = changed
    this.ended = this.#run()
  }

  get over(): boolean {
    return this.#over
  }

  /** Resolves when a read begun after all writes so far came back empty and no record is in hand. */
  async drained(): Promise<void> {
    const { news, told } = this.#ports
    if (!told) news.notify()
    const written = news.count
    await this.#changed.until(() => this.#over || (this.#caughtUp >= written && this.#progress.inHand === 0))
  }

  async #run(): Promise<void> {
    const { closing, news, checkpoints } = this.#ports
    const lanes = openLanes(this.#source.parallelizationFactor, this.#source.batchSize, (batch) =>
      this.#settle(batch),
    )
    let after = checkpoints.get(this.#place)
    let open = true
    while (open && !closing.aborted) {
      const before = news.count
      const page = await this.#read(after, before)
      if (page === undefined) break
      for (const record of page.records) {
        this.#take(record, (item) => lanes.add(record, item))
        after = sequenceNumberOf(record)
      }
      this.#saveCheckpoint()
      open = !page.ended
      if (open && page.records.length === 0) await this.#restFrom(before)
      await this.#changed.until(() => this.#progress.inHand < backlogLimit || closing.aborted)
    }
    await this.#changed.until(() => this.#progress.inHand === 0 || closing.aborted)
    if (!closing.aborted) checkpoints.set(this.#place, shardEnd)
    await lanes.idle()
    this.#over = true
    this.#changed.notify()
  }

  /** Nothing was there: waits for news that a read has not seen, and after a while takes it that there may be some. */
  async #restFrom(before: number): Promise<void> {
    const { closing, news } = this.#ports
    this.#caughtUp = before
    this.#changed.notify()
    if (news.count !== before || closing.aborted) return
    await news.wait(pollMs)
    if (news.count === before) news.notify()
  }

  /** Reads until it works: a stream that cannot be read now is read later. @returns undefined once the stack closes. */
  async #read(after: string | undefined, written: number): Promise<Page | undefined> {
    const pages = this.#ports.pagesOf(this.#place.shardId)
    while (!this.#ports.closing.aborted) {
      try {
        return await pages.after(after, written)
      } catch (error) {
        if (this.#ports.closing.aborted) break
        this.#ports.report(`${this.#place.worker}: cannot read its stream: ${describeProblem(error)}`)
        await pause(readErrorWaitMs, this.#ports.closing)
      }
    }
    return undefined
  }

  #take(record: DynamoDBRecord, handOver: (item: string) => void): void {
    const wanted = matchesAny(this.#source.filters, record)
    this.#progress.read(sequenceNumberOf(record), wanted)
    if (wanted) handOver(itemOf(record))
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
