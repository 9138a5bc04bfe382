/** Failed guesses as the appender counts them: in a row, once each, up to a freeze. */
import type { DynamoDBRecord } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noGuesses } from '#shared/domain/guess-state.ts'
import { guessKey, guessWrite, readGuesses } from '#shared/stores/guesses.ts'
import { handler } from '../../functions/workers/append-ledger.ts'
import { expectWhole, loginOf, startLedger, streamEvent } from './services.ts'

let world: Awaited<ReturnType<typeof startLedger>>

beforeAll(async () => {
  world = await startLedger()
  await world.putIdentity({ userId: 'u-known', email: 'known@example.com', phone: '+201001234567' })
})
afterAll(() => world.close())

const idsOf = async (userId: string) => (await world.entriesOf(`identity/${userId}`)).map((entry) => entry.id)

describe('failed guesses of an identity', () => {
  const guess = (userId: string, kind: 'failed' | 'cleared') =>
    loginOf('a@example.com', { userId, guess: kind, type: 'CODE_VERIFIED', reason: 'wrong_code' })
  const stateOf = async (userId: string) =>
    (await world.database.get('challenges', { pk: `J#${userId}` })) ?? {}
  const guesses = async (
    userId: string,
    from: number,
    count: number,
    kind: 'failed' | 'cleared' = 'failed',
  ) => {
    const made: DynamoDBRecord[] = []
    for (let number = from; number < from + count; number += 1)
      made.push(await world.record(guess(userId, kind), `g${String(number).padStart(4, '0')}`))
    return made
  }

  test('are counted once each, and the hundredth in a row freezes, says so and tells the owner', async () => {
    await world.putIdentity({ userId: 'u-frozen', email: 'frozen@example.com', phone: '+201001234568' })
    const batch = await guesses('u-frozen', 0, 99)
    await handler(streamEvent(batch))
    await handler(streamEvent(batch))
    expect(await stateOf('u-frozen')).toMatchObject({ fails: 99, freezes: 0 })
    const before = Date.now()
    await handler(streamEvent(await guesses('u-frozen', 99, 3)))
    const state = await stateOf('u-frozen')
    expect(state).toMatchObject({ fails: 2, freezes: 1 })
    expect(Number(state['frozenUntil'])).toBeGreaterThanOrEqual(before + 24 * 3600 * 1000)
    const entries = await world.entriesOf('identity/u-frozen')
    expect(entries.map((entry) => entry.type).indexOf('RECOVERY_FROZEN')).toBe(100)
    expect(entries[100]).toMatchObject({
      id: 'g0099#frozen',
      reason: 'identity_guesses',
      actor: 'system',
      userId: 'u-frozen',
    })
    expectWhole(entries)
    expect((await world.database.scan('notices')).items).toMatchObject([
      {
        message: {
          template: 'recoveryFrozen',
          to: [{ channel: 'email', address: 'frozen@example.com' }],
          eventId: 'g0099#frozen',
        },
      },
    ])
  })

  test('are cleared by a success', async () => {
    await handler(streamEvent(await guesses('u-cleared', 0, 40)))
    await handler(
      streamEvent([
        ...(await guesses('u-cleared', 40, 1, 'cleared')),
        ...(await guesses('u-cleared', 41, 2)),
      ]),
    )
    expect(await stateOf('u-cleared')).toMatchObject({ fails: 2, freezes: 0 })
  })

  test('that were none leave nothing behind when a success clears them', async () => {
    await handler(streamEvent(await guesses('u-fine', 0, 2, 'cleared')))
    expect(await idsOf('u-fine')).toHaveLength(2)
    expect(await stateOf('u-fine')).toEqual({})
  })

  test('start anew after an unlock took them away, whatever was read before', async () => {
    await handler(streamEvent(await guesses('u-lifted', 0, 50)))
    const stale = await readGuesses('u-lifted')
    await world.database.transact([world.database.remove('challenges', guessKey('u-lifted'))])
    const next = { ...stale, fails: 51, rev: stale.rev + 1 }
    const verdict = await world.database.transact([guessWrite('u-lifted', stale, next, Date.now())])
    expect(verdict.committed).toBe(false)
    await handler(streamEvent(await guesses('u-lifted', 50, 1)))
    expect(await stateOf('u-lifted')).toMatchObject({ fails: 1 })
  })

  test('count for nobody when the code was bound to a decoy', async () => {
    const record = await world.record(
      loginOf('known@example.com', { guess: 'failed', userId: '~decoy' }),
      'decoy-guess',
    )
    await handler(streamEvent([record]))
    expect(await stateOf('~decoy')).toEqual({})
    expect(await stateOf('u-known')).toEqual({})
  })

  test('are exact when an unlock writes at the same time', async () => {
    await handler(streamEvent(await guesses('u-unlock', 0, 10)))
    const read = await readGuesses('u-unlock')
    const next = { ...noGuesses, rev: read.rev + 1 }
    await Promise.all([
      handler(streamEvent(await guesses('u-unlock', 10, 5))),
      world.database.transact([guessWrite('u-unlock', read, next, Date.now())]),
    ])
    expect([5, 15]).toContain((await stateOf('u-unlock'))['fails'])
    expect(await idsOf('u-unlock')).toHaveLength(15)
  })
})
