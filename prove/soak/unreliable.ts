/** A stream's worker as the platform may run it: at once twice, given up while it still works, its answer lost or in part. */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import { Ended } from '#local/lambda/pool.ts'
import type { Handler } from '#local/runtime.ts'

/** What was done to the workers. */
export interface Tally {
  /** Events handed to a worker, each time anew. */
  handed: number
  kills: number
  twiceAtOnce: number
  givenUp: number
  answersLost: number
  partialFailures: number
}

export const noTally = (): Tally => ({
  handed: 0,
  kills: 0,
  twiceAtOnce: 0,
  givenUp: 0,
  answersLost: 0,
  partialFailures: 0,
})

const longestPatienceMs = 150
/** In percent of the runs, one after the other. */
const shares = { twice: 8, givenUp: 3, answerLost: 3, partial: 5 }

/** Counts the processes that were killed at work. */
export const counted =
  (handler: Handler, tally: Pick<Tally, 'kills'>): Handler =>
  (event, context) =>
    handler(event, context).catch((error: unknown) => {
      if (error instanceof Ended) tally.kills += 1
      throw error
    })

/** @param calm answers whether nothing more is to go wrong */
export function unreliable(handler: Handler, tally: Tally, calm: () => boolean): Handler {
  return async (event, context) => {
    const records = (event as DynamoDBStreamEvent).Records
    const run = async () => {
      tally.handed += records.length
      return counted(handler, tally)(event, context)
    }
    const lot = calm() ? 100 : randomInt(100)
    if (lot < shares.twice) {
      tally.twiceAtOnce += 1
      const [first] = await Promise.allSettled([run(), run()])
      if (first.status === 'rejected') throw first.reason
      return first.value
    }
    if (lot < shares.twice + shares.givenUp) {
      tally.givenUp += 1
      const left = run().catch(() => undefined)
      await Promise.race([left, sleep(Math.random() * longestPatienceMs)])
      throw new Error('given up while at work')
    }
    const answer = await run()
    if (lot < shares.twice + shares.givenUp + shares.answerLost) {
      tally.answersLost += 1
      throw new Error('the answer was lost')
    }
    if (lot >= shares.twice + shares.givenUp + shares.answerLost + shares.partial) return answer
    tally.partialFailures += 1
    const itemIdentifier = records[randomInt(records.length)]?.dynamodb?.SequenceNumber
    return { batchItemFailures: [{ itemIdentifier }] }
  }
}
