/** One-time codes: made again at will by the worker that sends them, proved by everyone else through a MAC. */
import { randomBytes } from 'node:crypto'
import { refAlphabet } from '../contract/references.ts'
import { settings } from '../settings.ts'
import { makerOf, proofKeysIn, proveSigned, type SealedCode, signCode } from './code-proof.ts'
import { matches } from './compare.ts'
import { generateMac, verifyMac } from './kms.ts'
import { subMac, windowOf } from './sub-keys.ts'

/** Which code is meant. */
export interface CodeName {
  readonly challengeId: string
  readonly flow: string
  /** Subject key of the challenge. */
  readonly subject: string
}

/** All that a code is bound to: it counts for no other challenge, person, address, epoch or session. */
export interface CodeBinding extends CodeName {
  readonly userId: string
  readonly epoch: number
  readonly channel: string
  readonly address: string
  readonly ref: string
  /** Session that asked (step-up). */
  readonly sessionId?: string | undefined
}

const refCharacters = 4

/** @returns four characters of {@link refAlphabet}; some are likelier than others by 1 in 10^4 at most */
function refOf(bytes: Buffer): string {
  let rest = bytes.readUInt32BE(0)
  return Array.from({ length: refCharacters }, () => {
    const character = refAlphabet.charAt(rest % refAlphabet.length)
    rest = Math.floor(rest / refAlphabet.length)
    return character
  }).join('')
}

/** @returns a reference that stands in no message, for a challenge that is bound to nobody. */
export const randomRef = (): string => refOf(randomBytes(4))

/** A code, and the reference that its message carries. */
export interface MadeCode {
  /** Six digits. */
  readonly code: string
  /** Four characters that whoever holds the message can type. */
  readonly ref: string
}

const codeIn = (mac: Buffer): MadeCode => ({
  code: String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0'),
  ref: refOf(mac.subarray(6)),
})

/**
 * The code of a challenge and its reference: always the same, so that a message sent twice is one message. By the sub-key of
 * the hour in which it was asked for, of KEY_CODE_DERIVE, which only the worker may use. 48 bits modulo 10^6: no code is likelier
 * than another by more than 1 in 10^8.
 * @param askedAt epoch ms
 * @throws Unavailable
 */
export async function deriveCode(
  { challengeId, flow, subject }: CodeName,
  askedAt: number,
): Promise<MadeCode> {
  const maker = await makerOf(windowOf('hour', askedAt))
  return codeIn(subMac(maker, 'code-derive', [challengeId, flow, subject]))
}

const partsOf = (
  { challengeId, flow, subject, userId, epoch, channel, address, ref, sessionId }: CodeBinding,
  code: string,
) => [challengeId, flow, subject, userId, String(epoch), channel, address, ref, sessionId ?? '', code]

/**
 * The form in which a code is stored. Needs rights that only the worker has (G17).
 * @param askedAt epoch ms
 * @throws Unavailable
 */
export const sealCode = (binding: CodeBinding, code: string, askedAt: number): Promise<SealedCode> =>
  signCode(partsOf(binding, code), askedAt)

/**
 * The code that a challenge was bound with by the version before, which may not have sent it: KMS made code and MAC themselves.
 * @returns undefined when it was bound with another code, or by this version
 * @throws Unavailable
 */
export async function codeAsBefore(
  binding: Omit<CodeBinding, 'ref'>,
  { codeMac, codeKeyId }: SealedCode,
): Promise<MadeCode | undefined> {
  if (proofKeysIn(codeKeyId) !== undefined) return undefined
  const { challengeId, flow, subject } = binding
  const made = codeIn(
    await generateMac(settings().KEY_CODE_DERIVE, 'code-derive', [challengeId, flow, subject]),
  )
  const mac = await generateMac(codeKeyId, 'code', partsOf({ ...binding, ref: made.ref }, made.code))
  return matches(mac.toString('base64'), codeMac) ? made : undefined
}

/**
 * Whether a code is the one that was sealed for this binding. Nothing is sealed while the worker has not come to a challenge.
 * @param sealed as stored, with the keys that made it, for a rotation must not kill live codes
 * @throws Unavailable
 */
export function proveCode(
  binding: CodeBinding,
  code: string,
  { codeMac, codeKeyId }: Partial<SealedCode>,
): Promise<boolean> {
  const parts = partsOf(binding, code)
  if (codeMac === undefined) return proveSigned(parts, undefined)
  const keys = proofKeysIn(codeKeyId)
  if (keys !== undefined) return proveSigned(parts, { codeMac, keys })
  return verifyMac(codeKeyId ?? settings().KEY_CODE, 'code', parts, codeMac)
}
