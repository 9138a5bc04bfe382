import { createHmac } from 'node:crypto'
import { GenerateMacCommand } from '@aws-sdk/client-kms'
import { beforeEach, expect, test } from 'vitest'
import { codeMac, deriveCode, matches } from '#shared/crypto/codes.ts'
import { answer, calls, kms } from './fake-kms.ts'

beforeEach(answer)

const challenge = { challengeId: 'c-1', flow: 'pin-reset', subject: 'subject-1' }
const others = [
  { ...challenge, challengeId: 'c-2' },
  { ...challenge, flow: 'password-email' },
  { ...challenge, subject: 'subject-2' },
]

test('a redelivered challenge gives the same code again', async () => {
  expect(await deriveCode(challenge)).toBe(await deriveCode({ ...challenge }))
})

test('a code is made with the derive key and proved with the code key, each for its own use', async () => {
  await deriveCode(challenge)
  await codeMac(challenge, '012345')
  expect(calls().map(({ KeyId }) => KeyId)).toEqual(['key-derive', 'key-code'])
  const uses = calls().map(
    ({ Message }) =>
      Buffer.from(Message ?? [])
        .toString('latin1')
        .split('\n')[0],
  )
  expect(uses).toEqual(['latchkey/code-derive/v1', 'latchkey/code/v1'])
})

test('a code is the first 48 bits modulo a million, leading zeros kept', async () => {
  const mac = Buffer.alloc(32, 0xff)
  mac.writeUIntBE(7 * 1_000_000 + 42, 0, 6)
  kms.on(GenerateMacCommand).resolves({ Mac: mac })
  expect(await deriveCode(challenge)).toBe('000042')
})

test('codes are spread evenly over the million: every first and last digit is as common as the others', async () => {
  const codes = await Promise.all(
    Array.from({ length: 4000 }, (_, n) => deriveCode({ ...challenge, challengeId: `c-${n}` })),
  )
  for (const position of [0, 5]) {
    const counts = Object.values(Object.groupBy(codes, (code) => code[position] ?? '')).map((x) => x?.length)
    expect(counts).toHaveLength(10)
    // 400 expected with a deviation of 19; the fake key is fixed, so this cannot vary from run to run.
    for (const count of counts) expect(Math.abs((count ?? 0) - 400)).toBeLessThan(100)
  }
})

test('a code counts for its own challenge, flow and subject only', async () => {
  const own = await codeMac(challenge, '012345')
  expect(await codeMac(challenge, '012345')).toBe(own)
  expect(await codeMac(challenge, '012346')).not.toBe(own)
  for (const other of others) expect(await codeMac(other, '012345')).not.toBe(own)
})

test('values match only when they are the same, whatever their lengths', () => {
  const bytes = createHmac('sha256', 'k').update('m').digest()
  expect(matches(bytes, Buffer.from(bytes))).toBe(true)
  expect(matches('é', Buffer.from('é'))).toBe(true)
  expect(matches('abc', 'abd')).toBe(false)
  expect(matches('abc', 'ab')).toBe(false)
  expect(matches('', 'a')).toBe(false)
  expect(matches('', '')).toBe(true)
})
