/** A proxy before the DynamoDB engine, so that each call can be booked and made to fail. */
import {
  type IncomingMessage,
  type OutgoingHttpHeaders,
  Agent as PlainAgent,
  request as plainRequest,
} from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { readBody } from './body.ts'
import { type DynamoCall, readDynamoCall } from './dynamodb-call.ts'
import { contend, throttled } from './dynamodb-contention.ts'
import { type Service, ServiceError, type WireReply, type WireRequest } from './wire.ts'
import type { Writes } from './writes.ts'

const ownHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'])

export interface DynamoProxy extends Service {
  close(): void
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
  const engine = new URL(engineUrl)
  const secure = engine.protocol === 'https:'
  const agent = secure ? new SecureAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true })
  const open = secure ? secureRequest : plainRequest
  const forward = (request: WireRequest): Promise<WireReply> =>
    new Promise((resolve, reject) => {
      const { method, path } = request
      const headers = {
        ...forwardable(request.headers),
        'content-length': request.body.length,
        host: engine.host,
      }
      const outgoing = open(engine, { agent, method, path, headers, setDefaultHeaders: false })
      outgoing.once('error', reject)
      outgoing.once('response', (incoming) => readReply(incoming).then(resolve, reject))
      outgoing.end(request.body)
    })
  return {
    name: 'dynamodb',
    identify: (request) => identify(request, logicalNames),
    async perform(request, call: DynamoCall | undefined) {
      const reply = await forward(request)
      for (const { table, removal } of call?.writes ?? []) writes.note(table, removal)
      return reply
    },
    refuse,
    broken: new ServiceError(500, 'InternalServerError', 'The request processing has failed.'),
    throttled,
    contended: (kind, request, call) => contend(kind, call, request, forward),
    close: () => agent.destroy(),
  }
}

function identify(request: WireRequest, logicalNames: ReadonlyMap<string, string>): DynamoCall | undefined {
  const target = request.headers['x-amz-target']
  const [api, operation] = typeof target === 'string' ? target.split('.') : []
  // Polling a stream is the local stack's own work, which Lambda does unseen.
  if (api === undefined || operation === undefined || api.startsWith('DynamoDBStreams')) return undefined
  return readDynamoCall(operation, request.body, logicalNames)
}

function forwardable(headers: Readonly<OutgoingHttpHeaders>): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.has(name)))
}

async function readReply(incoming: IncomingMessage): Promise<WireReply> {
  const headers = forwardable(incoming.headers) as Record<string, string>
  return { status: incoming.statusCode ?? 500, headers, body: await readBody(incoming) }
}

function refuse(error: ServiceError): WireReply {
  return {
    status: error.status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({
      __type: `com.amazonaws.dynamodb.v20120810#${error.code}`,
      message: error.message,
    }),
  }
}
