/** What is stored of a password or PIN: a KMS MAC over its hash. The hash itself is nowhere. */
import { settings } from '../settings.ts'
import type { Accepted } from './forms.ts'
import { generateMac } from './kms.ts'
import { bcryptBytes, nativeScheme, type Scheme, schemeKey } from './scheme.ts'

export interface Sealed {
  readonly scheme: Scheme
  /** KMS key the MAC was made with; looked at with this one after the setting has moved on. */
  readonly keyId: string
  /** Base64 of 32 bytes. */
  readonly mac: string
  /** Hashed elsewhere, of the bytes as they were typed there. */
  readonly imported?: true
}
export type SealedPassword = Sealed
export type SealedPin = Sealed
export type SealUse = 'password' | 'pin'

/** The MAC that seals a digest for one person and one use. @throws Unavailable */
export function sealMac(keyId: string, use: SealUse, userId: string, digest: Buffer): Promise<Buffer> {
  return generateMac(keyId, use, [userId, digest])
}

/** Seals a digest with the credential key of today: one KMS call. @throws Unavailable */
export async function sealDigest(
  use: SealUse,
  userId: string,
  scheme: Scheme,
  digest: Buffer,
): Promise<Sealed> {
  const keyId = settings().KEY_CREDENTIAL
  const mac = await sealMac(keyId, use, userId, digest)
  return { scheme, keyId, mac: mac.toString('base64') }
}

/**
 * Seals a password hash made elsewhere, without hashing anything: one KMS call.
 * @param parsed what `parseHash` accepted
 * @throws Unavailable
 */
export async function sealImported(userId: string, parsed: Accepted): Promise<SealedPassword> {
  return { ...(await sealDigest('password', userId, parsed.scheme, parsed.digest)), imported: true }
}

/** Whether a form of an imported hash is of a system that normalised what was typed. */
const isNormalised = (scheme: Scheme): boolean => 'normalised' in scheme

/**
 * The bytes that are hashed. Our own secrets in NFKC, so that one password typed on two keyboards is one (NIST 800-63B
 * 3.1.1.2); imported ones as typed, unless the system they come from normalised too.
 */
export const bytesToHash = (
  secret: string,
  { imported, scheme }: Pick<Sealed, 'imported' | 'scheme'>,
): Buffer => Buffer.from(imported === true && !isNormalised(scheme) ? secret : secret.normalize('NFKC'))

/**
 * Whether a right password may be sealed anew: what its hash never read was never checked, so the tail that was typed
 * would become the password.
 */
export const isReadWhole = (password: string, sealed: Sealed): boolean =>
  sealed.scheme.algorithm !== 'bcrypt' ||
  sealed.scheme.prehash !== undefined ||
  bytesToHash(password, sealed).length <= bcryptBytes

/** Whether the secret was hashed here, and by the policy of today. */
export function isNative({ scheme, imported }: Sealed): boolean {
  return imported !== true && schemeKey(scheme) === schemeKey(nativeScheme(scheme.salt))
}
