/** KMS on the wire: AWS JSON 1.1. */
import type { KeyStore } from './kms-keys.ts'
import { operations } from './kms-operations.ts'
import { ownValue, type Service, ServiceError, type WireReply, type WireRequest } from './wire.ts'

export function createKms(keys: KeyStore): Service {
  return {
    name: 'kms',
    identify: (request) => ({ operation: operationName(request) }),
    perform(request, call) {
      const run = ownValue(operations, call?.operation ?? '')
      if (run === undefined) {
        throw new ServiceError(
          400,
          'UnknownOperationException',
          `The local KMS does not know ${call?.operation}.`,
        )
      }
      return reply(200, run(parseJson(request.body), keys))
    },
    refuse: (error) => reply(error.status, { __type: error.code, message: error.message }),
    broken: new ServiceError(
      500,
      'KMSInternalException',
      'The request was rejected because of an internal error.',
    ),
    denied: [400, 'AccessDeniedException'],
    throttled: new ServiceError(
      400,
      'ThrottlingException',
      'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    ),
  }
}

function operationName(request: WireRequest): string {
  const target = request.headers['x-amz-target']
  return typeof target === 'string' ? target.replace(/^TrentService\./, '') : ''
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new ServiceError(400, 'SerializationException', 'The body is not JSON.')
  }
}

function reply(status: number, body: object): WireReply {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) }
}
