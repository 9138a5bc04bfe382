/** Objects of the ledger's bucket: each is put once, under Object Lock where the stage has it, and never over another. */
import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { clientOptions, lean } from '../aws/client.ts'
import { Unavailable } from '../aws/unavailable.ts'
import { perEnvironment } from '../per-environment.ts'
import { settings } from '../settings.ts'

/** Objects of some megabytes take longer than one call elsewhere. */
const transferTimeoutMs = 30_000
const dayMs = 24 * 3600 * 1000

const requestHandler = { ...clientOptions.requestHandler, requestTimeout: transferTimeoutMs }
// `Expect: 100-continue`, the SDK's own way with more than two megabytes, is a round trip that saves nothing here: of all puts hardly one is refused.
const client = perEnvironment(() =>
  lean(new S3Client({ ...clientOptions, requestHandler, expectContinueHeader: false })),
)

/**
 * Stores lines if their name is free, and keeps them for the retention of the stage.
 * @param from when the retention begins, epoch milliseconds
 * @returns whether it was stored; false also when an earlier try, whose reply was lost, had stored it
 * @throws Unavailable
 */
export async function putOnce(key: string, body: string, from: number): Promise<boolean> {
  const { LEDGER_BUCKET, LEDGER_RETENTION_DAYS } = settings()
  const command = new PutObjectCommand({
    Bucket: LEDGER_BUCKET,
    Key: key,
    Body: body,
    ContentType: 'application/x-ndjson',
    IfNoneMatch: '*',
    // A bucket without Object Lock refuses whatever asks for it.
    ...(LEDGER_RETENTION_DAYS > 0 && {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date(from + LEDGER_RETENTION_DAYS * dayMs),
    }),
  })
  try {
    await client().send(command)
    return true
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return false
    throw new Unavailable('S3 PutObject failed', error)
  }
}

/** @returns the text of an object, or undefined when there is none. @throws Unavailable */
export async function readObject(key: string): Promise<string | undefined> {
  try {
    const { Body } = await client().send(new GetObjectCommand({ Bucket: settings().LEDGER_BUCKET, Key: key }))
    return await Body?.transformToString()
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined
    throw new Unavailable('S3 GetObject failed', error)
  }
}
