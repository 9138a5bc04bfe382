import { createHmac } from 'node:crypto'
import { GenerateMacCommand } from '@aws-sdk/client-kms'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { Unavailable } from '#shared/aws/unavailable.ts'
import { generateMac } from '#shared/crypto/kms.ts'
import { fakeKms } from './fake-kms.ts'

const { answer, calls, kms } = fakeKms()

beforeEach(answer)

const sent = () => Buffer.from(calls().at(-1)?.Message ?? [])

test('a MAC is HMAC-SHA-256 by the named key over the use and the parts with their lengths', async () => {
  const mac = await generateMac('key-1', 'password', ['u-1', Buffer.from([0, 255])])
  const message = Buffer.from('latchkey/password/v1\n\0\0\0\x03u-1\0\0\0\x02\0\xff', 'latin1')
  expect(calls()).toEqual([{ KeyId: 'key-1', MacAlgorithm: 'HMAC_SHA_256', Message: message }])
  expect(mac).toEqual(createHmac('sha256', 'secret of key-1').update(message).digest())
})

test('different uses or parts never make the same message', async () => {
  const use = fc.constantFrom('password', 'pin', 'code', 'code-derive', 'pseudonym')
  const parts = fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '\0', 'é'), maxLength: 3 }), {
    maxLength: 3,
  })
  const call = fc.tuple(use, parts)
  await fc.assert(
    fc.asyncProperty(call, call, async (one, other) => {
      await generateMac('key-1', ...one)
      const first = sent()
      await generateMac('key-1', ...other)
      expect(first.equals(sent())).toBe(JSON.stringify(one) === JSON.stringify(other))
    }),
  )
})

test('a KMS that fails is an outage that keeps its cause', async () => {
  const cause = new Error('disabled')
  kms.on(GenerateMacCommand).rejects(cause)
  const failure = generateMac('key-1', 'code', ['x'])
  await expect(failure).rejects.toBeInstanceOf(Unavailable)
  await expect(failure).rejects.toMatchObject({ cause, retryAfterSeconds: 1 })
})

test('an answer without a MAC is an outage', async () => {
  kms.on(GenerateMacCommand).resolves({})
  await expect(generateMac('key-1', 'code', ['x'])).rejects.toBeInstanceOf(Unavailable)
})
