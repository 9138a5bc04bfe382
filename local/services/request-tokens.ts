/**
 * Transactions that come again by their `ClientRequestToken` are answered, not done twice: here and not in the engine,
 * whose transactions grow slower with each token of the last ten minutes.
 */
import { createHash } from 'node:crypto'
import { ServiceError, type WireReply, type WireRequest } from './wire.ts'

/** DynamoDB keeps a token for ten minutes; no function here lives as long as this to send one again. */
const keptMs = 2 * 60 * 1000
/** Others are for the engine to refuse. */
const longestToken = 36

const mismatch = new ServiceError(
  400,
  'IdempotentParameterMismatchException',
  'The request uses the same client token as a previous, but non-identical request.',
)

interface Kept {
  readonly digest: string
  /** Nothing where the transaction did not go through: then it may be tried again. */
  readonly done: Promise<WireReply | undefined>
  readonly at: number
}

export type Forward = (request: WireRequest) => Promise<WireReply>

/** @returns carries a transaction to the engine, once for each token; throws ServiceError where a token is used for another one. */
export function withRequestTokens(forward: Forward): Forward {
  const kept = new Map<string, Kept>()
  return async (request) => {
    const { token, body } = withoutToken(request.body)
    if (token === undefined) return forward(request)
    forget(kept)
    const digest = createHash('sha256').update(body).digest('base64')
    for (let earlier = kept.get(token); earlier !== undefined; earlier = kept.get(token)) {
      if (earlier.digest !== digest) throw mismatch
      const reply = await earlier.done
      if (reply !== undefined) return reply
    }
    const reply = forward({ ...request, body })
    const done = succeeded(reply).then((good) => {
      if (good === undefined) kept.delete(token)
      return good
    })
    kept.set(token, { digest, done, at: performance.now() })
    await done
    return reply
  }
}

function withoutToken(body: Buffer): { readonly token: string | undefined; readonly body: Buffer } {
  const { ClientRequestToken: token, ...rest } = parsed(body)
  const isToken = typeof token === 'string' && token !== '' && token.length <= longestToken
  return isToken ? { token, body: Buffer.from(JSON.stringify(rest)) } : { token: undefined, body }
}

function parsed(body: Buffer): { readonly ClientRequestToken?: unknown } {
  try {
    return (JSON.parse(body.toString()) as object | null) ?? {}
  } catch {
    // The engine says what is wrong with it.
    return {}
  }
}

const succeeded = (reply: Promise<WireReply>) =>
  reply.then(
    (good) => (good.status === 200 ? good : undefined),
    () => undefined,
  )

/** They are in the order in which they came, so the first that is young ends it. */
function forget(kept: Map<string, Kept>): void {
  const oldest = performance.now() - keptMs
  for (const [token, { at }] of kept) {
    if (at >= oldest) return
    kept.delete(token)
  }
}
