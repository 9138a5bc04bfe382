import { createHmac } from 'node:crypto'
import { GenerateMacCommand } from '@aws-sdk/client-kms'
import { beforeEach, expect, test } from 'vitest'
import { refAlphabet } from '#shared/contract/references.ts'
import { deriveCode, proveCode, sealCode } from '#shared/crypto/codes.ts'
import { matches } from '#shared/crypto/compare.ts'
import { fakeKms } from './fake-kms.ts'

const { answer, calls, judged, kms } = fakeKms()

beforeEach(answer)

const challenge = { challengeId: 'c-1', flow: 'pin-reset', subject: 'subject-1' }
const others = [
  { ...challenge, challengeId: 'c-2' },
  { ...challenge, flow: 'password-email' },
  { ...challenge, subject: 'subject-2' },
]

test('a redelivered challenge gives the same code and reference again', async () => {
  expect(await deriveCode(challenge)).toEqual(await deriveCode({ ...challenge }))
})

const binding = {
  ...challenge,
  ...{ userId: 'u-1', epoch: 7, channel: 'sms', address: '+201001234567', ref: 'C3D4', sessionId: 's-1' },
}

test('a code is made with the derive key, sealed and judged with the code key, each for its own use', async () => {
  await deriveCode(challenge)
  const sealed = await sealCode(binding, '012345')
  await proveCode(binding, '012345', sealed)
  expect(calls().map(({ KeyId }) => KeyId)).toEqual(['key-derive', 'key-code'])
  expect(judged().map(({ KeyId }) => KeyId)).toEqual(['key-code'])
  const uses = [...calls(), ...judged()].map(
    ({ Message }) =>
      Buffer.from(Message ?? [])
        .toString('latin1')
        .split('\n')[0],
  )
  expect(uses).toEqual(['latchkey/code-derive/v1', 'latchkey/code/v1', 'latchkey/code/v1'])
})

test('a code is the first 48 bits modulo a million, leading zeros kept', async () => {
  const mac = Buffer.alloc(32, 0xff)
  mac.writeUIntBE(7 * 1_000_000 + 42, 0, 6)
  kms.on(GenerateMacCommand).resolves({ Mac: mac })
  expect((await deriveCode(challenge)).code).toBe('000042')
})

test('codes are spread evenly over the million: every first and last digit is as common as the others', async () => {
  const codes = await Promise.all(
    Array.from({ length: 4000 }, (_, n) => deriveCode({ ...challenge, challengeId: `c-${n}` })),
  )
  for (const position of [0, 5]) {
    const counts = Object.values(Object.groupBy(codes, ({ code }) => code[position] ?? '')).map(
      (x) => x?.length,
    )
    expect(counts).toHaveLength(10)
    // 400 expected with a deviation of 19; the fake key is fixed, so this cannot vary from run to run.
    for (const count of counts) expect(Math.abs((count ?? 0) - 400)).toBeLessThan(100)
  }
})

test('a reference is four characters that are not taken for one another, spread evenly', async () => {
  const refs = await Promise.all(
    Array.from({ length: 4200 }, (_, n) => deriveCode({ ...challenge, challengeId: `c-${n}` })),
  )
  const characters = refs.flatMap(({ ref }) => {
    expect(ref).toHaveLength(4)
    return [...ref]
  })
  const counts = Object.groupBy(characters, (character) => character)
  expect(Object.keys(counts).toSorted().join('')).toBe([...refAlphabet].toSorted().join(''))
  expect(refAlphabet).not.toMatch(/[01258ABEILOSUVZ]/)
  // 800 expected with a deviation of 28; the fake key is fixed, so this cannot vary from run to run.
  for (const count of Object.values(counts)) expect(Math.abs((count?.length ?? 0) - 800)).toBeLessThan(140)
})

test('a code counts for just what it was bound to: challenge, flow, subject, person, epoch, address, reference, session', async () => {
  const sealed = await sealCode(binding, '012345')
  expect(await proveCode({ ...binding }, '012345', sealed)).toBe(true)
  expect(await proveCode(binding, '012346', sealed)).toBe(false)
  for (const other of others) expect(await proveCode({ ...binding, ...other }, '012345', sealed)).toBe(false)
  const turned = {
    userId: 'u-2',
    epoch: 8,
    channel: 'email',
    address: '+201001234568',
    ref: 'C3D5',
    sessionId: 's-2',
  }
  for (const [name, value] of Object.entries(turned))
    expect(await proveCode({ ...binding, [name]: value }, '012345', sealed)).toBe(false)
  expect(await proveCode({ ...binding, sessionId: undefined }, '012345', sealed)).toBe(false)
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
