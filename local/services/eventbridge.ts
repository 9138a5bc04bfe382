/** EventBridge on the wire: PutEvents to one bus. */
import * as z from 'zod/mini'
import { jsonRefusal, jsonReply, operationIn, parseJson } from './json-protocol.ts'
import type { Published } from './published.ts'
import { type Service, ServiceError } from './wire.ts'

const mostAtOnce = 10
const mostBytes = 256 * 1024
const account = '000000000000'

const text = z.optional(z.string())
const input = z.object({
  Entries: z.array(
    z.object({
      EventBusName: text,
      Source: text,
      DetailType: text,
      Detail: text,
      /** Epoch seconds. */
      Time: z.optional(z.number()),
      Resources: z.optional(z.array(z.string())),
    }),
  ),
})
type PutEntry = z.output<typeof input>['Entries'][number]

type Result = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string }

/** @param bus name of the one bus there is */
export function createEventBridge(published: Published, bus: string, region: string): Service {
  return {
    name: 'events',
    identify: (request) => ({ operation: operationIn(request, 'AWSEvents') }),
    perform(request, call) {
      if (call?.operation !== 'PutEvents') {
        const message = `The local EventBridge does not know ${call?.operation}.`
        throw new ServiceError(400, 'UnknownOperationException', message)
      }
      const { Entries } = read(request.body)
      checkTogether(Entries, bus)
      const results = Entries.map((entry) => take(entry, published, region))
      const failed = results.filter((result) => 'ErrorCode' in result).length
      return jsonReply(200, { FailedEntryCount: failed, Entries: results })
    },
    refuse: jsonRefusal,
    broken: new ServiceError(500, 'InternalException', 'An internal error occurred.'),
    denied: [400, 'AccessDeniedException'],
    throttled: new ServiceError(400, 'ThrottlingException', 'Rate exceeded'),
  }
}

function read(body: Buffer): z.output<typeof input> {
  const result = input.safeParse(parseJson(body))
  if (!result.success) throw new ServiceError(400, 'SerializationException', 'The body is no PutEvents.')
  return result.data
}

/** What refuses a call whole. */
function checkTogether(entries: readonly PutEntry[], bus: string): void {
  if (entries.length < 1 || entries.length > mostAtOnce)
    throw invalid(`Entries must have length between 1 and ${mostAtOnce}`)
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0)
  if (bytes > mostBytes) throw invalid(`Total size of the entries in the request is over the limit: ${bytes}`)
  const foreign = entries.find(({ EventBusName = 'default' }) => EventBusName !== bus)
  if (foreign !== undefined) {
    const message = `Event bus ${foreign.EventBusName ?? 'default'} does not exist.`
    throw new ServiceError(400, 'ResourceNotFoundException', message)
  }
}

const sizeOf = ({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: PutEntry) =>
  (Time === undefined ? 0 : 14) + Buffer.byteLength([Source, DetailType, Detail, ...Resources].join(''))

/** Each is taken or refused by itself. */
function take(entry: PutEntry, published: Published, region: string): Result {
  const { Source, DetailType, Detail, Time, Resources = [] } = entry
  if (!Source || !DetailType || Detail === undefined)
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: 'Parameter Source, DetailType or Detail is not valid. Reason: it is missing.',
    }
  const detail = objectIn(Detail)
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
  const time = new Date(Time === undefined ? Date.now() : Time * 1000)
  // EventBridge tells whole seconds.
  const at = `${time.toISOString().slice(0, 19)}Z`
  const about = { 'detail-type': DetailType, source: Source, account, time: at, region, resources: Resources }
  return { EventId: published.add({ ...about, detail }) }
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const invalid = (message: string) => new ServiceError(400, 'ValidationException', message)
