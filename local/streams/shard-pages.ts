/** Reads of one shard, shared by the workers that it feeds: what one of them has read the others need not ask for. */
import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBRecord } from 'aws-lambda'
import { sequenceNumberOf, toEventRecord } from './wire.ts'

const recordsPerRead = 500
/** Workers of one shard are seldom further apart. */
const pagesKept = 4

export interface Page {
  /** Oldest first; none when nothing is new. */
  readonly records: readonly DynamoDBRecord[]
  /** The shard has ended: nothing comes after these. */
  readonly ended: boolean
}

interface Read {
  /** The writes known of when it began. */
  readonly written: number
  readonly page: Promise<Page>
}

export class ShardPages {
  readonly #client: DynamoDBStreamsClient
  readonly #shard: { readonly StreamArn: string; readonly ShardId: string }
  readonly #reads = new Map<string | undefined, Read>()
  #trimmed: string | undefined
  #next: { readonly after: string | undefined; readonly iterator: string } | undefined

  constructor(client: DynamoDBStreamsClient, streamArn: string, shardId: string) {
    this.#client = client
    this.#shard = { StreamArn: streamArn, ShardId: shardId }
  }

  /**
   * @param after sequence number to go on from; undefined: from the oldest record that is kept.
   * @param written how many writes are known of: that there is nothing stands until there is another.
   * @throws what the service throws.
   */
  async after(after: string | undefined, written: number): Promise<Page> {
    for (let read = this.#reads.get(after); read !== undefined; read = this.#reads.get(after)) {
      const page = await read.page
      if (page.records.length > 0 || page.ended || read.written === written) return page
      if (this.#reads.get(after) === read) break
    }
    return this.#begin(after, written)
  }

  #begin(after: string | undefined, written: number): Promise<Page> {
    const page = this.#read(after)
    const read = { written, page }
    this.#reads.delete(after)
    this.#reads.set(after, read)
    const [oldest] = this.#reads.keys()
    if (this.#reads.size > pagesKept) this.#reads.delete(oldest)
    page.catch(() => {
      if (this.#reads.get(after) === read) this.#reads.delete(after)
    })
    return page
  }

  async #read(after: string | undefined): Promise<Page> {
    const known = this.#next?.after === after ? this.#next?.iterator : undefined
    // An iterator may have expired: only one that worked is used again.
    this.#next = undefined
    const from = known ?? (await this.#iteratorAt(after))
    const reply = await this.#client.send(
      new GetRecordsCommand({ ShardIterator: from, Limit: recordsPerRead }),
    )
    const records = (reply.Records ?? []).map((record) => toEventRecord(record, this.#shard.StreamArn))
    const last = records.at(-1)
    const iterator = reply.NextShardIterator
    if (iterator !== undefined) this.#next = { after: last ? sequenceNumberOf(last) : after, iterator }
    return { records, ended: iterator === undefined }
  }

  async #iteratorAt(after: string | undefined): Promise<string | undefined> {
    const position =
      after === undefined || after === this.#trimmed
        ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
        : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after } as const)
    try {
      const reply = await this.#client.send(new GetShardIteratorCommand({ ...this.#shard, ...position }))
      return reply.ShardIterator
    } catch (error) {
      // The place is older than what is kept: go on with the oldest there is.
      if ((error as Error).name === 'TrimmedDataAccessException') this.#trimmed = after
      throw error
    }
  }
}
