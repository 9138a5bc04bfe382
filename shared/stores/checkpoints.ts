/** Where checkpoints are kept: one object per number under Object Lock, and a pointer to the newest. */
import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { clientOptions, lean } from '../aws/client.ts'
import { Unavailable } from '../aws/unavailable.ts'
import { canonical } from '../ledger/canonical.ts'
import { type Checkpoint, statementHash } from '../ledger/checkpoint.ts'
import { parseCheckpoint } from '../ledger/lines.ts'
import { perEnvironment } from '../per-environment.ts'
import { settings } from '../settings.ts'
import { get, updateOne } from './database.ts'
import { sealKeys } from './keys.ts'

/** Objects of some megabytes take longer than one call elsewhere. */
const transferTimeoutMs = 30_000
const dayMs = 24 * 3600 * 1000

const requestHandler = { ...clientOptions.requestHandler, requestTimeout: transferTimeoutMs }
const client = perEnvironment(() => lean(new S3Client({ ...clientOptions, requestHandler })))

/** The newest checkpoint that is known; the next one follows it. */
export interface Pointer {
  readonly number: number
  readonly hash: string
  readonly at: number
}

const pointerKey = { pk: sealKeys.checkpoint, sk: 'latest' }

/** Padded, so that a listing of the bucket stands in order. */
export const objectKey = (number: number) => `checkpoints/${String(number).padStart(12, '0')}.json`

/** Strongly consistent. @throws Unavailable */
export async function readPointer(): Promise<Pointer | undefined> {
  return (await get('seal', pointerKey)) as unknown as Pointer | undefined
}

/** Moves the pointer on to a checkpoint, never back. @throws Unavailable */
export async function advancePointer(checkpoint: Checkpoint): Promise<void> {
  const { number, at } = checkpoint
  await updateOne('seal', pointerKey, 'SET #number = :number, #hash = :hash, #at = :at', {
    condition: 'attribute_not_exists(#number) OR #number < :number',
    values: { number, hash: statementHash(checkpoint), at },
  })
}

/**
 * Stores a checkpoint if its number is free: of several sealers one wins, and nobody can change it before its time.
 * @returns whether it was stored; false also when an earlier try, whose reply was lost, had stored it
 * @throws Unavailable
 */
export async function storeCheckpoint(checkpoint: Checkpoint): Promise<boolean> {
  const { LEDGER_BUCKET, LEDGER_RETENTION_DAYS } = settings()
  const command = new PutObjectCommand({
    Bucket: LEDGER_BUCKET,
    Key: objectKey(checkpoint.number),
    Body: `${canonical(checkpoint)}\n`,
    ContentType: 'application/x-ndjson',
    IfNoneMatch: '*',
    // A bucket without Object Lock refuses whatever asks for it.
    ...(LEDGER_RETENTION_DAYS > 0 && {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date(checkpoint.at + LEDGER_RETENTION_DAYS * dayMs),
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

/** @returns the stored line of a checkpoint, or undefined when there is none. @throws Unavailable */
export async function readCheckpointLine(number: number): Promise<string | undefined> {
  try {
    const key = { Bucket: settings().LEDGER_BUCKET, Key: objectKey(number) }
    const { Body } = await client().send(new GetObjectCommand(key))
    return (await Body?.transformToString())?.trimEnd()
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined
    throw new Unavailable('S3 GetObject failed', error)
  }
}

/**
 * @returns a stored checkpoint, or undefined when there is none
 * @throws Unavailable; Tampered or Unusable when what is stored is no checkpoint
 */
export async function readCheckpoint(number: number): Promise<Checkpoint | undefined> {
  const line = await readCheckpointLine(number)
  return line === undefined ? undefined : parseCheckpoint(line, number)
}
