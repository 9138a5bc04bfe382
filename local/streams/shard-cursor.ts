/** A place in one shard that moves on as records are read. */
import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBRecord } from 'aws-lambda'
import { sequenceNumberOf, toEventRecord } from './wire.ts'

const recordsPerRead = 500

export interface ShardCursor {
  /**
   * @returns the next records, oldest first, none when nothing is new; undefined at the end of the shard.
   * @throws what the service throws; the next call goes on after the last record read.
   */
  next(): Promise<DynamoDBRecord[] | undefined>
}

/** @param after sequence number to go on from; undefined: from the oldest record that is kept. */
export function openShardCursor(
  client: DynamoDBStreamsClient,
  streamArn: string,
  shardId: string,
  after: string | undefined,
): ShardCursor {
  let lastRead = after
  let iterator: string | undefined
  let atEnd = false

  async function iteratorHere(): Promise<string | undefined> {
    const position =
      lastRead === undefined
        ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
        : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: lastRead } as const)
    const command = new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ...position })
    try {
      return (await client.send(command)).ShardIterator
    } catch (error) {
      // The place is older than what is kept: go on with the oldest there is.
      if ((error as Error).name === 'TrimmedDataAccessException') lastRead = undefined
      throw error
    }
  }

  return {
    async next() {
      if (atEnd) return undefined
      const from = iterator ?? (await iteratorHere())
      // An iterator may have expired: only one that worked is used again.
      iterator = undefined
      const reply = await client.send(new GetRecordsCommand({ ShardIterator: from, Limit: recordsPerRead }))
      iterator = reply.NextShardIterator
      atEnd = iterator === undefined
      const records = (reply.Records ?? []).map((record) => toEventRecord(record, streamArn))
      const last = records.at(-1)
      if (last !== undefined) lastRead = sequenceNumberOf(last)
      return records
    },
  }
}
