/** Many recoveries at once through the deployed functions, their streams and workers, until the last entry is in the ledger. */
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { startStreams } from '#local/streams/index.ts'
import type { TableId } from '#shared/tables.ts'
import { answerWith } from './ask.ts'
import { perSecond } from './at-once.ts'
import { type BundlePaths, type Deployment, deploy } from './deployment.ts'
import { type Person, register } from './people.ts'
import { recover } from './recovery.ts'

export interface ThroughputInput {
  readonly paths: BundlePaths
  readonly warmUp: number
  readonly recoveries: number
  readonly atOnce: number
}

async function openStreams({ services, handlers }: Deployment) {
  const streamArns = await services.ask<Partial<Record<TableId, string>>>('streamArns')
  const client = new DynamoDBStreamsClient()
  const { deliver, notify, 'append-ledger': append } = handlers
  const workers = { deliver, notify, 'append-ledger': append }
  const fed = Object.fromEntries(Object.entries(workers).filter(([, handler]) => handler !== undefined))
  return startStreams({
    client,
    streamArns,
    workers: fed,
    report: (line) => process.stderr.write(`${line}\n`),
  })
}

async function measure({ paths, warmUp, recoveries, atOnce }: ThroughputInput): Promise<number> {
  const deployment = await deploy(paths)
  const streams = await openStreams(deployment)
  const run = async (count: number) => {
    const people: Person[] = []
    for (let index = 0; index < count; index += 1) people.push(await register(deployment))
    await streams.idle()
    const settle = async () => streams.wake()
    const one = async (index: number) => {
      const person = people[index]
      if (person) await recover(deployment, person, settle)
    }
    return perSecond(count, atOnce, one, () => streams.idle())
  }
  await run(warmUp)
  const rate = await run(recoveries)
  await streams.close()
  await deployment.close()
  return rate
}

answerWith({ measure })
