/** Lambda on the wire, as far as the team's own sender needs it: Invoke of one function, which runs in this process. */
import { parseJson } from './json-protocol.ts'
import { type Service, ServiceError, type WireReply } from './wire.ts'

/** @param message as `shared/delivery/sender.ts` hands it over */
export type Sender = (message: never) => unknown

/** The one function there is. */
export const senderName = 'latchkey-sender'
const invocation = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/

export function createLambda(sender: Sender | undefined): Service {
  return {
    name: 'lambda',
    identify: ({ path }) => ({ operation: invocation.test(path) ? 'Invoke' : path }),
    async perform({ path, body }) {
      const [, name] = invocation.exec(path) ?? []
      if (name !== senderName || sender === undefined)
        throw new ServiceError(404, 'ResourceNotFoundException', `Function not found: ${name ?? path}`)
      try {
        return reply(200, (await sender(parseJson(body) as never)) ?? null)
      } catch (error) {
        const { name: errorType, message: errorMessage } = error as Error
        return reply(200, { errorType, errorMessage }, { 'x-amz-function-error': 'Unhandled' })
      }
    },
    refuse: ({ status, code, message }) => reply(status, { message }, { 'x-amzn-errortype': code }),
    broken: new ServiceError(500, 'ServiceException', 'An internal error occurred.'),
    denied: [403, 'AccessDeniedException'],
    throttled: new ServiceError(429, 'TooManyRequestsException', 'Rate Exceeded.'),
  }
}

const reply = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireReply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
