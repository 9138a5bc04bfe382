/** Requests to Latchkey's admin routes in AWS, signed with the credentials of this process: of its role, environment or profile. */
import { createHash, createHmac } from 'node:crypto'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Send } from './people.ts'

type Data = string | ArrayBuffer | ArrayBufferView

function bytesOf(data: Data): string | Buffer {
  if (typeof data === 'string') return data
  if (data instanceof ArrayBuffer) return Buffer.from(data)
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

/** SHA-256 in the form that the signer asks for. */
class Sha256 {
  readonly #hash
  constructor(secret?: Data) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }
  update(data: Data): void {
    this.#hash.update(bytesOf(data))
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest())
  }
}

/** @param region of Latchkey's API */
export function signedFetch(region: string): Send {
  const signer = new SignatureV4({
    service: 'execute-api',
    region,
    credentials: defaultProvider(),
    sha256: Sha256,
  })
  return async (url, init) => {
    const { protocol, hostname, host, pathname: path } = url
    const headers = { ...init.headers, host }
    const signed = await signer.sign({ ...init, protocol, hostname, path, query: {}, headers })
    return fetch(url, { ...init, headers: signed.headers, redirect: 'error' })
  }
}
