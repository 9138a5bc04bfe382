import { createHash, verify as verifySignature } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DescribeKeyCommand,
  DisabledException,
  GenerateMacCommand,
  GetPublicKeyCommand,
  InvalidKeyUsageException,
  KMSInvalidMacException,
  KMSInvalidSignatureException,
  NotFoundException,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import { p256 } from '@noble/curves/nist.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Services, startServices } from '#local/services/index.ts'
import { openKeys } from '#local/services/kms-keys.ts'
import { type Clients, clientsOf } from './clients.ts'

let services: Services
let clients: Clients
beforeAll(async () => {
  services = await startServices()
  clients = clientsOf(services)
})
afterAll(() => services.close())

const keyOf = (setting: string) => services.environment[setting] ?? ''
const generate = (KeyId: string, text = 'message') =>
  clients.kms.send(
    new GenerateMacCommand({ KeyId, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from(text) }),
  )

describe('MACs', () => {
  test('a MAC is the same each time, differs by key, and verifies', async () => {
    const KeyId = keyOf('KEY_CODE')
    const [once, again, other] = await Promise.all([
      generate(KeyId),
      generate(KeyId),
      generate(keyOf('KEY_CREDENTIAL')),
    ])
    expect(once.Mac).toHaveLength(32)
    expect(once.Mac).toEqual(again.Mac)
    expect(once.Mac).not.toEqual(other.Mac)
    const input = { KeyId, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from('message') } as const
    const verified = await clients.kms.send(new VerifyMacCommand({ ...input, Mac: once.Mac }))
    expect(verified.MacValid).toBe(true)
    await expect(clients.kms.send(new VerifyMacCommand({ ...input, Mac: other.Mac }))).rejects.toThrow(
      KMSInvalidMacException,
    )
  })

  test('a message over 4,096 bytes is refused', async () => {
    await generate(keyOf('KEY_CODE'), 'a'.repeat(4096))
    await expect(generate(keyOf('KEY_CODE'), 'a'.repeat(4097))).rejects.toMatchObject({
      name: 'ValidationException',
    })
  })

  test('unknown, disabled and wrong keys have their typed errors', async () => {
    await expect(generate('0000')).rejects.toThrow(NotFoundException)
    await expect(generate(keyOf('KEY_CHECKPOINT'))).rejects.toThrow(InvalidKeyUsageException)
    const key = services.keys.create('alias/retired', 'HMAC_256')
    services.keys.setEnabled(key.id, false)
    await expect(generate(key.id)).rejects.toThrow(DisabledException)
  })
})

describe('signatures', () => {
  const message = Buffer.from('a checkpoint')
  const digest = createHash('sha256').update(message).digest()
  const inputs = {
    RAW: { MessageType: 'RAW', Message: message },
    DIGEST: { MessageType: 'DIGEST', Message: digest },
  } as const

  test.each(['RAW', 'DIGEST'] as const)(
    'a %s message is signed so that anyone with the public key can check',
    async (type) => {
      const base = { KeyId: keyOf('KEY_CHECKPOINT'), SigningAlgorithm: 'ECDSA_SHA_256' } as const
      const { PublicKey, KeySpec } = await clients.kms.send(new GetPublicKeyCommand({ KeyId: base.KeyId }))
      expect(KeySpec).toBe('ECC_NIST_P256')
      const key = { key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' } as const
      // Enough of them that integers with and without a leading zero byte occur.
      for (let round = 0; round < 24; round++) {
        const { Signature = new Uint8Array() } = await clients.kms.send(
          new SignCommand({ ...base, ...inputs[type] }),
        )
        expect(verifySignature('sha256', message, key, Signature)).toBe(true)
        const verified = await clients.kms.send(new VerifyCommand({ ...base, ...inputs.DIGEST, Signature }))
        expect(verified.SignatureValid).toBe(true)
      }
    },
  )

  test('a signature of another message is refused', async () => {
    const base = { KeyId: keyOf('KEY_CHECKPOINT'), SigningAlgorithm: 'ECDSA_SHA_256' } as const
    const { Signature } = await clients.kms.send(new SignCommand({ ...base, ...inputs.RAW }))
    const other = { MessageType: 'RAW', Message: Buffer.from('another') } as const
    await expect(clients.kms.send(new VerifyCommand({ ...base, ...other, Signature }))).rejects.toThrow(
      KMSInvalidSignatureException,
    )
    const short = { ...base, MessageType: 'DIGEST', Message: digest.subarray(1) } as const
    await expect(clients.kms.send(new SignCommand(short))).rejects.toMatchObject({
      name: 'ValidationException',
    })
  })

  test('one that is no DER, cut, longer or empty of numbers is refused as one of another message is', async () => {
    const base = { KeyId: keyOf('KEY_CHECKPOINT'), SigningAlgorithm: 'ECDSA_SHA_256' } as const
    const { Signature = new Uint8Array() } = await clients.kms.send(
      new SignCommand({ ...base, ...inputs.RAW }),
    )
    const right = Buffer.from(Signature)
    const broken = [
      Buffer.from('no signature'),
      right.subarray(0, -1),
      Buffer.concat([right, Buffer.from([0])]),
      Buffer.from('3006020100020100', 'hex'),
      Buffer.from('3006020101020100', 'hex'),
    ]
    for (const each of broken)
      await expect(
        clients.kms.send(new VerifyCommand({ ...base, ...inputs.RAW, Signature: each })),
      ).rejects.toThrow(KMSInvalidSignatureException)
  })

  test('the other of the two right signatures is taken too, and no two signings are alike', async () => {
    const base = { KeyId: keyOf('KEY_CHECKPOINT'), SigningAlgorithm: 'ECDSA_SHA_256' } as const
    const signed = async () =>
      Buffer.from((await clients.kms.send(new SignCommand({ ...base, ...inputs.RAW }))).Signature ?? [])
    const signature = await signed()
    expect(await signed()).not.toEqual(signature)
    const other = p256.Signature.fromBytes(signature, 'der')
    const negated = new p256.Signature(other.r, p256.Point.Fn.neg(other.s)).toBytes('der')
    const verified = await clients.kms.send(new VerifyCommand({ ...base, ...inputs.RAW, Signature: negated }))
    expect(verified.SignatureValid).toBe(true)
  })
})

describe('keys', () => {
  test('a rotated alias means its newest key, and the older one still works by its id', async () => {
    const older = services.keys.create('alias/turning', 'HMAC_256')
    const before = await generate('alias/turning')
    const newer = services.keys.create('alias/turning', 'HMAC_256')
    const after = await generate('alias/turning')
    expect([before.KeyId, after.KeyId]).toEqual([older.arn, newer.arn])
    expect((await generate(older.id)).Mac).toEqual(before.Mac)
    expect(after.Mac).not.toEqual(before.Mac)
    const { KeyMetadata } = await clients.kms.send(new DescribeKeyCommand({ KeyId: older.arn }))
    expect(KeyMetadata).toMatchObject({ KeyId: older.id, Enabled: true, KeyUsage: 'GENERATE_VERIFY_MAC' })
  })

  test('the file of keys is for its owner alone and brings the same keys back', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kms-test-'))
    const file = join(folder, 'kms-keys.json')
    const key = openKeys(file).create('alias/kept', 'ECC_NIST_P256')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(openKeys(file).find('alias/kept')).toEqual(key)
    rmSync(folder, { recursive: true })
  })
})
