/**
 * DynamoDB need not name every refused condition of a cancelled transaction, and the embedded engine always does. Under
 * `NAMED_REASON=first` or `last` the SDK's client is told of one alone, so that tests show what AWS may answer.
 */
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb'

export type NamedReason = 'first' | 'last'

const isRefusal = ({ Code }: { readonly Code?: string | undefined }) => Code === 'ConditionalCheckFailed'

/** Leaves one refused condition in the reasons of a cancelled transaction. */
function nameOne(error: TransactionCanceledException, which: NamedReason): void {
  const reasons = error.CancellationReasons ?? []
  const kept = which === 'first' ? reasons.findIndex(isRefusal) : reasons.findLastIndex(isRefusal)
  error.CancellationReasons = reasons.map((reason, place) =>
    isRefusal(reason) && place !== kept ? { Code: 'None' } : reason,
  )
}

type Send = (...given: unknown[]) => Promise<unknown>

/** From now on clients of this process hear of one refused condition alone. @returns what undoes it */
export function hearOne(which: NamedReason): () => void {
  const client = DynamoDBClient.prototype as unknown as { send: Send }
  const { send } = client
  client.send = function (this: unknown, ...given) {
    return send.apply(this, given).catch((error: unknown) => {
      if (error instanceof TransactionCanceledException) nameOne(error, which)
      throw error
    })
  }
  return () => {
    client.send = send
  }
}

const wanted = process.env['NAMED_REASON']
if (wanted === 'first' || wanted === 'last') hearOne(wanted)
