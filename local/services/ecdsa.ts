/** ECDSA over P-256 for digests made elsewhere, as KMS signs them: node:crypto always hashes what it signs. */
import { p256 } from '@noble/curves/nist.js'

/** KMS gives DER, and takes both of the two signatures that are right (s and order - s). */
const form = { prehash: false, format: 'der', lowS: false } as const

/** @param privateKey 32 bytes @returns a signature in DER, another each time, as those of KMS are */
export const signDigest = (privateKey: Uint8Array, digest: Uint8Array): Buffer =>
  Buffer.from(p256.sign(digest, privateKey, { ...form, extraEntropy: true }))

export function verifyDigest(privateKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  try {
    return p256.verify(signature, digest, p256.getPublicKey(privateKey), form)
  } catch {
    // What is no DER at all.
    return false
  }
}
