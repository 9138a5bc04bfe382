/** Signs requests to the admin routes with the credentials of this process (AWS Signature Version 4). */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { SignatureV4 } from '@smithy/signature-v4'

/** Posts a body of JSON, and gives up by the signal. */
export type Post = (url: URL, body: string, signal: AbortSignal) => Promise<Response>

const bytesOf = (data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array => {
  if (typeof data === 'string') return data
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}

/** SHA-256 in the form that the signer asks for. */
class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data))
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest())
  }
}

/** @param region of the API Gateway that is called; credentials come by AWS's usual chain */
export function signedPost(region: string): Post {
  const signer = new SignatureV4({
    service: 'execute-api',
    region,
    credentials: defaultProvider(),
    sha256: Sha256,
  })
  return async (url, body, signal) => {
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: {},
      headers: { host: url.host, 'content-type': 'application/json' },
      body,
    })
    return fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' })
  }
}

/**
 * As to the local stack, whose admin routes are open to this machine alone.
 * @param by what makes the request: Node's own fetch, or one of the team's that signs by itself
 */
export const plainPost =
  (by: (url: URL, init: RequestInit) => Promise<Response> = fetch): Post =>
  (url, body, signal) =>
    by(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal,
      redirect: 'error',
    })
