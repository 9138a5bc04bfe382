/** Keyed MACs made by KMS, whose keys never leave it. */
import { GenerateMacCommand, KMSClient, VerifyMacCommand } from '@aws-sdk/client-kms'
import { clientOptions, lean } from '../aws/client.ts'
import { Unavailable } from '../aws/unavailable.ts'
import { perEnvironment } from '../per-environment.ts'

/** What a MAC is for. Stands at the start of its input, so that no value made for one use counts for another. */
export type MacUse =
  | 'password'
  | 'pin'
  | 'put-hash'
  | 'code'
  | 'code-derive'
  | 'code-cover'
  | 'code-signer'
  | 'code-proof'
  | 'not-me'
  | 'pseudonym'
  | 'link'

/** Marked pure, so that a function which only compares values does not bundle the client. */
const client = /* @__PURE__ */ perEnvironment(() => lean(new KMSClient(clientOptions)))

/** Each part after its length in four bytes, so that no two lists of parts read the same. */
export function messageOf(use: MacUse, parts: readonly (string | Uint8Array)[]): Buffer {
  const encoded = parts.flatMap((part) => {
    const bytes = Buffer.from(part)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return [length, bytes]
  })
  return Buffer.concat([Buffer.from(`latchkey/${use}/v1\n`), ...encoded])
}

/**
 * HMAC-SHA-256 over a use and its parts: one call to KMS.
 * @param keyId of an HMAC_256 key
 * @param parts UTF-8 text or bytes, at most about 4,000 bytes together (KMS takes 4,096)
 * @returns 32 bytes
 * @throws Unavailable when KMS does not answer, or will not use the key
 */
export async function generateMac(
  keyId: string,
  use: MacUse,
  parts: readonly (string | Uint8Array)[],
): Promise<Buffer> {
  const command = new GenerateMacCommand({
    KeyId: keyId,
    MacAlgorithm: 'HMAC_SHA_256',
    Message: messageOf(use, parts),
  })
  const { Mac } = await client()
    .send(command)
    .catch((error: unknown) => {
      throw new Unavailable('KMS GenerateMac failed', error)
    })
  if (Mac === undefined) throw new Unavailable('KMS GenerateMac gave no MAC')
  return Buffer.from(Mac)
}

/**
 * Whether a MAC is the one that {@link generateMac} makes: one call to KMS, which compares. Its permission is another than
 * that to make MACs, so whoever may only judge cannot forge (G17).
 * @param mac base64
 * @throws Unavailable when KMS does not answer, or will not use the key
 */
export async function verifyMac(
  keyId: string,
  use: MacUse,
  parts: readonly (string | Uint8Array)[],
  mac: string,
): Promise<boolean> {
  const command = new VerifyMacCommand({
    KeyId: keyId,
    MacAlgorithm: 'HMAC_SHA_256',
    Message: messageOf(use, parts),
    Mac: Buffer.from(mac, 'base64'),
  })
  try {
    const { MacValid } = await client().send(command)
    return MacValid === true
  } catch (error) {
    if (error instanceof Error && error.name === 'KMSInvalidMacException') return false
    throw new Unavailable('KMS VerifyMac failed', error)
  }
}
