/** The example's consumer, on what the local stack published. */
import { beforeEach, expect, test } from 'vitest'
import { matchesAny } from '#local/streams/filter.ts'
import { publishedOf } from '#test/support/published.ts'
import { resetByEmail, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import type { TestIdentity } from '#test/support/world.ts'
import { endSessions, type LatchkeyEvent, pattern } from '../../examples/events/end-sessions.ts'

const world = useWorld()
let began: number[]
beforeEach(() => {
  began = []
})
/** The sessions of one person, by when they began. */
const consume = endSessions({
  async endBefore(_userId, time) {
    began = began.filter((each) => each >= time)
  },
})

/** What the rule lets through. */
async function deliver({ userId }: TestIdentity): Promise<number> {
  const events = (await publishedOf(world, userId)).filter((event) => matchesAny([pattern], event))
  for (const event of events) await consume(event as unknown as LatchkeyEvent)
  return events.length
}

test('a reset ends what began before it, and a second delivery ends nothing that began after it', async () => {
  const person = await world.identity()
  began = [Date.now()]
  await signIn(world, person)
  expect(await deliver(person)).toBe(0)
  expect(began).toHaveLength(1)
  await world.advance(1)
  await resetByEmail(world, person, 'newpass123')
  await world.advance(1)
  const later = Date.now()
  began = [...began, later]
  for (const _ of ['first', 'again']) {
    expect(await deliver(person)).toBe(1)
    expect(began).toEqual([later])
  }
})

test('a refused reset ends nothing', async () => {
  const person = await world.identity()
  began = [0]
  const reset = { email: person.email, otp: '000000', newPassword: 'newpass123' }
  await world.post('/api/auth/reset-password', reset)
  expect(await deliver(person)).toBe(0)
  expect(began).toEqual([0])
})
