/** What the forms of imported hashes have in common. */
import type { Scheme } from '../scheme.ts'

/** A hash taken apart. */
export interface Accepted {
  readonly scheme: Scheme
  readonly digest: Buffer
  readonly reason?: undefined
}

/** Refused ones say why, in words for the person who imports; the text never holds the hash. */
export type ParsedHash = Accepted | { readonly reason: string }

/** One way to write a hash down. */
export interface Form {
  readonly pattern: RegExp
  readonly read: (match: RegExpExecArray) => ParsedHash
}

/** RFC 9106 3.1 and RFC 8018 4.1 ask for 8 bytes of salt at least; a digest under 16 bytes would be guessed sooner than the password. */
const bytes = { saltMin: 8, saltMax: 64, digestMin: 16, digestMax: 64 }

/** @returns what is wrong with the length of either, or undefined */
export function lengthProblem(salt: Buffer, digest: Buffer): string | undefined {
  if (salt.length < bytes.saltMin || salt.length > bytes.saltMax)
    return `its salt is not ${bytes.saltMin} to ${bytes.saltMax} bytes long`
  if (digest.length < bytes.digestMin || digest.length > bytes.digestMax)
    return `its hash is not ${bytes.digestMin} to ${bytes.digestMax} bytes long`
  return undefined
}

export const notBase64 = { reason: 'its salt or hash is not valid base64' } as const
