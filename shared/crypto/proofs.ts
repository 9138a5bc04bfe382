/**
 * MACs of what is given out and presented again: reset tokens, and the links of 'it was not me'. Made and judged in memory
 * with a sub-key, which is KMS's MAC of the use and a day: asked for once a container and day. Each has a KMS key of its own,
 * which none but its maker and its judge may use; a judge could do by itself what a forged one would let it do (G17).
 */
import { createHmac } from 'node:crypto'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { matches } from './compare.ts'
import { generateMac, type MacUse, messageOf } from './kms.ts'

const dayMs = 24 * 3_600_000
const mostRemembered = 16

const subKeys = new Map<string, Promise<Buffer>>()

/** The sub-key of a use and the day that a moment (epoch ms) lies in. @throws Unavailable */
function subKey(keyId: string, use: MacUse, madeAt: number): Promise<Buffer> {
  const day = new Date(Math.floor(madeAt / dayMs) * dayMs).toISOString().slice(0, 10)
  const name = `${keyId} ${use} ${day}`
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

export interface Proof {
  /** Base64 of 32 bytes. */
  readonly mac: string
  /** KMS key of the sub-key, so that a rotation kills nothing that lives. */
  readonly keyId: string
}

async function seal(
  keyId: string,
  use: MacUse,
  madeAt: number,
  parts: readonly (string | Uint8Array)[],
): Promise<Proof> {
  const key = await subKey(keyId, use, madeAt)
  return { mac: createHmac('sha256', key).update(messageOf(use, parts)).digest('base64'), keyId }
}

async function prove(
  proof: Partial<Proof>,
  use: MacUse,
  madeAt: number,
  parts: readonly (string | Uint8Array)[],
): Promise<boolean> {
  if (proof.mac === undefined || proof.keyId === undefined) return false
  return matches((await seal(proof.keyId, use, madeAt, parts)).mac, proof.mac)
}

/** All that a reset token is bound to. */
export interface TokenBinding {
  readonly flow: string
  readonly challengeId: string
  /** Subject key of the challenge. */
  readonly subject: string
  readonly userId?: string
  readonly epoch?: number
  readonly channel?: 'email' | 'sms'
  readonly address?: string
  /** Epoch ms. */
  readonly expiresAt: number
}

const tokenParts = (tokenHash: string, token: TokenBinding) => [
  ...[tokenHash, token.flow, token.challengeId, token.subject, token.userId ?? ''],
  ...[String(token.epoch), token.channel ?? '', token.address ?? '', String(token.expiresAt)],
]
const tokenMadeAt = ({ expiresAt }: TokenBinding) => expiresAt - policy.verifiedLifeSeconds * 1000

/**
 * Has the key of today's tokens at hand, so that no outage comes between a right code and its token.
 * @param now epoch ms
 * @throws Unavailable
 */
export const readyToSealTokens = async (now: number): Promise<void> => {
  await subKey(settings().KEY_TOKEN, 'token', now)
}

/** The MAC of a reset token, made by the step that gives it out. @throws Unavailable */
export const sealToken = (tokenHash: string, token: TokenBinding): Promise<Proof> =>
  seal(settings().KEY_TOKEN, 'token', tokenMadeAt(token), tokenParts(tokenHash, token))

/** Whether a stored token was given out for just what it says. @throws Unavailable */
export const proveToken = (tokenHash: string, token: TokenBinding, proof: Partial<Proof>): Promise<boolean> =>
  prove(proof, 'token', tokenMadeAt(token), tokenParts(tokenHash, token))

/** What the link of a confirmation is for. */
export interface LinkBinding {
  readonly userId: string
  readonly disowned: string
  /** Epoch ms. */
  readonly changedAt: number
  readonly expiresAt: number
}

const linkParts = (tokenHash: string, { userId, disowned, changedAt, expiresAt }: LinkBinding) => [
  ...[tokenHash, userId, disowned, String(changedAt), String(expiresAt)],
]

/** The MAC of a link's grant, made by the worker that sends the link. @throws Unavailable */
export const sealLink = (tokenHash: string, link: LinkBinding): Promise<Proof> =>
  seal(settings().KEY_LINK, 'link', link.changedAt, linkParts(tokenHash, link))

/** Whether a stored grant was made for just what it says. @throws Unavailable */
export const proveLink = (tokenHash: string, link: LinkBinding, proof: Partial<Proof>): Promise<boolean> =>
  prove(proof, 'link', link.changedAt, linkParts(tokenHash, link))
