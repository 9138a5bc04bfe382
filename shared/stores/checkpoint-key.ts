/** The key that signs checkpoints. It never leaves KMS; its public half is for everyone. */
import { createPublicKey } from 'node:crypto'
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { clientOptions, lean } from '../aws/client.ts'
import { Unavailable } from '../aws/unavailable.ts'
import { perEnvironment } from '../per-environment.ts'

const client = perEnvironment(() => lean(new KMSClient(clientOptions)))

const failed = (operation: string) => (error: unknown) => {
  throw new Unavailable(`KMS ${operation} failed`, error)
}

/**
 * ECDSA over P-256 of a SHA-256 digest; the digest, as KMS takes no message above 4,096 bytes.
 * @returns DER in base64
 * @throws Unavailable
 */
export async function signDigest(keyId: string, digest: Buffer): Promise<string> {
  const command = new SignCommand({
    KeyId: keyId,
    Message: digest,
    MessageType: 'DIGEST',
    SigningAlgorithm: 'ECDSA_SHA_256',
  })
  const { Signature } = await client().send(command).catch(failed('Sign'))
  if (Signature === undefined) throw new Unavailable('KMS Sign gave no signature')
  return Buffer.from(Signature).toString('base64')
}

/** @returns the public key as SPKI PEM. @throws Unavailable */
export async function publicKeyPem(keyId: string): Promise<string> {
  const { PublicKey } = await client()
    .send(new GetPublicKeyCommand({ KeyId: keyId }))
    .catch(failed('GetPublicKey'))
  if (PublicKey === undefined) throw new Unavailable('KMS GetPublicKey gave no key')
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
  return key.export({ format: 'pem', type: 'spki' }).toString()
}
