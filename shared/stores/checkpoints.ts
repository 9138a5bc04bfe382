/** Where checkpoints are kept: one object per number under Object Lock, and a pointer to the newest. */
import { canonical } from '../ledger/canonical.ts'
import { type Checkpoint, statementHash } from '../ledger/checkpoint.ts'
import { parseCheckpoint } from '../ledger/lines.ts'
import { get, updateOne } from './database.ts'
import { sealKeys } from './keys.ts'
import { putOnce, readObject } from './ledger-bucket.ts'

/** The newest checkpoint that is known; the next one follows it. */
export interface Pointer {
  readonly number: number
  readonly hash: string
  readonly at: number
}

const pointerKey = { pk: sealKeys.checkpoint, sk: 'latest' }

/** Padded, so that a listing of the bucket stands in order. */
export const paddedNumber = (number: number) => String(number).padStart(12, '0')
export const objectKey = (number: number) => `checkpoints/${paddedNumber(number)}.json`

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
  return putOnce(objectKey(checkpoint.number), `${canonical(checkpoint)}\n`, checkpoint.at)
}

/** @returns the stored line of a checkpoint, or undefined when there is none. @throws Unavailable */
export async function readCheckpointLine(number: number): Promise<string | undefined> {
  return (await readObject(objectKey(number)))?.trimEnd()
}

/**
 * @returns a stored checkpoint, or undefined when there is none
 * @throws Unavailable; Tampered or Unusable when what is stored is no checkpoint
 */
export async function readCheckpoint(number: number): Promise<Checkpoint | undefined> {
  const line = await readCheckpointLine(number)
  return line === undefined ? undefined : parseCheckpoint(line, number)
}
