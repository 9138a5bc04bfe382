/** AWS JSON 1.1, which KMS and EventBridge speak: the operation in a header, bodies and errors in JSON. */
import { ServiceError, type WireReply, type WireRequest } from './wire.ts'

/** @param service as the target header names it, such as `TrentService` */
export function operationIn(request: WireRequest, service: string): string {
  const target = request.headers['x-amz-target']
  return typeof target === 'string' ? target.replace(`${service}.`, '') : ''
}

/** @throws ServiceError for a body that is not JSON */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new ServiceError(400, 'SerializationException', 'The body is not JSON.')
  }
}

export const jsonReply = (status: number, body: object): WireReply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
})

export const jsonRefusal = ({ status, code, message }: ServiceError): WireReply =>
  jsonReply(status, { __type: code, message })
