/** How DynamoDB refuses a call for want of room: as the whole call, as reasons of a transaction, or as a part left undone. */
import { type Contention, ServiceError, type WireCall, type WireReply, type WireRequest } from './wire.ts'

export const throttled = new ServiceError(
  400,
  'ThrottlingException',
  'Throughput exceeds the current capacity of your table or index. Please try again later.',
)

/** The type as DynamoDB names it, the reason of a transaction, and what both say. */
const refusals: Readonly<Record<Contention, readonly [type: string, reason: string, message: string]>> = {
  throttle: ['com.amazon.coral.availability#ThrottlingException', 'ThrottlingError', throttled.message],
  conflict: [
    'com.amazonaws.dynamodb.v20120810#TransactionConflictException',
    'TransactionConflict',
    'Transaction is ongoing for the item',
  ],
  capacity: [
    'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    'ProvisionedThroughputExceeded',
    'The level of configured provisioned throughput for the table was exceeded.',
  ],
}

interface Keys {
  readonly Keys: readonly unknown[]
}
interface BatchGet {
  readonly RequestItems: Readonly<Record<string, Keys>>
}
interface BatchGot {
  Responses: Record<string, Record<string, unknown>[]>
  UnprocessedKeys: Record<string, Keys>
}

/** @param forward carries a call to the engine */
export function contend(
  kind: Contention,
  call: WireCall,
  request: WireRequest,
  forward: (request: WireRequest) => Promise<WireReply>,
): WireReply | Promise<WireReply> {
  const [type, reason, message] = refusals[kind]
  const { TransactItems, RequestItems } = inputOf(request)
  if (call.operation.startsWith('Transact') && Array.isArray(TransactItems))
    return cancelled(TransactItems, reason, message)
  // Where nothing can be read the whole call is refused.
  if (call.operation === 'BatchGetItem' && kind === 'capacity' && Object.keys(RequestItems ?? {}).length > 1)
    return withoutLastTable(RequestItems as BatchGet['RequestItems'], request, forward)
  return reply(400, { __type: type, message })
}

/** Nothing of a body that is no JSON: the call is refused as a whole then. */
function inputOf({ body }: WireRequest): Partial<BatchGet> & { readonly TransactItems?: unknown } {
  try {
    return (JSON.parse(body.toString()) as object | null) ?? {}
  } catch {
    return {}
  }
}

/** The first item is in the way; the others are not looked at. */
function cancelled(TransactItems: readonly unknown[], reason: string, Message: string): WireReply {
  const codes = TransactItems.map((_, index) => (index === 0 ? reason : 'None'))
  return reply(400, {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    CancellationReasons: codes.map((Code) => (Code === 'None' ? { Code } : { Code, Message })),
    Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
  })
}

/** Reads the other tables' items, and hands back the last table's keys. */
async function withoutLastTable(
  RequestItems: BatchGet['RequestItems'],
  request: WireRequest,
  forward: (request: WireRequest) => Promise<WireReply>,
): Promise<WireReply> {
  const answer = await forward(request)
  const [table = '', keys = { Keys: [] }] = Object.entries(RequestItems).at(-1) ?? []
  const { Responses, ...rest } = JSON.parse(`${answer.body}`) as BatchGot
  return reply(answer.status, {
    ...rest,
    Responses: { ...Responses, [table]: [] },
    UnprocessedKeys: { [table]: keys },
  })
}

const reply = (status: number, body: object): WireReply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
})
