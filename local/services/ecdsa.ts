/** ECDSA over P-256 for digests made elsewhere (FIPS 186-5, 6.4): node:crypto always hashes what it signs. */
import { createECDH, randomBytes } from 'node:crypto'

/** Order of the curve's base point (NIST SP 800-186, 3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** @returns the signature in DER, as KMS gives it. */
export function signDigest(privateKey: bigint, digest: Buffer): Buffer {
  const nonce = (toInteger(randomBytes(40)) % (order - 1n)) + 1n
  const r = timesBase(nonce) % order
  const s = (inverse(nonce) * (toInteger(digest) + r * privateKey)) % order
  return toDer(r, s)
}

/** The verifier holds the private key, so one multiplication does: (z/s + r/s * d) * G. */
export function verifyDigest(privateKey: bigint, digest: Buffer, signature: Buffer): boolean {
  const [r, s] = fromDer(signature) ?? [0n, 0n]
  if (r <= 0n || r >= order || s <= 0n || s >= order) return false
  const factor = (inverse(s) * (toInteger(digest) + r * privateKey)) % order
  return factor !== 0n && timesBase(factor) % order === r
}

/** The x coordinate of a multiple of the base point. */
function timesBase(factor: bigint): bigint {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(Buffer.from(factor.toString(16).padStart(64, '0'), 'hex'))
  return toInteger(curve.getPublicKey().subarray(1, 33))
}

/** By Fermat: the order is prime. */
function inverse(value: bigint): bigint {
  let result = 1n
  let base = value % order
  for (let exponent = order - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % order
    base = (base * base) % order
  }
  return result
}

export function toInteger(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex') || '0'}`)
}

/** SEQUENCE of two INTEGERs; P-256 signatures are short enough for one-byte lengths. */
function toDer(r: bigint, s: bigint): Buffer {
  const body = Buffer.concat([derInteger(r), derInteger(s)])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  const sign = (bytes[0] ?? 0) > 0x7f ? [0] : []
  return Buffer.from([0x02, bytes.length + sign.length, ...sign, ...bytes])
}

function fromDer(bytes: Buffer): [bigint, bigint] | undefined {
  const rLength = bytes[3] ?? 0
  const r = toInteger(bytes.subarray(4, 4 + rLength))
  const s = toInteger(bytes.subarray(6 + rLength))
  return toDer(r, s).equals(bytes) ? [r, s] : undefined
}
