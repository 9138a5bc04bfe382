/** What the emulated KMS can do: MACs and signatures with keys that are made beforehand. */
import { createHash, createHmac, createPrivateKey, createPublicKey, timingSafeEqual } from 'node:crypto'
import * as z from 'zod/mini'
import { signDigest, verifyDigest } from './ecdsa.ts'
import type { KeySpec, KeyStore, KmsKey } from './kms-keys.ts'
import { ServiceError } from './wire.ts'

/** KMS takes messages of 1 to 4,096 bytes. */
const blob = z.pipe(
  z.string(),
  z.transform((text) => Buffer.from(text, 'base64')),
)
const message = blob.check(z.refine((bytes) => bytes.length >= 1 && bytes.length <= 4096))
const keyId = z.string().check(z.minLength(1), z.maxLength(2048))
const mac = { KeyId: keyId, Message: message, MacAlgorithm: z.literal('HMAC_SHA_256') }
const signing = {
  KeyId: keyId,
  Message: message,
  MessageType: z._default(z.enum(['RAW', 'DIGEST']), 'RAW'),
  SigningAlgorithm: z.literal('ECDSA_SHA_256'),
}

export type Operation = (input: unknown, keys: KeyStore) => object

/** By name. Each throws ServiceError with a code of KMS. */
export const operations: Readonly<Record<string, Operation>> = {
  GenerateMac: operation(z.object(mac), (input, keys) => {
    const key = usableKey(keys, input.KeyId, 'HMAC_256')
    return {
      KeyId: key.arn,
      MacAlgorithm: input.MacAlgorithm,
      Mac: hmac(key, input.Message).toString('base64'),
    }
  }),
  VerifyMac: operation(z.object({ ...mac, Mac: blob }), (input, keys) => {
    const key = usableKey(keys, input.KeyId, 'HMAC_256')
    const right = hmac(key, input.Message)
    if (input.Mac.length !== right.length || !timingSafeEqual(input.Mac, right)) {
      throw new ServiceError(400, 'KMSInvalidMacException', 'The MAC does not match the message.')
    }
    return { KeyId: key.arn, MacAlgorithm: input.MacAlgorithm, MacValid: true }
  }),
  Sign: operation(z.object(signing), (input, keys) => {
    const key = usableKey(keys, input.KeyId, 'ECC_NIST_P256')
    const signature = signDigest(privateBytes(key), digestOf(input))
    return {
      KeyId: key.arn,
      SigningAlgorithm: input.SigningAlgorithm,
      Signature: signature.toString('base64'),
    }
  }),
  Verify: operation(z.object({ ...signing, Signature: blob }), (input, keys) => {
    const key = usableKey(keys, input.KeyId, 'ECC_NIST_P256')
    if (!verifyDigest(privateBytes(key), digestOf(input), input.Signature)) {
      throw new ServiceError(400, 'KMSInvalidSignatureException', 'The signature does not match the message.')
    }
    return { KeyId: key.arn, SigningAlgorithm: input.SigningAlgorithm, SignatureValid: true }
  }),
  GetPublicKey: operation(z.object({ KeyId: keyId }), (input, keys) => {
    const key = usableKey(keys, input.KeyId, 'ECC_NIST_P256')
    return { KeyId: key.arn, PublicKey: publicDer(key).toString('base64'), ...describeUse(key) }
  }),
  DescribeKey: operation(z.object({ KeyId: keyId }), (input, keys) => {
    const key = existingKey(keys, input.KeyId)
    return {
      KeyMetadata: {
        KeyId: key.id,
        Arn: key.arn,
        AWSAccountId: '000000000000',
        CreationDate: key.createdAt / 1000,
        Enabled: key.enabled,
        KeyState: key.enabled ? 'Enabled' : 'Disabled',
        KeyManager: 'CUSTOMER',
        Origin: 'AWS_KMS',
        MultiRegion: false,
        Description: key.alias,
        ...describeUse(key),
      },
    }
  }),
}

function operation<S extends z.ZodMiniType>(
  schema: S,
  run: (input: z.output<S>, keys: KeyStore) => object,
): Operation {
  return (input, keys) => {
    const result = schema.safeParse(input)
    if (result.success) return run(result.data, keys)
    const at = result.error.issues.map((issue) => issue.path.join('.') || 'body').join(', ')
    throw new ServiceError(400, 'ValidationException', `Value at ${at} failed to satisfy its constraints.`)
  }
}

function existingKey(keys: KeyStore, reference: string): KmsKey {
  const key = keys.find(reference)
  if (key === undefined) throw new ServiceError(400, 'NotFoundException', `Key '${reference}' does not exist`)
  return key
}

function usableKey(keys: KeyStore, reference: string, spec: KeySpec): KmsKey {
  const key = existingKey(keys, reference)
  if (!key.enabled) throw new ServiceError(400, 'DisabledException', `${key.arn} is disabled.`)
  if (key.spec !== spec) {
    throw new ServiceError(
      400,
      'InvalidKeyUsageException',
      `${key.arn} key usage is not valid for this call.`,
    )
  }
  return key
}

function hmac(key: KmsKey, bytes: Buffer): Buffer {
  return createHmac('sha256', Buffer.from(key.secret, 'base64')).update(bytes).digest()
}

function digestOf(input: { Message: Buffer; MessageType: 'RAW' | 'DIGEST' }): Buffer {
  if (input.MessageType === 'RAW') return createHash('sha256').update(input.Message).digest()
  if (input.Message.length === 32) return input.Message
  throw new ServiceError(400, 'ValidationException', 'Digest is invalid length for algorithm ECDSA_SHA_256.')
}

function privateKeyOf(key: KmsKey) {
  return createPrivateKey({ key: Buffer.from(key.secret, 'base64'), format: 'der', type: 'pkcs8' })
}

function privateBytes(key: KmsKey): Buffer {
  return Buffer.from(privateKeyOf(key).export({ format: 'jwk' }).d ?? '', 'base64url')
}

function publicDer(key: KmsKey): Buffer {
  return createPublicKey(privateKeyOf(key)).export({ format: 'der', type: 'spki' })
}

function describeUse(key: KmsKey): object {
  const base = { KeySpec: key.spec, CustomerMasterKeySpec: key.spec }
  return key.spec === 'HMAC_256'
    ? { ...base, KeyUsage: 'GENERATE_VERIFY_MAC', MacAlgorithms: ['HMAC_SHA_256'] }
    : { ...base, KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: ['ECDSA_SHA_256'] }
}
