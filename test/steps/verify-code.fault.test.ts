/** What a service's failure does to the tries of a code. All else of it is tried in G14. */
import { describe, expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { type Fault, withFault } from '#test/support/faults.ts'
import { askCode, passwordEmail, verifyCode, wrongCode } from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const step = { function: 'verify-code' } as const
const harmless: readonly Fault[] = [
  { ...step, service: 'dynamodb', operation: 'UpdateItem', mode: 'fail-before' },
  { ...step, service: 'dynamodb', operation: 'UpdateItem', mode: 'fail-after' },
  { ...step, service: 'kms', mode: 'fail-before' },
  { ...step, service: 'kms', mode: 'fail-after' },
  { ...step, service: 'dynamodb', operation: 'TransactWriteItems', mode: 'fail-before' },
]
const commitLost: Fault = {
  ...step,
  service: 'dynamodb',
  operation: 'TransactWriteItems',
  mode: 'fail-after',
}

describe('the tries of a code', () => {
  const flow = passwordEmail

  test.each(harmless)(
    '$service $operation, $mode: UNAVAILABLE, and the same code proves itself at the next call',
    async (fault) => {
      const person = await world.identity()
      const { code: otp, flowId } = await askCode(world, flow, person)
      const reply = await withFault(world, fault, () => verifyCode(world, flow, person, { otp, flowId }))
      expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      // What was not compared is given back while the tables still answer.
      const uncounted =
        fault.service === 'kms' || (fault.operation === 'UpdateItem' && fault.mode === 'fail-before')
      expect(await storedChallenge(flow, person)).toMatchObject({
        state: 'ISSUED',
        triesFlow: uncounted ? 0 : 1,
      })
      expect((await verifyCode(world, flow, person, { otp, flowId })).status).toBe(200)
      expect((await linesOf(world, person.userId)).slice(2)).toEqual(['CODE_VERIFIED success'])
    },
  )

  test('one lost reply to the count is made good by the SDK: one try, one answer', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, flow, person)
    const fault: Fault = {
      ...step,
      service: 'dynamodb',
      operation: 'UpdateItem',
      mode: 'fail-after',
      count: 1,
    }
    const wrong = await withFault(world, fault, () =>
      verifyCode(world, flow, person, { otp: wrongCode(otp) }),
    )
    expect([wrong.status, wrong.body.error.code]).toEqual([401, 'OTP_INVALID'])
    expect(await storedChallenge(flow, person)).toMatchObject({ triesOpen: 1 })
    const right = await withFault(world, fault, () => verifyCode(world, flow, person, { otp }))
    expect(right.status).toBe(200)
    expect((await linesOf(world, person.userId)).slice(2)).toEqual([
      'CODE_VERIFIED failure wrong_code',
      'CODE_VERIFIED success',
    ])
  })

  test.each(['fail-before', 'fail-after'] as const)(
    'a wrong guess that cannot be recorded is not answered (%s)',
    async (mode) => {
      const person = await world.identity()
      const { code: otp } = await askCode(world, flow, person)
      const guess = () => verifyCode(world, flow, person, { otp: wrongCode(otp) })
      const reply = await withFault(world, { ...commitLost, mode }, guess)
      expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
      expect(await storedChallenge(flow, person)).toMatchObject({ triesOpen: 1 })
      const recorded = mode === 'fail-after' ? ['CODE_VERIFIED failure wrong_code'] : []
      expect((await linesOf(world, person.userId)).slice(2)).toEqual(recorded)
    },
  )
})
