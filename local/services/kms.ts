/** KMS on the wire: AWS JSON 1.1. */
import { jsonRefusal, jsonReply, operationIn, parseJson } from './json-protocol.ts'
import type { KeyStore } from './kms-keys.ts'
import { operations } from './kms-operations.ts'
import { ownValue, type Service, ServiceError } from './wire.ts'

export function createKms(keys: KeyStore): Service {
  return {
    name: 'kms',
    identify: (request) => ({ operation: operationIn(request, 'TrentService') }),
    perform(request, call) {
      const run = ownValue(operations, call?.operation ?? '')
      if (run === undefined) {
        throw new ServiceError(
          400,
          'UnknownOperationException',
          `The local KMS does not know ${call?.operation}.`,
        )
      }
      return jsonReply(200, run(parseJson(request.body), keys))
    },
    refuse: jsonRefusal,
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
