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

export interface BcryptScheme {
  readonly algorithm: 'bcrypt'
  /** Binary logarithm of the rounds. */
  readonly cost: number
  /** 22 characters of bcrypt's own base64. */
  readonly salt: string
}

/** As many bytes of a password bcrypt reads. */
export const bcryptBytes = 72

export type Scheme = Argon2Scheme | BcryptScheme

/** The scheme of everything hashed here: argon2id by policy.argon2. @param salt base64 */
export function nativeScheme(salt: string): Argon2Scheme {
  const { memoryKiB, passes, lanes, hashBytes } = policy.argon2
  return { algorithm: 'argon2id', version: 19, memoryKiB, passes, lanes, hashBytes, salt }
}

/** Milliseconds of a processor of the class deployed that one check takes, by policy.hashCosts. */
function costMs(scheme: Scheme): number {
  const { argon2MsPerMiBPass, bcryptMsPerRound } = policy.hashCosts
  if (scheme.algorithm === 'bcrypt') return bcryptMsPerRound * 2 ** scheme.cost
  return (argon2MsPerMiBPass * scheme.memoryKiB * scheme.passes) / 1024
}

/**
 * How late every login must answer, so that one with this hash is no later (G1).
 * @returns milliseconds, in full steps; 0 for a hash that costs no more than our own
 */
export function floorNeededMs(scheme: Scheme): number {
  const { besidesHashMs, floorStepMs } = policy.hashCosts
  const cost = costMs(scheme)
  if (cost <= costMs(nativeScheme(''))) return 0
  return Math.ceil((cost + besidesHashMs) / floorStepMs) * floorStepMs
}

/** @returns the same text for the same scheme, whatever the order its properties were read in. */
export function schemeKey(scheme: Scheme): string {
  return JSON.stringify(Object.entries(scheme).sort(([a], [b]) => (a < b ? -1 : 1)))
}
