/**
 * MACs of the grants behind the links of 'it was not me'. Made and judged in memory with a day's sub-key. Its KMS key is used by
 * the worker that sends the links, and by the step that takes them back, which could do by itself all that a forged one would
 * let it do (G17).
 */
import { settings } from '../settings.ts'
import { matches } from './compare.ts'
import { subKey, subMac, windowOf } from './sub-keys.ts'

/** What a link is for. */
export interface Link {
  /** Hex SHA-256 of its token. */
  readonly tokenHash: string
  readonly userId: string
  readonly disowned: string
  /** Epoch ms. */
  readonly changedAt: number
  readonly expiresAt: number
}

export interface LinkProof {
  /** Base64 of 32 bytes. */
  readonly mac: string
  /** KMS key of the sub-key, so that a rotation kills nothing that lives. */
  readonly keyId: string
}

async function macOf(keyId: string, { tokenHash, userId, disowned, changedAt, expiresAt }: Link) {
  const parts = [tokenHash, userId, disowned, String(changedAt), String(expiresAt)]
  const key = await subKey(keyId, 'link', windowOf('day', changedAt))
  return subMac(key, 'link', parts).toString('base64')
}

/** The MAC that makes a link count. @throws Unavailable */
export async function sealLink(link: Link): Promise<LinkProof> {
  const keyId = settings().KEY_LINK
  return { mac: await macOf(keyId, link), keyId }
}

/** Whether a link was made for just what is stored of it. @throws Unavailable */
export async function proveLink(link: Link, { mac, keyId }: Partial<LinkProof>): Promise<boolean> {
  return mac !== undefined && keyId !== undefined && matches(await macOf(keyId, link), mac)
}
