/** A proxy before the DynamoDB engine, so that each call can be booked and made to fail. */
import type { IncomingHttpHeaders } from 'node:http'
import { type Dispatcher, Pool } from 'undici'
import { type DynamoCall, readDynamoCall } from './dynamodb-call.ts'
import { contend, throttled } from './dynamodb-contention.ts'
import { withRequestTokens } from './request-tokens.ts'
import { type Service, ServiceError, type WireReply, type WireRequest } from './wire.ts'
import type { Writes } from './writes.ts'

/** Those of one connection, and the engine's leave for pages of any origin. */
const ownHeaders = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'date',
  'expect',
  'upgrade',
  'te',
  'trailer',
  'access-control-allow-origin',
])

export interface DynamoProxy extends Service {
  close(): Promise<void>
}

/**
 * @param engineUrl where DynamoDB and its Streams answer.
 * @param logicalNames table name to logical table, such as `latchkey-outbox` to `outbox`.
 * @param writes told of each item written, once it can be read in the table's stream.
 */
export function createDynamoProxy(
  engineUrl: string,
  logicalNames: ReadonlyMap<string, string>,
  writes: Writes,
): DynamoProxy {
  const { origin, host } = new URL(engineUrl)
  // Node's own client takes twice the time of a processor for each call.
  const engine = new Pool(origin)
  const forward = async ({ method, path, headers, body }: WireRequest): Promise<WireReply> => {
    // Nothing but a path: DynamoDB has one.
    if (!path.startsWith('/'))
      throw new ServiceError(400, 'UnknownOperationException', 'There is no such path.')
    const request = { method: method as Dispatcher.HttpMethod, path, body }
    const reply = await engine.request({ ...request, headers: { ...forwardable(headers), host } })
    return {
      status: reply.statusCode,
      headers: forwardable(reply.headers) as Record<string, string>,
      body: Buffer.from(await reply.body.arrayBuffer()),
    }
  }
  const forwardOnce = withRequestTokens(forward)
  return {
    name: 'dynamodb',
    identify: (request) => identify(request, logicalNames),
    async perform(request, call: DynamoCall | undefined) {
      const isTransaction = call?.operation === 'TransactWriteItems'
      const reply = await (isTransaction ? forwardOnce : forward)(request)
      for (const { table, removal } of call?.writes ?? []) writes.note(table, removal)
      return reply
    },
    refuse,
    broken: new ServiceError(500, 'InternalServerError', 'The request processing has failed.'),
    throttled,
    denied: [400, 'com.amazon.coral.service#AccessDeniedException'],
    contended: (kind, request, call) => contend(kind, call, request, forward),
    close: () => engine.destroy(),
  }
}

function identify(request: WireRequest, logicalNames: ReadonlyMap<string, string>): DynamoCall | undefined {
  const target = request.headers['x-amz-target']
  const [api, operation] = typeof target === 'string' ? target.split('.') : []
  // Polling a stream is the local stack's own work, which Lambda does unseen.
  if (api === undefined || operation === undefined || api.startsWith('DynamoDBStreams')) return undefined
  return readDynamoCall(operation, request.body, logicalNames)
}

function forwardable(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.has(name)))
}

function refuse(error: ServiceError): WireReply {
  return {
    status: error.status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({
      __type: error.code.includes('#') ? error.code : `com.amazonaws.dynamodb.v20120810#${error.code}`,
      message: error.message,
    }),
  }
}
