/** Puts entries on the event bus of the team. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge'
import { clientOptions, lean } from '../aws/client.ts'
import type { Entry } from '../ledger/entry.ts'
import { detailOf } from '../ledger/published.ts'
import { perEnvironment } from '../per-environment.ts'
import { settings } from '../settings.ts'

/** `source` of every event, by which rules find them. */
const eventSource = 'latchkey'
/** EventBridge takes so many events at once, and so many bytes together. */
const mostAtOnce = 10
const mostBytes = 256 * 1024
/** What EventBridge counts for the time of an event. */
const bytesOfTime = 14
/** Events that failed where others of the same call did not are tried again alone, this often, before Lambda tries anew. */
const rounds = 3
const firstWaitMs = 100

const client = perEnvironment(() => lean(new EventBridgeClient(clientOptions)))

function eventOf(entry: Entry): PutEventsRequestEntry {
  const { EVENT_BUS } = settings()
  if (EVENT_BUS === undefined) throw new Error('EVENT_BUS is not set')
  return {
    EventBusName: EVENT_BUS,
    Source: eventSource,
    DetailType: entry.type,
    Time: new Date(entry.time),
    Detail: JSON.stringify(detailOf(entry)),
  }
}

const sizeOf = ({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry) =>
  bytesOfTime + Buffer.byteLength(Source + DetailType + Detail)

/** In their order, as many to a call as it takes. */
function callsOf(events: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const calls: PutEventsRequestEntry[][] = []
  let bytes = 0
  for (const event of events) {
    const call = calls.at(-1)
    bytes += sizeOf(event)
    if (call !== undefined && call.length < mostAtOnce && bytes <= mostBytes) call.push(event)
    else {
      calls.push([event])
      bytes = sizeOf(event)
    }
  }
  return calls
}

const hasFailed = (result: PutEventsResultEntry | undefined) => result?.EventId === undefined

/** An event was refused though the call was not; the message names no value. */
class EventRefused extends Error {
  constructor(code: string | undefined) {
    super(`EventBridge took not every event: ${code ?? 'no code'}`)
    this.name = 'EventRefused'
  }
}

interface Outcome {
  /** So many of them from the first are published. Of those after them some may be too. */
  readonly published: number
  /** Why not all. */
  readonly error?: unknown
}

/** One call, then those alone that failed in it. */
async function put(events: readonly PutEventsRequestEntry[]): Promise<Outcome> {
  let left = [...events.keys()]
  let code: string | undefined
  for (let round = 0; round < rounds && left.length > 0; round += 1) {
    if (round > 0) await sleep(firstWaitMs * 2 ** round * (0.5 + Math.random() / 2))
    try {
      const Entries = left.flatMap((at) => events[at] ?? [])
      const { Entries: results = [] } = await client().send(new PutEventsCommand({ Entries }))
      code = results.find(hasFailed)?.ErrorCode
      left = left.filter((_, at) => hasFailed(results[at]))
    } catch (error) {
      return { published: left[0] ?? 0, error }
    }
  }
  const [first] = left
  return first === undefined
    ? { published: events.length }
    : { published: first, error: new EventRefused(code) }
}

/**
 * Publishes entries in their order, each at least once: it ends at the first that cannot be published now.
 * @throws Error when no bus is set
 */
export async function publish(entries: readonly Entry[]): Promise<Outcome> {
  let published = 0
  for (const call of callsOf(entries.map(eventOf))) {
    const outcome = await put(call)
    published += outcome.published
    if (outcome.error !== undefined) return { published, error: outcome.error }
  }
  return { published }
}
