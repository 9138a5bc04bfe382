/** How a secret was hashed before it was sealed: everything but the digest. */
import { policy } from '../policy.ts'

export interface Argon2Scheme {
  readonly algorithm: 'argon2id' | 'argon2i' | 'argon2d'
  /** 19 is version 1.3 (RFC 9106), 16 the older 1.0. */
  readonly version: 16 | 19
  readonly memoryKiB: number
  readonly passes: number
  readonly lanes: number
  readonly hashBytes: number
  /** Base64. */
  readonly salt: string
}

/** What some systems make of a password first, so that bcrypt reads all of it. */
export type Prehash = 'sha256-hex' | 'sha256-base64' | 'hmac-sha256-base64' | 'wordpress'

export interface BcryptScheme {
  readonly algorithm: 'bcrypt'
  /** Binary logarithm of the rounds. */
  readonly cost: number
  /** 22 characters of bcrypt's own base64. */
  readonly salt: string
  readonly prehash?: Prehash
  /** Base64url. What the old application put behind each password (Devise): with the seal alone it opens nothing. */
  readonly pepper?: string
}

export interface Pbkdf2Scheme {
  readonly algorithm: 'pbkdf2'
  readonly prf: 'sha1' | 'sha256' | 'sha512'
  readonly iterations: number
  /** No more than the function gives at once: what is behind costs as much again, and says no more of the password. */
  readonly hashBytes: number
  /** Base64. */
  readonly salt: string
}

export interface ScryptScheme {
  /** `firebase-scrypt`: what is compared is the stream of AES-256-CTR under the scrypt key. */
  readonly algorithm: 'scrypt' | 'firebase-scrypt'
  /** Binary logarithm of N. */
  readonly costLog2: number
  /** The parameter r. */
  readonly blockSize: number
  /** The parameter p. */
  readonly lanes: number
  readonly hashBytes: number
  /** Base64. */
  readonly salt: string
  /** The system that hashed it normalised what was typed. */
  readonly normalised?: 'NFKC'
}

export interface PhpassScheme {
  readonly algorithm: 'phpass'
  /** Binary logarithm of the rounds of MD5. */
  readonly costLog2: number
  /** Eight characters, as they are. */
  readonly salt: string
}

export type Scheme = Argon2Scheme | BcryptScheme | Pbkdf2Scheme | ScryptScheme | PhpassScheme
export type Algorithm = Scheme['algorithm']

/** As many bytes of a password bcrypt reads. */
export const bcryptBytes = 72

/** Bytes that the function under PBKDF2 gives at once. */
export const prfBytes: Readonly<Record<Pbkdf2Scheme['prf'], number>> = { sha1: 20, sha256: 32, sha512: 64 }

/** Memory that scrypt takes: 128 N r bytes. */
export const scryptMiB = ({ costLog2, blockSize }: ScryptScheme): number => (2 ** costLog2 * blockSize) / 8192

/** The scheme of everything hashed here: argon2id by policy.argon2. @param salt base64 */
export function nativeScheme(salt: string): Argon2Scheme {
  const { memoryKiB, passes, lanes, hashBytes } = policy.argon2
  return { algorithm: 'argon2id', version: 19, memoryKiB, passes, lanes, hashBytes, salt }
}

const { hashCosts } = policy

/** Milliseconds of a processor of the class deployed that one check takes, by policy.hashCosts. */
function costMs(scheme: Scheme): number {
  switch (scheme.algorithm) {
    case 'bcrypt':
      return hashCosts.bcryptMsPerRound * 2 ** scheme.cost
    case 'pbkdf2':
      return (hashCosts.pbkdf2MsPerThousand[scheme.prf] * scheme.iterations) / 1000
    case 'scrypt':
    case 'firebase-scrypt':
      return hashCosts.scryptMsPerMiBLane * scryptMiB(scheme) * scheme.lanes
    case 'phpass':
      return hashCosts.phpassMsPerRound * 2 ** scheme.costLog2
    default:
      return (hashCosts.argon2MsPerMiBPass * scheme.memoryKiB * scheme.passes) / 1024
  }
}

/**
 * How late every login must answer, so that one with this hash is no later, and no sooner (G1).
 * @returns milliseconds, in full steps; 0 for a hash that costs what our own does
 */
export function floorNeededMs(scheme: Scheme): number {
  const { besidesHashMs, floorStepMs } = hashCosts
  const cost = costMs(scheme)
  if (cost === costMs(nativeScheme(''))) return 0
  const neededMs = Math.ceil((cost + besidesHashMs) / floorStepMs) * floorStepMs
  return Math.max(neededMs, policy.importFloorLeastMs)
}

/**
 * A hash that the floor does not hide would show at sign-in who has it (G1). A floor of 0 hides nothing anyway.
 * @returns the sentence that refuses it, or undefined
 */
export function beyondFloor(scheme: Scheme, floorMs: number): string | undefined {
  const neededMs = floorNeededMs(scheme)
  if (floorMs === 0 || neededMs <= floorMs) return undefined
  return `its time to check would show: sign-in answers after ${floorMs} ms (loginFloorMs), and this needs ${neededMs} ms`
}

/** @returns the same text for the same scheme, whatever the order its properties were read in. */
export function schemeKey(scheme: Scheme): string {
  return JSON.stringify(Object.entries(scheme).sort(([a], [b]) => (a < b ? -1 : 1)))
}
