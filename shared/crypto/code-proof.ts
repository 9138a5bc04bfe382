/**
 * Proofs of codes that whoever judges them can test and not make (G17). The sender signs with a sub-key of the hour, an Ed25519
 * key pair whose seed comes from the key that only it may use; the public key goes along, under a MAC by KMS that judges can
 * only have verified. What is signed is no code but its MAC under another sub-key, so that a table alone tells nothing.
 * Why not a MAC by a sub-key: every judge could then make codes (docs/adr/0089-sub-keys.md).
 */
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto'
import { perEnvironment } from '../per-environment.ts'
import { settings } from '../settings.ts'
import { messageOf, verifyMac } from './kms.ts'
import { isNear, macOnce, rememberOnce, subKey, subMac, windowOf } from './sub-keys.ts'

/** The keys that a code was proved with, as they are stored beside its proof. */
interface ProofKeys {
  readonly codeKeyId: string
  readonly coverKeyId: string
  readonly hour: string
  /** Of the hour's key pair, base64url. */
  readonly publicKey: string
  /** KMS's MAC over hour and public key, base64url. */
  readonly certificate: string
}

export interface SealedCode {
  /** Base64. */
  readonly codeMac: string
  /** The keys and the window, so that a rotation kills nothing that lives. */
  readonly codeKeyId: string
}

const nameOf = ({ codeKeyId, coverKeyId, hour, publicKey, certificate }: ProofKeys) =>
  [codeKeyId, coverKeyId, hour, publicKey, certificate].join(' ')

/** @returns undefined where it is the id of a KMS key alone, as the version before stored it. */
export function proofKeysIn(name: string | undefined): ProofKeys | undefined {
  const [codeKeyId = '', coverKeyId = '', hour = '', publicKey = '', certificate] = name?.split(' ') ?? []
  return certificate === undefined ? undefined : { codeKeyId, coverKeyId, hour, publicKey, certificate }
}

/** The sub-key that makes the codes of an hour, and its key pair. Of KEY_CODE_DERIVE, which only the sender may use. */
export const makerOf = (hour: string): Promise<Buffer> =>
  subKey(settings().KEY_CODE_DERIVE, 'code-derive', hour)

/** Around the 32 bytes of a seed (RFC 8410). */
const pkcs8Start = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Public keys that KMS vouched for, by the name of the keys: of this hour and the one before. */
const certified = perEnvironment(() => new Map<string, Promise<KeyObject>>())
const mostCertified = 4

async function signerOf(hour: string): Promise<{ readonly privateKey: KeyObject; readonly name: string }> {
  const { KEY_CODE: codeKeyId, KEY_CODE_COVER: coverKeyId } = settings()
  const seed = subMac(await makerOf(hour), 'code-signer', [])
  const key = Buffer.concat([pkcs8Start, seed])
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  const ownKey = createPublicKey(privateKey)
  const publicKey = ownKey.export({ format: 'jwk' }).x ?? ''
  const certificate = (await macOnce(codeKeyId, 'code-signer', [hour, publicKey])).toString('base64url')
  const name = nameOf({ codeKeyId, coverKeyId, hour, publicKey, certificate })
  // Whoever signs itself needs nobody's word for the key: a process that does both, as on one machine.
  await rememberOnce(certified(), mostCertified, name, async () => ownKey)
  return { privateKey, name }
}

/** What is signed. @param cover MAC of the code and its binding under the hour's cover */
const statementOf = (cover: Uint8Array) => messageOf('code-proof', [cover])

const coverOf = async (coverKeyId: string, hour: string, parts: readonly string[]) =>
  subMac(await subKey(coverKeyId, 'code-cover', hour), 'code', parts)

/** Proves a cover, or random bytes that no code has. */
async function signed(hour: string, covering: Uint8Array | Promise<Uint8Array>): Promise<SealedCode> {
  const [cover, { privateKey, name }] = await Promise.all([covering, signerOf(hour)])
  return { codeMac: sign(null, statementOf(cover), privateKey).toString('base64'), codeKeyId: name }
}

/** @param parts all that a code is bound to, and the code @param askedAt epoch ms @throws Unavailable */
export function signCode(parts: readonly string[], askedAt: number): Promise<SealedCode> {
  const hour = windowOf('hour', askedAt)
  return signed(hour, coverOf(settings().KEY_CODE_COVER, hour, parts))
}

/** A proof of no code at all, which is judged in the same way and time. @throws Unavailable */
export const signNothing = (askedAt: number): Promise<SealedCode> =>
  signed(windowOf('hour', askedAt), randomBytes(32))

class NotCertified extends Error {}

const publicKeyOf = (x: string) => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })

/** @throws NotCertified, Unavailable */
const certifiedKey = (keys: ProofKeys): Promise<KeyObject> =>
  rememberOnce(certified(), mostCertified, nameOf(keys), async () => {
    const { codeKeyId, hour, publicKey, certificate } = keys
    if (!(await verifyMac(codeKeyId, 'code-signer', [hour, publicKey], certificate))) throw new NotCertified()
    return publicKeyOf(publicKey)
  })

/** In place of the keys of a challenge that nothing is bound to yet: those of this hour that are known, or made up. */
function someKeys(now: number): ProofKeys {
  const hour = windowOf('hour', now)
  const known = [...certified().keys()].map(proofKeysIn).find((keys) => keys?.hour === hour)
  if (known) return known
  const { KEY_CODE: codeKeyId, KEY_CODE_COVER: coverKeyId } = settings()
  const [publicKey, certificate] = [
    randomBytes(32).toString('base64url'),
    randomBytes(32).toString('base64url'),
  ]
  return { codeKeyId, coverKeyId, hour, publicKey, certificate }
}

/** As long as a proof, with a scalar below the group's order, so that judging it takes as long. */
function noProof(): Buffer {
  const bytes = randomBytes(64)
  bytes.writeUInt8(bytes.readUInt8(63) & 0x0f, 63)
  return bytes
}

/**
 * Whether a proof is that of a code: with two calls to KMS at once in an hour's first in a container, and none after it. What is
 * bound to nothing yet is judged in the same way.
 * @param parts as {@link signCode} had them
 * @throws Unavailable
 */
export async function proveSigned(
  parts: readonly string[],
  proof: { readonly codeMac: string; readonly keys: ProofKeys } | undefined,
): Promise<boolean> {
  const now = Date.now()
  const keys = proof?.keys ?? someKeys(now)
  // Codes live for minutes: the keys of an hour that is long over are worth nothing to whoever learned them.
  if (!isNear('hour', keys.hour, now)) return false
  const certifying = certifiedKey(keys).catch((error: unknown) => {
    if (error instanceof NotCertified) return undefined
    throw error
  })
  const [cover, key] = await Promise.all([coverOf(keys.coverKeyId, keys.hour, parts), certifying])
  const signature = proof === undefined ? noProof() : Buffer.from(proof.codeMac, 'base64')
  return key !== undefined && verify(null, statementOf(cover), key, signature) && proof !== undefined
}
