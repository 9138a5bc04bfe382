/** The slow hashes of other systems that Node itself has, in its threads. */
import {
  createCipheriv,
  createHash,
  createHmac,
  hash,
  pbkdf2 as pbkdf2Callback,
  scrypt as scryptCallback,
} from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Pbkdf2Scheme, type PhpassScheme, type Prehash, type ScryptScheme, scryptMiB } from './scheme.ts'

const pbkdf2Bytes = promisify(pbkdf2Callback)
const scryptBytes = promisify<Buffer, Buffer, number, object, Buffer>(scryptCallback)

export function pbkdf2({ prf, iterations, hashBytes, salt }: Pbkdf2Scheme, secret: Buffer): Promise<Buffer> {
  return pbkdf2Bytes(secret, Buffer.from(salt, 'base64'), iterations, hashBytes, prf)
}

/** What OpenSSL needs beside the memory of RFC 7914, for p blocks and a little. */
const besidesBytes = 1024 * 1024

function scryptOf(scheme: ScryptScheme, secret: Buffer, bytes: number): Promise<Buffer> {
  const { costLog2, blockSize, lanes, salt } = scheme
  const maxmem = scryptMiB(scheme) * 1024 * 1024 + 128 * blockSize * (lanes + 2) + besidesBytes
  const cost = { N: 2 ** costLog2, r: blockSize, p: lanes, maxmem }
  return scryptBytes(secret, Buffer.from(salt, 'base64'), bytes, cost)
}

export const scrypt = (scheme: ScryptScheme, secret: Buffer): Promise<Buffer> =>
  scryptOf(scheme, secret, scheme.hashBytes)

const aes256KeyBytes = 32

/** The stream that Firebase encrypts its signer key with: AES-256-CTR from zero, under a key by scrypt. */
export async function firebaseScrypt(scheme: ScryptScheme, secret: Buffer): Promise<Buffer> {
  const key = await scryptOf(scheme, secret, aes256KeyBytes)
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(scheme.hashBytes))
}

/** So that other requests of the process are not held up. */
const roundsAtOnce = 4096

/** MD5 of salt and secret, then of the digest before and the secret, over and over. */
export async function phpass({ costLog2, salt }: PhpassScheme, secret: Buffer): Promise<Buffer> {
  let digest = hash('md5', Buffer.concat([Buffer.from(salt), secret]), 'buffer')
  for (let round = 1; round <= 2 ** costLog2; round += 1) {
    digest = hash('md5', Buffer.concat([digest, secret]), 'buffer')
    if (round % roundsAtOnce === 0) await setImmediate()
  }
  return digest
}

/** What bcrypt is given in place of the password. @param salt 22 characters of bcrypt's base64 */
export const prehashes: Readonly<Record<Prehash, (secret: Buffer, salt: string) => Buffer>> = {
  'sha256-hex': (secret) => Buffer.from(createHash('sha256').update(secret).digest('hex')),
  'sha256-base64': (secret) => Buffer.from(createHash('sha256').update(secret).digest('base64')),
  'hmac-sha256-base64': (secret, salt) =>
    Buffer.from(createHmac('sha256', salt).update(secret).digest('base64')),
  wordpress: (secret) => Buffer.from(createHmac('sha384', 'wp-sha384').update(secret).digest('base64')),
}
