/** S3 on the wire, path style: objects with conditional writes and Object Lock. */
import { join } from 'node:path'
import { escapeXml, xml } from './query-protocol.ts'
import { listObjects } from './s3-listing.ts'
import { type Bucket, openBucket } from './s3-objects.ts'
import { putObject, refuseLocked } from './s3-put.ts'
import { ownValue, type Service, ServiceError, type WireReply, type WireRequest } from './wire.ts'

interface Target {
  readonly bucket: Bucket
  readonly key: string
}
type Operation = (request: WireRequest, target: Target) => WireReply

const operations: Readonly<Record<string, Operation>> = {
  PutObject: (request, { bucket, key }) => putObject(request, bucket, key),
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

export interface S3 extends Service {
  /** Takes all objects away, also those that Object Lock holds. */
  clear(): void
}

/**
 * @param folder holds the objects.
 * @param bucketNames the buckets that exist.
 */
export function createS3(folder: string, bucketNames: readonly string[]): S3 {
  const buckets = new Map(bucketNames.map((name) => [name, openBucket(join(folder, name))]))
  return {
    name: 's3',
    identify: (request) => ({ operation: operationOf(request) }),
    perform(request, call) {
      const { bucket: name, key } = addressOf(request)
      const run = ownValue(operations, call?.operation ?? '')
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
    denied: [403, 'AccessDenied'],
    throttled: new ServiceError(503, 'SlowDown', 'Please reduce your request rate.'),
    clear() {
      for (const bucket of buckets.values()) for (const { key } of bucket.list()) bucket.remove(key)
    },
  }
}

function addressOf(request: WireRequest): { bucket: string; key: string } {
  const [, bucket = '', ...rest] = request.path.split('/')
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(rest.join('/')) }
  } catch {
    throw new ServiceError(400, 'InvalidURI', "Couldn't parse the specified URI.")
  }
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
  return ownValue(names, method) ?? method
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
