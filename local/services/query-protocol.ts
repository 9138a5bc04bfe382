/** The AWS Query protocol, which SES and SNS speak: a form in, XML out. */
import { randomUUID } from 'node:crypto'
import type { ServiceError, WireCall, WireReply, WireRequest } from './wire.ts'

export function parseForm(request: WireRequest): URLSearchParams {
  return new URLSearchParams(request.body.toString())
}

export function identifyAction(request: WireRequest): WireCall {
  return { operation: parseForm(request).get('Action') ?? '' }
}

/** The values of `prefix.1`, `prefix.2` and so on. */
export function listOf(form: URLSearchParams, prefix: string): string[] {
  const values: string[] = []
  for (
    let value = form.get(`${prefix}.1`);
    value !== null;
    value = form.get(`${prefix}.${values.length + 1}`)
  ) {
    values.push(value)
  }
  return values
}

export function success(
  namespace: string,
  action: string,
  result: Readonly<Record<string, string>>,
): WireReply {
  const fields = Object.entries(result).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
  return xml(
    200,
    `<${action}Response xmlns="${namespace}"><${action}Result>${fields.join('')}</${action}Result>` +
      `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`,
  )
}

export function refusal(namespace: string, error: ServiceError): WireReply {
  const type = error.status < 500 ? 'Sender' : 'Receiver'
  return xml(
    error.status,
    `<ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type><Code>${error.code}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  )
}

export function xml(status: number, body: string): WireReply {
  return { status, headers: { 'content-type': 'text/xml' }, body }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}
