/** ListObjectsV2 of the emulated S3. */
import { escapeXml, xml } from './query-protocol.ts'
import type { Bucket, ObjectInfo } from './s3-objects.ts'
import { ServiceError, type WireReply } from './wire.ts'

const pageMost = 1000

/** Keys after `continuation-token` or `start-after` that begin with `prefix`, at most `max-keys`. */
export function listObjects(query: URLSearchParams, bucket: Bucket): WireReply {
  if (query.has('delimiter')) {
    throw new ServiceError(501, 'NotImplemented', 'The local S3 does not know delimiter.')
  }
  const prefix = query.get('prefix') ?? ''
  const token = query.get('continuation-token')
  const after = token === null ? query.get('start-after') : Buffer.from(token, 'base64url').toString()
  const size = Math.min(Number(query.get('max-keys') ?? pageMost), pageMost)
  if (!(size >= 0)) throw new ServiceError(400, 'InvalidArgument', 'max-keys must be a number.')
  const rest = bucket
    .list()
    .filter(({ key }) => key.startsWith(prefix) && (after === null || isAfter(key, after)))
  const page = rest.slice(0, size)
  const last = page.at(-1)
  const more = rest.length > page.length && last !== undefined
  return xml(
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Prefix>${escapeXml(prefix)}</Prefix>` +
      `<KeyCount>${page.length}</KeyCount><MaxKeys>${size}</MaxKeys><IsTruncated>${more}</IsTruncated>` +
      (more
        ? `<NextContinuationToken>${Buffer.from(last.key).toString('base64url')}</NextContinuationToken>`
        : '') +
      `${page.map(contents).join('')}</ListBucketResult>`,
  )
}

function isAfter(key: string, after: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0
}

function contents(info: ObjectInfo): string {
  return (
    `<Contents><Key>${escapeXml(info.key)}</Key><LastModified>${new Date(info.modifiedAt).toISOString()}</LastModified>` +
    `<ETag>${escapeXml(info.etag)}</ETag><Size>${info.size}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  )
}
