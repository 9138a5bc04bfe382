/**
 * MACs of the grants behind the links of 'it was not me'. Made and judged in memory with a sub-key, which is KMS's MAC of the
 * use and a day: asked for once a container and day. Its KMS key is used by the worker that sends the links, and by the step
 * that takes them back, which could do by itself all that a forged one would let it do (G17).
 */
import { createHmac } from 'node:crypto'
import { perEnvironment } from '../per-environment.ts'
import { settings } from '../settings.ts'
import { matches } from './compare.ts'
import { generateMac, messageOf } from './kms.ts'

const use = 'link'
const dayMs = 24 * 3_600_000
const mostRemembered = 16

const remembered = perEnvironment(() => new Map<string, Promise<Buffer>>())

/** The sub-key of the day that a moment (epoch ms) lies in. @throws Unavailable */
export function linkSubKey(keyId: string, madeAt: number): Promise<Buffer> {
  const day = new Date(Math.floor(madeAt / dayMs) * dayMs).toISOString().slice(0, 10)
  const name = `${keyId} ${day}`
  const subKeys = remembered()
  const known = subKeys.get(name)
  if (known) return known
  const made = generateMac(keyId, use, [day])
  subKeys.set(name, made)
  // An outage is not remembered.
  made.catch(() => subKeys.delete(name))
  const [oldest] = subKeys.keys()
  if (subKeys.size > mostRemembered && oldest !== undefined) subKeys.delete(oldest)
  return made
}

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
  return createHmac('sha256', await linkSubKey(keyId, changedAt))
    .update(messageOf(use, parts))
    .digest('base64')
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
