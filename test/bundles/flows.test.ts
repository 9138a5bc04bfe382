/** The five flows through the code that is deployed: each function a bundle in processes of its own, with its own environment. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishedOf } from '#test/support/published.ts'
import { atOnce, tally } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
  proofOf,
  type RecoveryFlow,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { answerOf, consent, goodPin, signIn, stepUp } from '#test/support/sessions.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'
import { access } from '../../infra/access.ts'
import { memoryMb } from '../../infra/capacity.ts'
import type { FunctionId } from '../../infra/roles.ts'
import { createBundledWorld } from './bundled-world.ts'

let bundled: Awaited<ReturnType<typeof createBundledWorld>>
beforeAll(async () => {
  bundled = await createBundledWorld()
})
afterAll(() => bundled.close())

const typesOf = async (person: TestIdentity) =>
  (await bundled.world.ledger(person.userId)).map(({ type, outcome }) => `${type} ${outcome}`)

async function signsInWith(person: TestIdentity, password: string): Promise<string> {
  const body = { identifier: person.username, password }
  return answerOf(await bundled.world.post('/api/auth/login', body, { ip: newIp() }))
}

test('the decoy is put as CloudFormation asks for it', () => {
  expect(bundled.setUp).toMatchObject({ Status: 'SUCCESS', LogicalResourceId: 'Decoy', StackId: 'stack' })
})

describe('a password', () => {
  test.each<[string, RecoveryFlow]>([
    ['by email and token', passwordEmail],
    ['by email and code', passwordEmailBasic],
    ['by two factors', passwordTwoFactor],
  ])('is replaced %s, once, and the old session ends', async (_name, flow) => {
    const { world } = bundled
    const person = await world.identity()
    const token = await signIn(world, person)
    const proof = await proofOf(world, flow, person)
    expect(answerOf(await resetSecret(world, flow, person, proof))).toBe('200')
    const again = answerOf(await resetSecret(world, flow, person, proof, flow.otherSecret))
    expect(again).toBe(flow.token === 'resetToken' ? '401 TOKEN_INVALID' : '401 OTP_INVALID')
    expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('401 SESSION_INVALID')
    expect(await signsInWith(person, person.password)).toBe('401 CREDENTIALS_INVALID')
    expect(await signsInWith(person, flow.newSecret)).toBe('200')
    expect(await typesOf(person)).toEqual(
      expect.arrayContaining(['CODE_SENT success', 'PASSWORD_RESET success', 'PASSWORD_RESET failure']),
    )
  })

  test('is not replaced by a code that is wrong, nor for someone unknown', async () => {
    const { world } = bundled
    const person = await world.identity()
    const { code, flowId } = await askCode(world, passwordEmailBasic, person)
    const wrong = { otp: code === '000000' ? '000001' : '000000', flowId }
    const replies = await atOnce(6, () => verifyCode(world, passwordEmailBasic, person, wrong))
    expect(tally(replies)).toEqual({ OTP_INVALID: 3, TRIES_EXHAUSTED: 3 })
    const nobody = { email: 'nobody@example.net' }
    expect(answerOf(await world.post(passwordEmailBasic.request, nobody, { ip: newIp() }))).toBe('200')
    const guess = await world.post(passwordEmailBasic.verify ?? '', { ...nobody, otp: '123456' })
    expect(answerOf(guess)).toBe('401 OTP_INVALID')
  })
})

describe('a PIN', () => {
  test('is set after consent and a code, proved, and replaced by a code', async () => {
    const { world } = bundled
    const person = await world.identity()
    const token = await signIn(world, person)
    const set = { userId: person.userId, pin: goodPin }
    expect(answerOf(await world.post('/api/pin/set', set, { token }))).toBe('403 CONSENT_REQUIRED')
    await consent(world, token)
    expect(answerOf(await world.post('/api/pin/set', set, { token }))).toBe('403 SECOND_FACTOR_REQUIRED')
    await stepUp(world, person, token)
    expect(answerOf(await world.post('/api/pin/set', set, { token }))).toBe('200')
    expect(answerOf(await world.post('/api/pin/verify', { pin: goodPin }, { token }))).toBe('200')
    const proof = await proofOf(world, pinReset, person)
    expect(answerOf(await resetSecret(world, pinReset, person, proof, goodPin))).toBe('400 PIN_REUSED')
    expect(answerOf(await resetSecret(world, pinReset, person, proof, '730264'))).toBe('200')
    expect(await typesOf(person)).toEqual(
      expect.arrayContaining(['PIN_SET success', 'PIN_VERIFIED success', 'PIN_RESET success']),
    )
  })
})

describe('the processes', () => {
  test('of one function share no memory, and one code still changes one password', async () => {
    const { world, pools } = bundled
    const person = await world.identity()
    const proof = await proofOf(world, passwordEmailBasic, person)
    const replies = await atOnce(4, (index) =>
      resetSecret(world, passwordEmailBasic, person, proof, `harbour kite ${index}`),
    )
    expect(tally(replies)).toEqual({ OK: 1, OTP_INVALID: 3 })
    expect(pools.get('reset-password')?.started()).toBeGreaterThan(1)
  })

  test('make a checkpoint that the command line asks for', async () => {
    const sealer = bundled.pools.get('seal-ledger')?.handler
    const context = { getRemainingTimeInMillis: () => 30_000 }
    const report = await sealer?.({ always: true } as never, context as never)
    expect(report).toMatchObject({ checkpoints: [{ number: 1, root: expect.any(String) }], unreached: 0 })
  })

  test('publish what the ledger holds', async () => {
    const { world } = bundled
    const person = await world.identity()
    await signIn(world, person)
    const published = (await publishedOf(world, person.userId)).map(({ detail }) => detail['id'])
    expect(published).toEqual((await world.ledger(person.userId)).map(({ id }) => id))
  })

  test('answer without an error', () => {
    expect(bundled.answers.filter(({ error }) => error !== undefined)).toEqual([])
  })

  test('stay within half of the memory that the stack gives them', () => {
    const peaks = new Map<FunctionId, number>()
    for (const { id, peakKb } of bundled.answers) peaks.set(id, Math.max(peaks.get(id) ?? 0, peakKb / 1024))
    const seen = [...peaks].map(([id, mb]) => ({ id, mb, hashes: 'hashes' in access[id] }))
    expect(seen.some(({ hashes }) => hashes) && seen.some(({ hashes }) => !hashes)).toBe(true)
    expect(seen.filter(({ id, mb }) => mb > memoryMb(id) / 2)).toEqual([])
  })
})
