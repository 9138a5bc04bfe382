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

/** A value, or a map, whose entries are written one by one. */
export type Result = string | { readonly [key: string]: Result }

const isMap = (value: Result): value is { readonly [key: string]: Result } => typeof value !== 'string'

function valueXml(value: Result): string {
  if (!isMap(value)) return escapeXml(value)
  return Object.entries(value)
    .map(([key, each]) => `<entry><key>${escapeXml(key)}</key><value>${fieldsXml(each)}</value></entry>`)
    .join('')
}

/** The fields of a structure, or a plain value. */
const fieldsXml = (value: Result): string =>
  isMap(value)
    ? Object.entries(value)
        .map(([name, each]) => `<${name}>${valueXml(each)}</${name}>`)
        .join('')
    : escapeXml(value)

export function success(
  namespace: string,
  action: string,
  result: Readonly<Record<string, Result>>,
): WireReply {
  const fields = [fieldsXml(result)]
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
