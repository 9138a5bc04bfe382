/**
 * How sealed secrets lie in an identity. A full identity must stay below one kilobyte, for DynamoDB bills by the kilobyte and
 * a recovery writes or checks it three times (ADR 0087): what made a run of seals stands once, and MACs stand as bytes.
 * Seals of hashes made elsewhere, and all that were stored before there was this form, are maps with names and base64.
 *
 * A run, in bytes: form 1, key id after its length, KiB of memory (4 bytes), passes, lanes, bytes of the hash, salt after its
 * length, then the MACs.
 */
import type { Argon2Scheme } from '../crypto/scheme.ts'
import type { Sealed } from '../crypto/sealed.ts'

/** What is stored of one or more seals. */
export type StoredSeal = Uint8Array | Sealed

const form = 1
const macBytes = 32
const mostOfByte = 255

const isBase64Of = (text: string, bytes: Buffer) => bytes.toString('base64') === text

/** All but the MACs; undefined where the form would lose something. */
function makerOf({ scheme, keyId, imported }: Sealed): Buffer | undefined {
  if (imported === true || scheme.algorithm !== 'argon2id' || scheme.version !== 19) return undefined
  const [key, salt] = [Buffer.from(keyId), Buffer.from(scheme.salt, 'base64')]
  const { passes, lanes, hashBytes, memoryKiB } = scheme
  const fits = [key.length, salt.length, passes, lanes, hashBytes].every((number) => number <= mostOfByte)
  if (!fits || !isBase64Of(scheme.salt, salt)) return undefined
  const memory = Buffer.alloc(4)
  memory.writeUInt32BE(memoryKiB)
  const numbers = Buffer.from([passes, lanes, hashBytes, salt.length])
  return Buffer.concat([Buffer.from([form, key.length]), key, memory, numbers, salt])
}

/** @returns a run of one; the seal as it is where the form would lose something of it */
export function packSeal(seal: Sealed): StoredSeal {
  const [maker, mac] = [makerOf(seal), Buffer.from(seal.mac, 'base64')]
  if (maker === undefined || mac.length !== macBytes || !isBase64Of(seal.mac, mac)) return seal
  return Buffer.concat([maker, mac])
}

/** A run that another can be added to without naming its maker again. */
const continues = (run: StoredSeal | undefined, next: StoredSeal): run is Uint8Array =>
  run instanceof Uint8Array &&
  next instanceof Uint8Array &&
  Buffer.from(run.subarray(0, next.length - macBytes)).equals(next.subarray(0, next.length - macBytes))

/** @returns the seals in their order, neighbours of one maker as one run */
export function packSeals(seals: readonly Sealed[]): StoredSeal[] {
  const runs: StoredSeal[] = []
  for (const next of seals.map(packSeal)) {
    const last = runs.at(-1)
    if (next instanceof Uint8Array && continues(last, next))
      runs[runs.length - 1] = Buffer.concat([last, next.subarray(next.length - macBytes)])
    else runs.push(next)
  }
  return runs
}

function unpackRun(stored: Uint8Array): Sealed[] {
  const bytes = Buffer.from(stored)
  if (bytes[0] !== form) throw new Error('A sealed secret is of a form that this version does not know')
  let at = 1
  const take = (length: number) => {
    at += length
    return bytes.subarray(at - length, at)
  }
  const byte = () => take(1).readUInt8()
  const keyId = take(byte()).toString()
  const memoryKiB = take(4).readUInt32BE()
  const [passes, lanes, hashBytes] = [byte(), byte(), byte()]
  const salt = take(byte()).toString('base64')
  const numbers = { memoryKiB, passes, lanes, hashBytes, salt }
  const scheme: Argon2Scheme = { algorithm: 'argon2id', version: 19, ...numbers }
  const seals: Sealed[] = []
  while (at < bytes.length) seals.push({ scheme, keyId, mac: take(macBytes).toString('base64') })
  return seals
}

/** The seals in what is stored of several, in either form. */
export const unpackSeals = (stored: readonly StoredSeal[]): Sealed[] =>
  stored.flatMap((each) => (each instanceof Uint8Array ? unpackRun(each) : [each]))
