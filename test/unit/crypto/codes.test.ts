import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { refAlphabet } from '#shared/contract/references.ts'
import { signNothing } from '#shared/crypto/code-proof.ts'
import { codeAsBefore, deriveCode, proveCode, randomRef, sealCode } from '#shared/crypto/codes.ts'
import { matches } from '#shared/crypto/compare.ts'
import { generateMac, messageOf } from '#shared/crypto/kms.ts'
import { environmentChanged } from '#shared/per-environment.ts'
import { fakeKms } from './fake-kms.ts'

const { answer, calls, judged } = fakeKms()

beforeEach(answer)

/** Of this hour. */
const askedAt = Date.now()
/** So that what is counted cannot vary from run to run. */
const fixedAt = Date.UTC(2026, 10, 27)
const challenge = { challengeId: 'c-1', flow: 'pin-reset', subject: 'subject-1' }
const others = [
  { ...challenge, challengeId: 'c-2' },
  { ...challenge, flow: 'password-email' },
  { ...challenge, subject: 'subject-2' },
]

test('a redelivered challenge gives the same code and reference again', async () => {
  expect(await deriveCode(challenge, askedAt)).toEqual(await deriveCode({ ...challenge }, askedAt))
})

const binding = {
  ...challenge,
  ...{ userId: 'u-1', epoch: 7, channel: 'sms', address: '+201001234567', ref: 'C3D4', sessionId: 's-1' },
}

const messages = (
  inputs: readonly { readonly KeyId?: string | undefined; readonly Message?: Uint8Array | undefined }[],
) =>
  inputs.map(({ KeyId, Message }) => [
    KeyId,
    ...Buffer.from(Message ?? [])
      .toString('latin1')
      .split('\n')
      .slice(0, 1),
  ])

test('an hour’s first code takes one call for each key, to send and to judge, and the others none', async () => {
  environmentChanged()
  for (const otp of ['012345', '012346', '012347']) {
    await deriveCode(challenge, askedAt)
    const sealed = await sealCode(binding, otp, askedAt)
    expect(await proveCode(binding, otp, sealed)).toBe(true)
  }
  expect(messages(calls())).toEqual([
    ['key-derive', 'latchkey/code-derive/v1'],
    ['key-cover', 'latchkey/code-cover/v1'],
    ['key-code', 'latchkey/code-signer/v1'],
  ])
  // Who signed itself needs nobody's word for the key.
  expect(judged()).toEqual([])
})

test('an hour’s first code takes the judge the same calls whether it is right, wrong, nobody’s or not there yet', async () => {
  const sealed = await sealCode(binding, '012345', askedAt)
  const nobodys = await signNothing(askedAt)
  const taken: unknown[] = []
  for (const judge of [
    () => proveCode(binding, '012345', sealed),
    () => proveCode(binding, '012346', sealed),
    () => proveCode(binding, '012345', nobodys),
    () => proveCode(binding, '012345', {}),
  ]) {
    environmentChanged()
    answer()
    const right = await judge()
    expect(right).toBe(taken.length === 0)
    taken.push([messages(calls()), messages(judged())])
  }
  expect(taken[0]).toEqual([
    [['key-cover', 'latchkey/code-cover/v1']],
    [['key-code', 'latchkey/code-signer/v1']],
  ])
  for (const each of taken) expect(each).toEqual(taken[0])
})

test('what is not there yet takes no call where the hour’s keys are known', async () => {
  const sealed = await sealCode(binding, '012345', askedAt)
  await proveCode(binding, '012345', sealed)
  answer()
  expect(await proveCode(binding, '012345', {})).toBe(false)
  expect([...calls(), ...judged()]).toEqual([])
})

test('a proof under a public key of one’s own making proves nothing, whatever stands beside it', async () => {
  const sealed = await sealCode(binding, '012345', askedAt)
  const [codeKey, coverKey, hour, publicKey, certificate] = sealed.codeKeyId.split(' ')
  const own = generateKeyPairSync('ed25519')
  const { x } = own.publicKey.export({ format: 'jwk' })
  const cover = createHmac(
    'sha256',
    createHmac('sha256', `secret of ${coverKey}`)
      .update(messageOf('code-cover', [hour ?? '']))
      .digest(),
  )
  const parts = [binding.challengeId, binding.flow, binding.subject, binding.userId, String(binding.epoch)]
  cover.update(
    messageOf('code', [...parts, binding.channel, binding.address, binding.ref, binding.sessionId, '012345']),
  )
  const statement = messageOf('code-proof', [cover.digest()])
  const codeMac = sign(null, statement, own.privateKey).toString('base64')
  const named = (...names: unknown[]) => ({ codeMac, codeKeyId: names.join(' ') })
  expect(await proveCode(binding, '012345', named(codeKey, coverKey, hour, x, certificate))).toBe(false)
  expect(await proveCode(binding, '012345', named(codeKey, coverKey, hour, publicKey, certificate))).toBe(
    false,
  )
  // The sender’s own signature of the same statement is the one that counts: what was built here is what is judged.
  expect(await proveCode(binding, '012345', sealed)).toBe(true)
})

test('the keys of an hour that is long over prove nothing, however genuine', async () => {
  const old = await sealCode(binding, '012345', askedAt - 3 * 3_600_000)
  expect(await proveCode(binding, '012345', old)).toBe(false)
  const before = await sealCode(binding, '012345', askedAt - 3_600_000)
  expect(await proveCode(binding, '012345', before)).toBe(true)
})

test('a code sealed by the version before is judged by KMS itself, with the key it names', async () => {
  const parts = [
    challenge.challengeId,
    challenge.flow,
    challenge.subject,
    'u-1',
    '7',
    'sms',
    binding.address,
    'C3D4',
    's-1',
    '012345',
  ]
  const mac = await generateMac('key-code-of-before', 'code', parts)
  const stored = { codeMac: mac.toString('base64'), codeKeyId: 'key-code-of-before' }
  answer()
  expect(await proveCode(binding, '012345', stored)).toBe(true)
  expect(await proveCode(binding, '012346', stored)).toBe(false)
  expect(messages(judged())).toEqual(Array(2).fill(['key-code-of-before', 'latchkey/code/v1']))
})

test('a code that the version before bound is made again as it made it, and no other', async () => {
  const mac = await generateMac('key-derive', 'code-derive', [
    challenge.challengeId,
    challenge.flow,
    challenge.subject,
  ])
  const code = String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
  const made = await codeAsBefore(binding, { codeMac: 'another', codeKeyId: 'key-code' })
  expect(made).toBeUndefined()
  let rest = mac.readUInt32BE(6)
  const ref = Array.from({ length: 4 }, () => {
    const character = refAlphabet.charAt(rest % refAlphabet.length)
    rest = Math.floor(rest / refAlphabet.length)
    return character
  }).join('')
  const parts = [
    challenge.challengeId,
    challenge.flow,
    challenge.subject,
    'u-1',
    '7',
    'sms',
    binding.address,
    ref,
    's-1',
    code,
  ]
  const codeMac = (await generateMac('key-code', 'code', parts)).toString('base64')
  expect(await codeAsBefore(binding, { codeMac, codeKeyId: 'key-code' })).toEqual({ code, ref })
  answer()
  const ofToday = await sealCode(binding, '012345', askedAt)
  answer()
  expect(await codeAsBefore(binding, ofToday)).toBeUndefined()
  expect(calls()).toEqual([])
})

test('a rotation of each key leaves what was sealed before it good', async () => {
  const sealed = await sealCode(binding, '012345', askedAt)
  for (const name of ['KEY_CODE', 'KEY_CODE_COVER', 'KEY_CODE_DERIVE'] as const) {
    const restore = applyEnvironment({ [name]: `anew-${name}` })
    expect([name, await proveCode(binding, '012345', sealed)]).toEqual([name, true])
    const anew = await sealCode(binding, '012345', askedAt)
    expect(anew.codeKeyId).not.toBe(sealed.codeKeyId)
    expect([name, await proveCode(binding, '012345', anew)]).toEqual([name, true])
    restore()
  }
})

test('a code is the first 48 bits modulo a million, leading zeros kept', async () => {
  const hour = new Date(fixedAt).toISOString().slice(0, 13)
  const maker = createHmac('sha256', 'secret of key-derive')
    .update(messageOf('code-derive', [hour]))
    .digest()
  let zeros = 0
  for (let n = 0; n < 300; n += 1) {
    const challengeId = `z-${n}`
    const parts = [challengeId, challenge.flow, challenge.subject]
    const mac = createHmac('sha256', maker).update(messageOf('code-derive', parts)).digest()
    const number = mac.readUIntBE(0, 6) % 1_000_000
    const { code } = await deriveCode({ ...challenge, challengeId }, fixedAt)
    expect([code.length, Number(code)]).toEqual([6, number])
    if (code.startsWith('0')) zeros += 1
  }
  expect(zeros).toBeGreaterThan(0)
})

test('codes are spread evenly over the million: every first and last digit is as common as the others', async () => {
  const codes = await Promise.all(
    Array.from({ length: 4000 }, (_, n) => deriveCode({ ...challenge, challengeId: `c-${n}` }, fixedAt)),
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
    Array.from({ length: 4200 }, (_, n) => deriveCode({ ...challenge, challengeId: `c-${n}` }, fixedAt)),
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

test('a reference that stands in no message looks like one that does', () => {
  const made = Array.from({ length: 200 }, randomRef)
  for (const ref of made) expect(ref).toMatch(new RegExp(`^[${refAlphabet}]{4}$`))
  expect(new Set(made).size).toBeGreaterThan(150)
})

test('a code counts for just what it was bound to: challenge, flow, subject, person, epoch, address, reference, session', async () => {
  const sealed = await sealCode(binding, '012345', askedAt)
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
  const sessionless = await sealCode({ ...binding, sessionId: undefined }, '012345', askedAt)
  expect(await proveCode({ ...binding, sessionId: '' }, '012345', sessionless)).toBe(true)
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
