/** What the team's own backend put last: kept as a MAC, so that the same hash once more is known whatever became of the password. */
import { settings } from '../settings.ts'
import { matches } from './compare.ts'
import type { Accepted } from './forms.ts'
import { generateMac } from './kms.ts'
import { schemeKey } from './scheme.ts'
import { type SealedPassword, sealMac } from './sealed.ts'

export interface PutHash {
  /** KMS key the MAC was made with: a rotated key must not make the same row a change. */
  readonly keyId: string
  /** Base64 of 32 bytes. Of a use of its own, so that it is worth nothing in the place of a password. */
  readonly mac: string
}

/**
 * One call to KMS.
 * @param text the hash as it was put
 * @throws Unavailable
 */
export async function putHash(
  userId: string,
  text: string,
  keyId: string = settings().KEY_CREDENTIAL,
): Promise<PutHash> {
  const mac = await generateMac(keyId, 'put-hash', [userId, text])
  return { keyId, mac: mac.toString('base64') }
}

/** Whether this is the text that was put: one call to KMS, under the key of then. @throws Unavailable */
export async function isPutHash(userId: string, text: string, last: PutHash): Promise<boolean> {
  return matches((await putHash(userId, text, last.keyId)).mac, last.mac)
}

/**
 * Whether a stored password is this very import, not upgraded nor replaced since: what tells of the last put where an
 * identity was stored before there were put hashes.
 * @throws Unavailable
 */
export async function isImportOf(
  userId: string,
  { scheme, digest }: Accepted,
  sealed: SealedPassword,
): Promise<boolean> {
  if (!sealed.imported || schemeKey(scheme) !== schemeKey(sealed.scheme)) return false
  const mac = await sealMac(sealed.keyId, 'password', userId, digest)
  return matches(mac, Buffer.from(sealed.mac, 'base64'))
}
