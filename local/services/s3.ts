/** S3 on the wire, path style: objects with conditional writes and Object Lock. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readUpload } from './aws-chunked.ts'
import { escapeXml, xml } from './query-protocol.ts'
import { listObjects } from './s3-listing.ts'
import { type Bucket, fileNameOf, longestFileName, type ObjectInfo, openBucket } from './s3-objects.ts'
import { type Service, ServiceError, type WireReply, type WireRequest } from './wire.ts'

interface Target {
  readonly bucket: Bucket
  readonly key: string
}
type Operation = (request: WireRequest, target: Target) => WireReply

const operations: Readonly<Record<string, Operation>> = {
  PutObject: putObject,
  GetObject: (request, target) => ({
    ...headObject(request, target),
    body: target.bucket.read(target.key),
  }),
  HeadObject: headObject,
  DeleteObject: (_request, { bucket, key }) => {
    refuseLocked(bucket.info(key))
    bucket.remove(key)
    return { status: 204 }
  },
  ListObjectsV2: (request, { bucket }) => listObjects(request.query, bucket),
  HeadBucket: () => ({ status: 200 }),
}

/**
 * @param folder holds the objects.
 * @param bucketNames the buckets that exist.
 */
export function createS3(folder: string, bucketNames: readonly string[]): Service {
  const buckets = new Map(bucketNames.map((name) => [name, openBucket(join(folder, name))]))
  return {
    name: 's3',
    identify: (request) => ({ operation: operationOf(request) }),
    perform(request, call) {
      const { bucket: name, key } = addressOf(request)
      const run = operations[call?.operation ?? '']
      if (run === undefined) {
        throw new ServiceError(501, 'NotImplemented', `The local S3 does not know ${call?.operation}.`)
      }
      const bucket = buckets.get(name)
      if (bucket === undefined) {
        throw new ServiceError(404, 'NoSuchBucket', 'The specified bucket does not exist')
      }
      return run(request, { bucket, key })
    },
    refuse: (error) =>
      xml(
        error.status,
        `<Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message></Error>`,
      ),
    broken: new ServiceError(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  }
}

function addressOf(request: WireRequest): { bucket: string; key: string } {
  const [, bucket = '', ...rest] = request.path.split('/')
  return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(rest.join('/')) }
}

function operationOf(request: WireRequest): string {
  const { key } = addressOf(request)
  const { method, query } = request
  const subresource = [...query.keys()].find((name) => name !== 'x-id' && query.get(name) === '')
  if (subresource !== undefined) return `${method} ?${subresource}`
  if (key === '') {
    if (method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2'
    return method === 'HEAD' ? 'HeadBucket' : `${method} of a bucket`
  }
  if (method === 'PUT' && 'x-amz-copy-source' in request.headers) return 'CopyObject'
  const names: Record<string, string> = {
    PUT: 'PutObject',
    GET: 'GetObject',
    HEAD: 'HeadObject',
    DELETE: 'DeleteObject',
  }
  return names[method] ?? method
}

function headObject(_request: WireRequest, { bucket, key }: Target): WireReply {
  const info = bucket.info(key)
  if (info === undefined) throw new ServiceError(404, 'NoSuchKey', 'The specified key does not exist.')
  return {
    status: 200,
    headers: {
      ...info.headers,
      etag: info.etag,
      'last-modified': new Date(info.modifiedAt).toUTCString(),
      'content-length': info.size,
    },
  }
}

function putObject(request: WireRequest, { bucket, key }: Target): WireReply {
  const { headers } = request
  const present = bucket.info(key)
  if (fileNameOf(key).length > longestFileName) {
    throw new ServiceError(400, 'KeyTooLongError', 'Your key is too long')
  }
  if (headers['if-match'] !== undefined) {
    throw new ServiceError(501, 'NotImplemented', 'The local S3 does not know If-Match on PutObject.')
  }
  if (headers['if-none-match'] === '*' && present !== undefined) {
    const message = 'At least one of the pre-conditions you specified did not hold'
    throw new ServiceError(412, 'PreconditionFailed', message)
  }
  refuseLocked(present)
  const { body, checksums } = readUpload(request)
  const lockedUntil = lockOf(headers, Object.keys(checksums).length > 0)
  const etag = `"${createHash('md5').update(body).digest('hex')}"`
  const info: ObjectInfo = {
    key,
    etag,
    size: body.length,
    modifiedAt: Date.now(),
    headers: { ...keptHeaders(headers), ...checksums },
    ...(lockedUntil !== undefined && { lockedUntil }),
  }
  bucket.put(info, body)
  return { status: 200, headers: { etag, ...checksums } }
}

function keptHeaders(headers: WireRequest['headers']): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name]) => name === 'content-type' || /^x-amz-(meta|object-lock)-/.test(name),
  )
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]))
}

/** @returns the end of the retention in epoch milliseconds, if one was asked for. */
function lockOf(headers: WireRequest['headers'], hasChecksum: boolean): number | undefined {
  const mode = headers['x-amz-object-lock-mode']
  const date = headers['x-amz-object-lock-retain-until-date']
  if (mode === undefined && date === undefined) return undefined
  const until = Date.parse(String(date))
  if (!['COMPLIANCE', 'GOVERNANCE'].includes(String(mode)) || Number.isNaN(until)) {
    throw new ServiceError(400, 'InvalidArgument', 'Object Lock needs a mode and a date to retain until.')
  }
  if (until <= Date.now()) {
    throw new ServiceError(400, 'InvalidArgument', 'The retain until date must be in the future!')
  }
  if (!hasChecksum && headers['content-md5'] === undefined) {
    const message = 'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object with Object Lock.'
    throw new ServiceError(400, 'InvalidRequest', message)
  }
  return until
}

/** S3 would keep the locked version behind a new one; here nothing may take its place. */
function refuseLocked(info: ObjectInfo | undefined): void {
  if (info?.lockedUntil !== undefined && info.lockedUntil > Date.now()) {
    throw new ServiceError(403, 'AccessDenied', 'Access Denied because object protected by object lock.')
  }
}
