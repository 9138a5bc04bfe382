/** The reference in a notice: one event's alone, and the same however often the notice is sent. */
import { randomBytes } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { usualReference } from '#shared/crypto/reference.ts'
import { subjectKey } from '#shared/domain/subject.ts'
import { get, putOne } from '#shared/stores/database.ts'
import { adminOf } from '#test/support/admin.ts'
import { useWorld } from '#test/support/use-world.ts'
import type { TestIdentity } from '#test/support/world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(() => {
  admin = adminOf(world)
})

const newEvent = () => `${randomBytes(16).toString('base64url')}#1`
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

/** A notice of an event, as a step orders it. @returns the reference in the message that came */
async function tell({ userId, email }: TestIdentity, eventId: string): Promise<string | undefined> {
  await putOne('outbox', {
    pk: `S#${subjectKey({ kind: 'identity', value: userId })}`,
    sk: `${randomBytes(8).toString('hex')}#1`,
    createdAt: Date.now(),
    kind: 'message',
    message: {
      template: 'resetRequired',
      userId,
      channel: 'email',
      address: email,
      locale: 'en',
      eventId,
      time: Date.now(),
    },
  })
  await world.idle()
  return /Reference: (\S+)/.exec(world.messages(email).at(-1)?.text ?? '')?.[1]
}

const ownerOf = async (reference = '') => (await admin.find(`reference=${reference}`)).body.data?.userId

test('one that is another’s is not given again: it goes on with the next character, and each leads to its own', async () => {
  const [first, second] = [await world.identity(), await world.identity()]
  const [eventId, usual] = [newEvent(), usualReference]
  const taken = usual(eventId)
  await putOne('challenges', {
    pk: `N#${taken}`,
    userId: first.userId,
    eventId: 'another#1',
    sweepAt: inSeconds(99),
  })
  const given = await tell(second, eventId)
  expect(given).toMatch(new RegExp(`^${taken}[A-Z0-9]$`))
  expect([await ownerOf(taken), await ownerOf(given)]).toEqual([first.userId, second.userId])
})

test('told again, an event has the reference it had; another person by the id of that event has not', async () => {
  const [person, stranger] = [await world.identity(), await world.identity()]
  const eventId = newEvent()
  const given = await tell(person, eventId)
  expect(await tell(person, eventId)).toBe(given)
  expect(await tell(stranger, eventId)).not.toBe(given)
  expect(await ownerOf(given)).toBe(person.userId)
})

test('one that is past its time is free again, swept or not', async () => {
  const person = await world.identity()
  const eventId = newEvent()
  const pk = `N#${usualReference(eventId)}`
  await putOne('challenges', { pk, userId: 'u-long-gone', eventId: 'another#1', sweepAt: inSeconds(-1) })
  expect(await tell(person, eventId)).toBe(usualReference(eventId))
  expect(await get('challenges', { pk })).toMatchObject({ userId: person.userId, eventId })
})
