/** The body of an upload, taken out of the `aws-chunked` coding that SDKs put around streams, and checked. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { ServiceError, type WireRequest } from './wire.ts'

export interface Upload {
  readonly body: Buffer
  /** `x-amz-checksum-*`, from headers or trailers. */
  readonly checksums: Readonly<Record<string, string>>
}

const checksumPrefix = 'x-amz-checksum-'
const checksumName = /^x-amz-checksum-[a-z0-9]+$/
/** Digits alone: a size below nothing would lead backwards. */
const chunkLine = /^([0-9a-f]{1,8})(?:;|$)/i
/** It comes back as a header. */
const checksumValue = /^[A-Za-z0-9+/=-]{1,200}$/

/** @throws ServiceError `BadDigest` when a checksum the client gave does not fit, `IncompleteBody` for broken chunks. */
export function readUpload(request: WireRequest): Upload {
  const { headers } = request
  const chunked = `${headers['content-encoding']}`.includes('aws-chunked')
  const { body, trailers } = chunked ? decodeChunks(request.body) : { body: request.body, trailers: {} }
  const given = Object.entries({ ...headers, ...trailers }).filter(
    ([name]) => checksumName.test(name) && !['algorithm', 'type'].includes(name.slice(checksumPrefix.length)),
  )
  const checksums = Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
  for (const [name, value] of Object.entries(checksums)) {
    if (!checksumValue.test(value)) throw invalid(name)
    verify(checksumOf(name.slice(checksumPrefix.length), body), value)
  }
  const md5 = headers['content-md5']
  if (md5 !== undefined) verify(createHash('md5').update(body).digest('base64'), String(md5))
  return { body, checksums }
}

/** Chunks are `size in hex[;extension] CRLF bytes CRLF`; size 0 ends them, and `name:value` trailers follow. */
function decodeChunks(coded: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = coded.indexOf('\r\n', at)
    const line = lineEnd < 0 ? '' : coded.toString('latin1', at, lineEnd)
    const size = Number.parseInt(chunkLine.exec(line)?.[1] ?? '', 16)
    const start = lineEnd + 2
    if (Number.isNaN(size) || start + size > coded.length) throw broken()
    if (size === 0)
      return { body: Buffer.concat(parts), trailers: trailersOf(coded.toString('latin1', start)) }
    parts.push(coded.subarray(start, start + size))
    at = start + size + 2
  }
}

function trailersOf(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'))
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
}

/** @returns undefined for an algorithm that Node has not: such a checksum is kept unchecked. */
function checksumOf(algorithm: string, body: Buffer): string | undefined {
  if (algorithm === 'sha1' || algorithm === 'sha256')
    return createHash(algorithm).update(body).digest('base64')
  if (algorithm !== 'crc32') return undefined
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes.toString('base64')
}

function verify(right: string | undefined, given: string): void {
  if (right === undefined || right === given) return
  throw new ServiceError(400, 'BadDigest', 'The checksum you specified did not match what we received.')
}

const invalid = (name: string) =>
  new ServiceError(400, 'InvalidRequest', `Value for ${name} header is invalid.`)

function broken(): ServiceError {
  return new ServiceError(400, 'IncompleteBody', 'The request body terminated unexpectedly.')
}
