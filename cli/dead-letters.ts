/** The queues that hold what the workers gave up: names of records, never their content. */
import * as z from 'zod/mini'
import { apiSetting } from './api-setting.ts'
import { askJson, send } from './aws.ts'
import { Problem } from './problem.ts'

/** Name of the setting, as `infra/workers-stack.ts` gives it: `worker=address` of each queue, parted by commas. */
const queuesSetting = 'DEAD_LETTERS'

export interface DeadLetter {
  readonly worker: string
  /** When it was given up, ISO 8601. */
  readonly at: string
  /** Why: `RetryAttemptsExhausted` and the like. */
  readonly condition: string
  readonly attempts: number
  /** Which records of a stream; of a schedule there are none. */
  readonly records?: string
}

/** As Lambda writes it, for a stream or for a schedule. */
const letterSchema = z.object({
  timestamp: z.string(),
  requestContext: z.object({ condition: z.string(), approximateInvokeCount: z.number() }),
  DDBStreamBatchInfo: z.optional(
    z.object({ batchSize: z.number(), startSequenceNumber: z.string(), endSequenceNumber: z.string() }),
  ),
})

function queues(): [worker: string, url: URL][] {
  const text = process.env[queuesSetting]
  if (!text) throw new Problem(`${queuesSetting} is missing: --env FILE reads it (docs/deploy.md, 3).`, 2)
  return text.split(',').map((part) => {
    const [worker = '', ...rest] = part.split('=')
    return [worker, new URL(rest.join('='))]
  })
}

const askQueue = (url: URL, action: string, more: object = {}) =>
  askJson({ service: 'sqs', url, version: '1.0' }, `AmazonSQS.${action}`, { QueueUrl: url.href, ...more })

function letterOf(worker: string, body: string): DeadLetter {
  const read = letterSchema.safeParse(JSON.parse(body))
  if (!read.success) return { worker, at: 'at no known time', condition: 'unknown', attempts: 0 }
  const { timestamp: at, requestContext, DDBStreamBatchInfo: batch } = read.data
  const { condition, approximateInvokeCount: attempts } = requestContext
  const records =
    batch && `${batch.batchSize} from ${batch.startSequenceNumber} to ${batch.endSequenceNumber}`
  return { worker, at, condition, attempts, ...(records !== undefined && { records }) }
}

const roundsOfQueue = 20
/** Hidden meanwhile, so that the next round shows others; then they are there again. */
const visibilitySeconds = 20

async function lettersOf(worker: string, url: URL): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = []
  for (let round = 0; round < roundsOfQueue; round += 1) {
    const options = { MaxNumberOfMessages: 10, VisibilityTimeout: visibilitySeconds, WaitTimeSeconds: 1 }
    const { Messages = [] } = await askQueue(url, 'ReceiveMessage', options)
    const messages = Messages as readonly { readonly Body: string }[]
    if (messages.length === 0) break
    letters.push(...messages.map(({ Body }) => letterOf(worker, Body)))
  }
  return letters
}

const localUrl = () => new URL('/_local/dead-letters', process.env[apiSetting])

/** A letter of the local stack, which names one record. */
type LocalLetter = Omit<DeadLetter, 'records'> & { readonly sequenceNumber: string }

/** @returns the letters of all queues, a few hundred of each at most; the queues keep them. */
export async function listDeadLetters(isLocal: boolean): Promise<DeadLetter[]> {
  if (!isLocal) return (await Promise.all(queues().map(([worker, url]) => lettersOf(worker, url)))).flat()
  const { text } = await send({ method: 'GET', service: 'local', url: localUrl() })
  return (JSON.parse(text) as LocalLetter[]).map(({ worker, at, condition, attempts, sequenceNumber }) => {
    return { worker, at, condition, attempts, records: `1 from ${sequenceNumber} to ${sequenceNumber}` }
  })
}

/** Empties the queues. SQS does so within a minute, and refuses to twice in one. */
export async function dropDeadLetters(isLocal: boolean): Promise<void> {
  if (isLocal) await send({ method: 'DELETE', service: 'local', url: localUrl() })
  else for (const [, url] of queues()) await askQueue(url, 'PurgeQueue')
}
