/** A mismatched pair while DynamoDB fails: what it counts. All else of it is tried in G14. */
import { describe, expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import { pairOf, presentPair, strangePhone, verifyIdentityPath } from '#test/support/pairs.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const check = (pair: { identifier: string; phone: string }) => presentPair(world, verifyIdentityPath, pair)
const modes = ['fail-before', 'fail-after'] as const
const called = (operation: string) =>
  ({ service: 'dynamodb', operation, function: 'verify-identity' }) as const

describe.each(['BatchGetItem', 'TransactWriteItems'])('%s', (operation) => {
  test.each(modes)('%s: a mismatch is never answered uncounted', async (mode) => {
    const person = await world.identity()
    const wrong = () => check({ ...pairOf(person), phone: strangePhone() })
    const reply = await withFault(world, { ...called(operation), mode }, wrong)
    expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
    const counted = operation === 'TransactWriteItems' && mode === 'fail-after' ? 1 : 0
    for (let tried = counted; tried < 5; tried += 1) expect((await wrong()).status).toBe(401)
    expect((await check(pairOf(person))).status).toBe(429)
    expect(await linesOf(world, person.userId)).toEqual([
      ...Array(5).fill('IDENTITY_VERIFIED failure pair_mismatch'),
      'LIMIT_REACHED failure pair-per-identifier',
    ])
  })
})
