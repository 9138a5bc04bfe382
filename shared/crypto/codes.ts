/** One-time codes: made again at will by the worker that sends them, proved by everyone else through a MAC. */
import { randomBytes } from 'node:crypto'
import { refAlphabet } from '../contract/references.ts'
import { settings } from '../settings.ts'
import { generateMac, verifyMac } from './kms.ts'

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

/**
 * The code of a challenge and the reference that its message carries: always the same, so that a message sent twice is one
 * message. Needs KEY_CODE_DERIVE, which only the worker may use. 48 bits modulo 10^6: no code is likelier than another by
 * more than 1 in 10^8.
 * @returns six digits, and four characters that whoever holds the message can type
 * @throws Unavailable
 */
export async function deriveCode({
  challengeId,
  flow,
  subject,
}: CodeName): Promise<{ readonly code: string; readonly ref: string }> {
  const mac = await generateMac(settings().KEY_CODE_DERIVE, 'code-derive', [challengeId, flow, subject])
  return {
    code: String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0'),
    ref: refOf(mac.subarray(6)),
  }
}

const partsOf = (
  { challengeId, flow, subject, userId, epoch, channel, address, ref, sessionId }: CodeBinding,
  code: string,
) => [challengeId, flow, subject, userId, String(epoch), channel, address, ref, sessionId ?? '', code]

/**
 * The form in which a code is stored. Needs the right to make MACs with KEY_CODE, which only the worker has (G17).
 * @returns base64 of 32 bytes, and the key that made it
 * @throws Unavailable
 */
export async function sealCode(
  binding: CodeBinding,
  code: string,
): Promise<{ readonly codeMac: string; readonly codeKeyId: string }> {
  const codeKeyId = settings().KEY_CODE
  const mac = await generateMac(codeKeyId, 'code', partsOf(binding, code))
  return { codeMac: mac.toString('base64'), codeKeyId }
}

/**
 * Whether a code is the one that was sealed for this binding.
 * @param sealed as stored; the key is the one that made it, for a rotation must not kill live codes
 * @throws Unavailable
 */
export function proveCode(
  binding: CodeBinding,
  code: string,
  sealed: { readonly codeMac: string; readonly codeKeyId?: string | undefined },
): Promise<boolean> {
  return verifyMac(sealed.codeKeyId ?? settings().KEY_CODE, 'code', partsOf(binding, code), sealed.codeMac)
}
