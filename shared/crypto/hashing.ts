/** The slow hashes, in native threads. They take bytes: what of a secret is hashed is decided in `sealed.ts`. */
import { randomBytes } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { policy } from '../policy.ts'
import { fromBcryptBase64 } from './base64.ts'
import { firebaseScrypt, pbkdf2, phpass, prehashes, scrypt } from './derive.ts'
import type { Algorithm, Argon2Scheme, BcryptScheme, Scheme } from './scheme.ts'

/** Numbers of the library, whose const enums do not survive type stripping. */
const algorithms = { argon2d: 0, argon2i: 1, argon2id: 2 } as const
const versions = { 16: 0, 19: 1 } as const

/** @returns random bytes in base64, as many as policy.argon2 says. */
export const newSalt = (): string => randomBytes(policy.argon2.saltBytes).toString('base64')

function argon2(scheme: Argon2Scheme, secret: Buffer): Promise<Buffer> {
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

/** One hash serves `2a`, `2b` and `2y`: the letters mark repaired defects of other programs. */
async function bcrypt({ cost, salt, prehash, pepper }: BcryptScheme, secret: Buffer): Promise<Buffer> {
  const whole = pepper === undefined ? secret : Buffer.concat([secret, Buffer.from(pepper, 'base64url')])
  const read = prehash === undefined ? whole : prehashes[prehash](whole, salt)
  const text = await bcryptHash(read, cost, fromBcryptBase64(salt))
  return fromBcryptBase64(text.slice(-31))
}

type SchemeOf<Name extends Algorithm> = Extract<Scheme, { readonly algorithm: Name }>
type Hash<Of> = (scheme: Of, secret: Buffer) => Promise<Buffer>

const hashes: { readonly [Name in Exclude<Algorithm, Argon2Scheme['algorithm']>]: Hash<SchemeOf<Name>> } & {
  readonly [Name in Argon2Scheme['algorithm']]: Hash<Argon2Scheme>
} = {
  argon2id: argon2,
  argon2i: argon2,
  argon2d: argon2,
  bcrypt,
  pbkdf2,
  scrypt,
  'firebase-scrypt': firebaseScrypt,
  phpass,
}

/**
 * Hashes bytes by a scheme. Nothing is cut off, but that bcrypt itself reads 72 bytes.
 * @returns the raw digest: scheme.hashBytes long, 23 bytes for bcrypt, 16 for phpass
 */
export function digest(scheme: Scheme, secret: Buffer): Promise<Buffer> {
  return (hashes[scheme.algorithm] as Hash<Scheme>)(scheme, secret)
}
