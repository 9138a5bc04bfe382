/** Proving a code that is right. */
import { describe, expect, test } from 'vitest'
import { flowOf } from '#shared/contract/flows.ts'
import { challengeInToken, tokenHash } from '#shared/crypto/tokens.ts'
import { environmentChanged } from '#shared/per-environment.ts'
import { scan } from '#shared/stores/database.ts'
import { entriesOf, linesOf } from '#test/support/entries.ts'
import { callsOf } from '#test/support/race.ts'
import { askCode, verifyCode, verifyingFlows, wrongCode } from '#test/support/recovery.ts'
import { storedChallenge, storedItem } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

describe.each(verifyingFlows)('$id', (flow) => {
  const { triesPerCode } = flowOf(flow.id)

  test('answers as the contract says, with a token of 256 bits where the flow has one', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    const reply = await verifyCode(world, flow, person, { otp })
    expect(reply.status).toBe(200)
    const tokens = flow.token ? { [flow.token]: expect.stringMatching(/^[\w-]{22}\.[\w-]{47}$/) } : {}
    expect(reply.body).toEqual({
      success: true,
      message: expect.stringMatching(/\w+/),
      data: { ...tokens, expiresInSeconds: 600 },
      ...tokens,
    })
    if (flow.token) expect(reply.body[flow.token]).toBe(reply.body.data[flow.token])
    expect(reply.headers.get('cache-control')).toBe('no-store')
  })

  test('is recorded as possession, and moves the challenge on once', async () => {
    const person = await world.identity()
    const { code: otp, flowId } = await askCode(world, flow, person)
    expect((await verifyCode(world, flow, person, { otp, flowId })).status).toBe(200)
    expect(await linesOf(world, person.userId)).toEqual([
      'CODE_REQUESTED success',
      'CODE_SENT success',
      'CODE_VERIFIED success',
    ])
    const entry = (await entriesOf(world, person.userId)).at(-1)
    const method = flow.channel === 'email' ? 'email-otp' : 'sms-otp'
    expect(entry).toMatchObject({
      userId: person.userId,
      flow: flow.id,
      actor: 'subject',
      otpVerified: true,
      factors: [{ group: 'POSSESSION', method }],
    })
    const newest = await storedChallenge(flow, person)
    expect([newest?.state, newest?.codeMac]).toEqual(['VERIFIED', undefined])
    expect(await storedItem(`V#${flowId}`)).toMatchObject({ state: 'VERIFIED', challengeId: flowId })
  })

  test('its items stay below a kilobyte each, proof and keys included: one write unit', async () => {
    const person = await world.identity()
    const { code: otp, flowId } = await askCode(world, flow, person)
    const bytesOf = (item: object | undefined) =>
      Object.entries(item ?? {}).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0)
    const issued = bytesOf(await storedChallenge(flow, person))
    expect((await verifyCode(world, flow, person, { otp, flowId })).status).toBe(200)
    const verified = bytesOf(await storedItem(`V#${flowId}`))
    expect(issued).toBeGreaterThan(400)
    expect([issued, verified].filter((bytes) => bytes > 1000)).toEqual([])
  })

  test('the right code gives its own try back and no other', async () => {
    const person = await world.identity()
    const { code: otp, flowId } = await askCode(world, flow, person)
    for (let wrong = 1; wrong < triesPerCode; wrong += 1) {
      const guess = await verifyCode(world, flow, person, { otp: wrongCode(otp), flowId })
      expect(guess.body.error.code).toBe('OTP_INVALID')
    }
    await verifyCode(world, flow, person, { otp: wrongCode(otp) })
    expect((await verifyCode(world, flow, person, { otp, flowId })).status).toBe(200)
    expect(await storedItem(`V#${flowId}`)).toMatchObject({ triesFlow: triesPerCode - 1, triesOpen: 1 })
  })

  test('no item holds the token or the code, only their hash and MAC', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    const reply = await verifyCode(world, flow, person, { otp })
    const tables = ['challenges', 'outbox', 'identities'] as const
    const items = (await Promise.all(tables.map(async (table) => (await scan(table)).items))).flat()
    const texts = items.map((item) => Object.values(item).filter((value) => typeof value === 'string'))
    expect(texts.flat()).not.toContain(otp)
    const token = flow.token && reply.body[flow.token]
    if (token === undefined) return
    expect(JSON.stringify(items)).not.toContain(token)
    expect(JSON.stringify(items)).not.toContain(token.split('.')[1])
    expect(await storedItem(`V#${challengeInToken(token)}`)).toMatchObject({ tokenHash: tokenHash(token) })
  })

  test('a right code makes two calls, and two to KMS beside them where the hour’s keys are not known yet', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    await world.idle()
    environmentChanged()
    const wrong = callsOf(world, await verifyCode(world, flow, person, { otp: wrongCode(otp) }))
    const counted = 'dynamodb UpdateItem challenges'
    expect(wrong.slice(0, 3).toSorted()).toEqual([counted, 'kms GenerateMac', 'kms VerifyMac'])
    const right = callsOf(world, await verifyCode(world, flow, person, { otp }))
    expect(right).toEqual([counted, expect.stringMatching(/^dynamodb TransactWriteItems/)])
  })
})
