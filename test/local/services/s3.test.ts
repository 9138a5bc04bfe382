import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Services, startServices } from '#local/services/index.ts'
import { openBucket } from '#local/services/s3-objects.ts'
import { type Clients, clientsOf } from './clients.ts'

let services: Services
let clients: Clients
let Bucket: string
beforeAll(async () => {
  services = await startServices()
  clients = clientsOf(services)
  Bucket = services.environment['LEDGER_BUCKET'] ?? ''
})
afterAll(() => services.close())

const put = (Key: string, Body: string | Readable, more: Partial<Omit<PutObjectCommandInput, 'Body'>> = {}) =>
  clients.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const get = async (Key: string) => {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }))
  return await Body?.transformToString()
}
const locked = (seconds: number): Partial<Omit<PutObjectCommandInput, 'Body'>> => ({
  ObjectLockMode: 'COMPLIANCE',
  ObjectLockRetainUntilDate: new Date(Date.now() + seconds * 1000),
})

test('an object comes back byte for byte, with its type and metadata', async () => {
  const body = 'línea\r\n0\r\n'
  const { ETag } = await put('folder/ünï code&.json', body, {
    ContentType: 'application/json',
    Metadata: { number: '7' },
  })
  expect(await get('folder/ünï code&.json')).toBe(body)
  const head = await clients.s3.send(new HeadObjectCommand({ Bucket, Key: 'folder/ünï code&.json' }))
  expect(head).toMatchObject({
    ETag,
    ContentType: 'application/json',
    ContentLength: Buffer.byteLength(body),
    Metadata: { number: '7' },
  })
})

test('a streamed body is taken out of its chunks', async () => {
  const body = 'x'.repeat(200_000)
  await put('streamed', Readable.from([body.slice(0, 70_001), body.slice(70_001)]), {
    ContentLength: body.length,
  })
  expect(await get('streamed')).toBe(body)
})

test('a body that does not fit its checksum is refused', async () => {
  const ChecksumSHA256 = createHash('sha256').update('another').digest('base64')
  await expect(put('bad', 'body', { ChecksumSHA256 })).rejects.toMatchObject({ name: 'BadDigest' })
  await expect(get('bad')).rejects.toThrow(NoSuchKey)
})

test('of many conditional writes of one key exactly one wins, the others get PreconditionFailed', async () => {
  const tries = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) => put('once', `writer ${n}`, { IfNoneMatch: '*' })),
  )
  const lost = tries.filter((attempt) => attempt.status === 'rejected')
  expect(lost).toHaveLength(11)
  for (const { reason } of lost) {
    expect(reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } })
  }
  const winner = tries.findIndex((attempt) => attempt.status === 'fulfilled')
  expect(await get('once')).toBe(`writer ${winner}`)
})

test('a locked object can be neither replaced nor deleted, and says so', async () => {
  await put('locked', 'first', locked(3600))
  const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }
  await expect(put('locked', 'second')).rejects.toMatchObject(denied)
  await expect(clients.s3.send(new DeleteObjectCommand({ Bucket, Key: 'locked' }))).rejects.toMatchObject(
    denied,
  )
  expect(await get('locked')).toBe('first')
  const head = await clients.s3.send(new HeadObjectCommand({ Bucket, Key: 'locked' }))
  expect(head.ObjectLockMode).toBe('COMPLIANCE')
  expect(head.ObjectLockRetainUntilDate?.getTime()).toBeGreaterThan(Date.now())
})

test('a lock that ends in the past is refused', async () => {
  await expect(put('late', 'x', locked(-1))).rejects.toMatchObject({ name: 'InvalidArgument' })
})

test('an object that is not locked can be deleted', async () => {
  await put('loose', 'x')
  await clients.s3.send(new DeleteObjectCommand({ Bucket, Key: 'loose' }))
  await expect(clients.s3.send(new HeadObjectCommand({ Bucket, Key: 'loose' }))).rejects.toThrow(NotFound)
})

test('a listing goes by prefix, in key order, page by page', async () => {
  await Promise.all(['p/3', 'p/1', 'q/1', 'p/2', 'p/10'].map((key) => put(key, key)))
  const keys: (string | undefined)[] = []
  let token: string | undefined
  do {
    const page = await clients.s3.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: 'p/',
        MaxKeys: 2,
        ...(token !== undefined && { ContinuationToken: token }),
      }),
    )
    expect(page.Contents?.length).toBeLessThanOrEqual(2)
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key))
    token = page.NextContinuationToken
  } while (token !== undefined)
  expect(keys).toEqual(['p/1', 'p/10', 'p/2', 'p/3'])
})

test('an empty listing is no error, an unknown bucket is', async () => {
  const page = await clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'nothing/' }))
  expect(page.KeyCount).toBe(0)
  await expect(clients.s3.send(new ListObjectsV2Command({ Bucket: 'someone-elses' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  })
})

test('keys that look like paths stay inside the folder, and objects come back after a restart', () => {
  const folder = mkdtempSync(join(tmpdir(), 's3-test-'))
  const keys = ['..', '../../up', 'a/b', 'a']
  const bucket = openBucket(join(folder, 'inner'))
  for (const key of keys) {
    bucket.put({ key, etag: '"e"', size: 1, modifiedAt: 0, headers: {} }, Buffer.from(key))
  }
  expect(readdirSync(folder)).toEqual(['inner'])
  const again = openBucket(join(folder, 'inner'))
  expect(again.list().map(({ key }) => again.read(key).toString())).toEqual([...keys].sort())
  rmSync(folder, { recursive: true })
})
