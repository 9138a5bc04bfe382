import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, expect, test } from 'vitest'
import { objectKey } from '#shared/stores/checkpoints.ts'
import { sealLedger } from '#shared/stores/ledger-seal.ts'
import { startLedger } from './services.ts'

const world = await startLedger({ LEDGER_RETENTION_DAYS: '0' })
afterAll(() => world.close())

test('a stage that is thrown away asks for no lock, which its bucket would refuse', async () => {
  await sealLedger({ clock: Date.now, always: true })
  const stored = new HeadObjectCommand({ Bucket: process.env['LEDGER_BUCKET'], Key: objectKey(1) })
  const { ContentLength, ObjectLockMode, ObjectLockRetainUntilDate } = await new S3Client({}).send(stored)
  expect(ContentLength).toBeGreaterThan(0)
  expect([ObjectLockMode, ObjectLockRetainUntilDate]).toEqual([undefined, undefined])
})
