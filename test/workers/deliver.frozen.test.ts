/** Orders of codes for an identity that a hundred failed guesses over its aliases have frozen. */
import { describe, expect, test } from 'vitest'
import { putOne } from '#shared/stores/database.ts'
import { useWorldByHand } from '#test/support/by-hand.ts'
import { linesOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import { addressOf, passwordEmail, pinReset, type RecoveryFlow } from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorldByHand()

const order = (flow: RecoveryFlow, person: TestIdentity) =>
  world.orderOf(flow.request, flow.typed(person), newIp())
const freeze = ({ userId }: TestIdentity, forMs: number) =>
  putOne('challenges', {
    ...{ pk: `J#${userId}`, fails: 0, freezes: 1, rev: 100 },
    frozenUntil: Date.now() + forMs,
  })

describe.each([passwordEmail, pinReset])('$id', (flow) => {
  test('an order sends nothing, and leaves a challenge that looks like any other', async () => {
    const person = await world.identity()
    const row = await order(flow, person)
    await freeze(person, 86_400_000)
    expect(await world.deliver(row)).toBe(0)
    expect(world.messages(addressOf(flow, person))).toEqual([])
    expect((await linesOf(world, person.userId)).at(-1)).toBe('CODE_NOT_SENT failure identity-frozen')
    expect(await storedChallenge(flow, person)).toMatchObject({
      nobody: expect.any(String),
      boundAt: expect.any(Number),
    })
  })

  test('an order is carried out once the freeze is over', async () => {
    const person = await world.identity()
    const row = await order(flow, person)
    await freeze(person, -1)
    expect(await world.deliver(row)).toBe(0)
    expect((await linesOf(world, person.userId)).at(-1)).toBe('CODE_SENT success')
  })

  test('a code that went out before the freeze is not said to be unsent after it', async () => {
    const person = await world.identity()
    const row = await order(flow, person)
    const fault = {
      service: flow.channel === 'email' ? 'ses' : 'sns',
      mode: 'fail-after',
      function: 'deliver',
    } as const
    expect(await withFault(world, fault, () => world.deliver(row))).toBe(1)
    await freeze(person, 86_400_000)
    expect(await world.deliver(row)).toBe(0)
    expect(await linesOf(world, person.userId)).toEqual(['CODE_REQUESTED success', 'CODE_SENT success'])
  })
})
