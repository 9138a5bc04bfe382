/** One-time codes: made again at will by the worker that sends them, proved by everyone else through a MAC. */
import { settings } from '../settings.ts'
import { generateMac } from './kms.ts'

export { matches } from './compare.ts'

/** What a code is bound to: no code counts for another challenge, flow or subject. */
export interface CodeBinding {
  readonly challengeId: string
  readonly flow: string
  readonly subject: string
}

/**
 * The code of a challenge, always the same one, so that a message sent twice carries one code. Needs KEY_CODE_DERIVE,
 * which only the worker may use. 48 bits modulo 10^6: no code is likelier than another by more than 1 in 10^8.
 * @returns six digits
 * @throws Unavailable
 */
export async function deriveCode({ challengeId, flow, subject }: CodeBinding): Promise<string> {
  const mac = await generateMac(settings().KEY_CODE_DERIVE, 'code-derive', [challengeId, flow, subject])
  return String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

/**
 * The form in which a code is stored and compared.
 * @param keyId the key stored beside the MAC to compare with; a rotation must not kill live codes
 * @returns base64 of 32 bytes
 * @throws Unavailable
 */
export async function codeMac(
  { challengeId, flow, subject }: CodeBinding,
  code: string,
  keyId: string = settings().KEY_CODE,
): Promise<string> {
  const mac = await generateMac(keyId, 'code', [challengeId, flow, subject, code])
  return mac.toString('base64')
}
