/** Attacks by the clock: the cost of a hash does not tell who has which. */
import { hashSync } from '@node-rs/bcrypt'
import { beforeAll, expect, test } from 'vitest'
import { hashQuickly } from '#test/support/quick-hashes.ts'
import { codeOf } from '#test/support/race.ts'
import { useWorld } from '#test/support/use-world.ts'

/** Above all that a sign-in takes on a busy machine, so that only a floor can make each answer as late. */
const floorMs = 5000
/** Timers may fire a little early. */
const slackMs = 5

const world = useWorld({ settings: { LOGIN_FLOOR_MS: String(floorMs) } })
// What does not show is the real cost.
beforeAll(() => hashQuickly(false))

test('the cost of an imported hash does not show at sign-in: all answers wait for the same floor', async () => {
  const imported = await world.identity({ passwordHash: hashSync('password123', 10) })
  const own = await world.identity()
  const identifiers = [imported.email, own.email, 'nobody-at-all@example.net']
  const answers = identifiers.map(async (identifier) => {
    const began = performance.now()
    const reply = await world.post('/api/auth/login', { identifier, password: 'not this one' })
    return { code: codeOf(reply), ms: performance.now() - began }
  })
  for (const { code, ms } of await Promise.all(answers)) {
    expect(code).toBe('CREDENTIALS_INVALID')
    expect(ms).toBeGreaterThan(floorMs - slackMs)
  }
})
