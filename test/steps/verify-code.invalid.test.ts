/** Proving a code with a body that is not as it should be: no try is used up. */
import { describe, expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { badBodies } from '#test/support/bad-bodies.ts'
import { linesOf } from '#test/support/entries.ts'
import { askCode, verifyCode, verifyingFlows } from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

describe.each(verifyingFlows)('$id', (flow) => {
  test('every bad body gets its code, and the code works afterwards', async () => {
    const person = await world.identity()
    const { code: otp, flowId } = await askCode(world, flow, person)
    const before = await storedChallenge(flow, person)
    for (const { what, body, code, headers } of badBodies({ ...flow.typed(person), otp })) {
      const reply = await world.post(flow.verify, body, headers ? { headers } : {})
      expect([what, reply.status, reply.body.error?.code]).toEqual([what, codes[code][0], code])
    }
    expect(await storedChallenge(flow, person)).toEqual(before)
    expect(await linesOf(world, person.userId)).toEqual(['CODE_REQUESTED success', 'CODE_SENT success'])
    expect((await verifyCode(world, flow, person, { otp, flowId })).status).toBe(200)
  })

  test.each([
    '',
    '12345',
    '1234567',
    '12345a',
    ' 12345',
    '１２３４５６',
    '٠١٢٣٤٥',
    '-12345',
    '1e5000',
    '12 456',
  ])('the code %j is not six digits', async (otp) => {
    const person = await world.identity()
    const reply = await verifyCode(world, flow, person, { otp })
    expect([reply.status, reply.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
    expect(reply.body.error.details.map(({ field }) => field)).toEqual(['otp'])
  })
})
