/** Attacks by the clock: the cost of a hash does not tell who has which. */
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, newIp, type World } from '#test/support/world.ts'

/** Above every hash below, on a busy machine as well. */
const floorMs = 900
/** Timers may fire a little early. */
const slackMs = 2

let world: World
beforeAll(async () => {
  world = await createWorld({ settings: { LOGIN_FLOOR_MS: String(floorMs) } })
})
afterAll(() => world.close())

test('the cost of an imported hash does not show at sign-in: all answers wait for the same floor', async () => {
  const imported = await world.identity({ passwordHash: hashSync('password123', 10) })
  const own = await world.identity()
  const identifiers = [imported.email, own.email, 'nobody-at-all@example.net']
  for (const [index, identifier] of identifiers.entries()) {
    const began = performance.now()
    const reply = await world.post(
      '/api/auth/login',
      { identifier, password: 'not this one' },
      { ip: newIp() },
    )
    expect([index, reply.body.error.code]).toEqual([index, 'CREDENTIALS_INVALID'])
    expect(performance.now() - began).toBeGreaterThan(floorMs - slackMs)
  }
})
