/** A burst of notices behind a sender that throttles delays no code, loses nothing, and burns no try (G14). */
import { afterEach, beforeAll, expect, test } from 'vitest'
import { subjectKey } from '#shared/domain/subject.ts'
import { put, transact } from '#shared/stores/database.ts'
import { linesOf } from '#test/support/entries.ts'
import { noticeRows, outboxRows } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()
let owner: TestIdentity
beforeAll(async () => {
  owner = await world.identity()
})
afterEach(() => world.post('/_local/faults', { count: 0 }))

const burst = 500
const perTransaction = 50

/** Notices as one step after the other would write them. */
async function queueNotices(): Promise<void> {
  const { userId, email } = owner
  for (let first = 0; first < burst; first += perTransaction)
    await transact(
      Array.from({ length: perTransaction }, (_, place) => {
        const id = `burst-${first + place}`
        const to = [{ channel: 'email', address: email }]
        const time = Date.now()
        const message = { template: 'resetRequired', userId, to, locale: 'en', eventId: `${id}#1`, time }
        const pk = `S#${subjectKey({ kind: 'identity', value: id })}`
        return put('notices', { pk, sk: `${id}#2`, createdAt: time, kind: 'message', message })
      }),
    )
}

test('a code asked for behind 500 notices arrives within 5 s while SES takes ten messages a second', async () => {
  const person = await world.identity()
  await world.idle()
  await world.post('/_local/faults', { service: 'ses', mode: 'throttle', perSecond: 10, count: 1_000_000 })
  await queueNotices()
  await expect.poll(() => world.messages(owner.email).length, { timeout: 10_000 }).toBeGreaterThan(10)
  const asked = performance.now()
  await world.post('/auth/request-password-reset', { email: person.email }, { ip: newIp() })
  await expect.poll(() => world.messages(person.email).length, { timeout: 20_000, interval: 20 }).toBe(1)
  expect(performance.now() - asked).toBeLessThan(5000)
  expect((await noticeRows()).length, 'the burst was not over').toBeGreaterThan(200)
  await world.post('/_local/faults', { count: 0 })
  await world.idle()
  // What a run had no time left for.
  await world.advance(61)
  await world.idle()
  expect(await outboxRows()).toEqual([])
  expect(world.messages(owner.email)).toHaveLength(burst)
  expect((await world.get('/_local/dead-letters')).body).toEqual([])
  expect(await linesOf(world, person.userId)).toContain('CODE_SENT success')
}, 120_000)
