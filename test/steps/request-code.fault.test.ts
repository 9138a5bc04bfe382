/** Asking for a code while DynamoDB fails: all of it or nothing, and one code at most. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linesOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import { addressOf, recoveryFlows } from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { createWorld, newIp, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const typedFlows = recoveryFlows.filter(({ id }) => id !== 'password-two-factor')
const transaction = {
  service: 'dynamodb',
  operation: 'TransactWriteItems',
  function: 'request-code',
} as const
const entries = ['CODE_REQUESTED success', 'CODE_SENT success']

describe.each(typedFlows)('$id', (flow) => {
  const ask = async (person: Awaited<ReturnType<World['identity']>>) =>
    world.post(flow.request, flow.typed(person), { ip: newIp() })

  test('an accepted request makes one call', async () => {
    const reply = await ask(await world.identity())
    const requestId = reply.headers.get('x-request-id')
    const calls = await world.get<object[]>(`/_local/calls?requestId=${requestId}`)
    expect(calls.body).toMatchObject([{ service: 'dynamodb', operation: 'TransactWriteItems' }])
  })

  test('what failed before leaves nothing, and the next request is the first', async () => {
    const person = await world.identity()
    const reply = await withFault(world, { ...transaction, mode: 'fail-before' }, () => ask(person))
    expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(await storedChallenge(flow, person)).toBeUndefined()
    expect(await linesOf(world, person.userId)).toEqual([])
    expect((await ask(person)).status).toBe(200)
    expect(await linesOf(world, person.userId)).toEqual(entries)
  })

  test('what failed having worked sends its one code, and the retry is told to wait for it', async () => {
    const person = await world.identity()
    const reply = await withFault(world, { ...transaction, mode: 'fail-after' }, () => ask(person))
    expect([reply.status, reply.body.error.code]).toEqual([503, 'UNAVAILABLE'])
    const again = await ask(person)
    expect([again.status, again.body.error.code]).toEqual([429, 'RESEND_TOO_SOON'])
    expect((await linesOf(world, person.userId)).toSorted()).toEqual([
      ...entries,
      'LIMIT_REACHED failure cooldown',
    ])
    expect(world.messages(addressOf(flow, person))).toHaveLength(1)
  })

  test('one lost reply is made good by the SDK and counts once', async () => {
    const person = await world.identity()
    const reply = await withFault(world, { ...transaction, mode: 'fail-after', count: 1 }, () => ask(person))
    expect(reply.status).toBe(200)
    expect(await linesOf(world, person.userId)).toEqual(entries)
    const register = (await storedChallenge(flow, person)) as unknown as Record<string, number>
    expect([register['s1'] !== 0, register['s2']]).toEqual([true, 0])
  })
})
