/** The slow hashes: argon2 in native threads, bcrypt in slices of the event loop. */
import { randomBytes } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { hash as bcryptHash } from 'bcryptjs'
import { policy } from '../policy.ts'
import { fromBcryptBase64 } from './phc.ts'
import type { Argon2Scheme, BcryptScheme, Scheme } from './scheme.ts'

/** Numbers of the library, whose const enums do not survive type stripping. */
const algorithms = { argon2d: 0, argon2i: 1, argon2id: 2 } as const
const versions = { 16: 0, 19: 1 } as const

/** @returns random bytes in base64, as many as policy.argon2 says. */
export const newSalt = (): string => randomBytes(policy.argon2.saltBytes).toString('base64')

function argon2(scheme: Argon2Scheme, secret: string): Promise<Buffer> {
  return hashRaw(secret, {
    algorithm: algorithms[scheme.algorithm],
    version: versions[scheme.version],
    memoryCost: scheme.memoryKiB,
    timeCost: scheme.passes,
    parallelism: scheme.lanes,
    outputLen: scheme.hashBytes,
    salt: Buffer.from(scheme.salt, 'base64'),
  })
}

/** `2b` serves all three letters: they mark repaired defects of other programs, not other hashes. */
async function bcrypt({ cost, salt }: BcryptScheme, secret: string): Promise<Buffer> {
  const text = await bcryptHash(secret, `$2b$${String(cost).padStart(2, '0')}$${salt}`)
  return fromBcryptBase64(text.slice(-31))
}

/**
 * Hashes a secret by a scheme, in NFKC so that one password typed on two keyboards is one (NIST 800-63B 3.1.1.2).
 * Nothing is cut off, but that bcrypt itself reads 72 bytes.
 * @returns the raw digest: scheme.hashBytes long, 23 bytes for bcrypt
 */
export function digest(scheme: Scheme, secret: string): Promise<Buffer> {
  const normalised = secret.normalize('NFKC')
  return scheme.algorithm === 'bcrypt' ? bcrypt(scheme, normalised) : argon2(scheme, normalised)
}
