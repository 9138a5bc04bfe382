/** PutObject of the emulated S3: conditional writes and Object Lock. */
import { createHash } from 'node:crypto'
import { readUpload } from './aws-chunked.ts'
import { type Bucket, fileNameOf, longestFileName, type ObjectInfo } from './s3-objects.ts'
import { ServiceError, type WireReply, type WireRequest } from './wire.ts'

/** @throws ServiceError `PreconditionFailed` where `If-None-Match: *` finds an object, `AccessDenied` where it is locked. */
export function putObject(request: WireRequest, bucket: Bucket, key: string): WireReply {
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
export function refuseLocked(info: ObjectInfo | undefined): void {
  if (info?.lockedUntil !== undefined && info.lockedUntil > Date.now()) {
    throw new ServiceError(403, 'AccessDenied', 'Access Denied because object protected by object lock.')
  }
}
