/** Attacks by a function that turned, on what is sent: a row of the outbox is judged by itself, whoever wrote it (G16, G17). */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { subjectKey } from '#shared/domain/subject.ts'
import type { Message, MessageToOne } from '#shared/events.ts'
import { putOne } from '#shared/stores/database.ts'
import { tokensSentTo } from '#test/support/not-me.ts'
import { outboxRows } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import type { TestIdentity } from '#test/support/world.ts'

const world = useWorld()

/** Of the form that steps give their events. */
const eventId = () => `${randomBytes(16).toString('hex')}#1`

type Ordered = Omit<MessageToOne, 'time' | 'eventId'> & { eventId?: string }

/** A row of the outbox as any step could put it, taken up by the workers. */
async function order({ channel, address, ...message }: Ordered): Promise<void> {
  await putRow('notices', { ...message, to: [{ channel, address }] })
}

/** The same, and as the version before put it. */
async function orderBothWays(message: Ordered): Promise<void> {
  await order(message)
  await putRow('outbox', message)
}

async function putRow(
  table: 'notices' | 'outbox',
  message: Ordered | (Omit<Message, 'time' | 'eventId'> & { eventId?: string }),
): Promise<void> {
  await putOne(table, {
    pk: `S#${subjectKey({ kind: 'identity', value: message.userId })}`,
    sk: `${randomBytes(8).toString('hex')}#1`,
    createdAt: Date.now(),
    kind: 'message',
    message: { eventId: eventId(), ...message, time: Date.now() },
  })
  await world.idle()
}

const about = ({ userId }: TestIdentity) => ({ template: 'passwordChanged', userId, locale: 'en' }) as const
const byEmail = (address: string) => ({ channel: 'email', address }) as const
const bySms = (address: string) => ({ channel: 'sms', address }) as const

test('a row to an address that is not the identity’s is not sent, nor one about nobody, and no link gets out', async () => {
  const [victim, other] = [await world.identity(), await world.identity()]
  const strangers = ['stranger@elsewhere.example', '+919000000001', other.email, other.phone]
  await orderBothWays({ ...about(victim), ...byEmail('stranger@elsewhere.example') })
  await orderBothWays({ ...about(victim), ...bySms('+919000000001') })
  await orderBothWays({ ...about(victim), ...byEmail(other.email) })
  await orderBothWays({ ...about(victim), ...bySms(other.phone) })
  await orderBothWays({ ...about({ ...victim, userId: 'u-nobody' }), ...bySms(other.phone) })
  // Its own address, by the other way.
  await orderBothWays({ ...about(victim), ...bySms(victim.email) })
  await orderBothWays({ ...about(victim), ...byEmail(victim.phone) })
  for (const to of [...strangers, victim.email, victim.phone]) {
    expect(world.messages(to), to).toEqual([])
    expect(await tokensSentTo(world, to), to).toEqual([])
  }
  expect(await outboxRows(), 'none is kept to be sent later').toEqual([])
})

test('a row whose reference is free text is not sent, to the owner either', async () => {
  const victim = await world.identity()
  const texts = [
    'call +1 555 0100 now',
    'made-up-1',
    'https://evil.example/#1',
    `${'x'.repeat(200)}#1`,
    'a b#1',
    '<b>x</b>#1',
    '',
  ]
  for (const text of texts) await orderBothWays({ ...about(victim), ...byEmail(victim.email), eventId: text })
  expect(world.messages(victim.email)).toEqual([])
})

test('an honest row is sent; and so is one to the address that the change it tells of took away', async () => {
  const person = await world.identity()
  await order({ ...about(person), ...byEmail(person.email) })
  expect(world.messages(person.email)).toHaveLength(1)
  await world.put(`/admin/identities/${person.userId}`, { email: `new-${person.email}` })
  await world.idle()
  expect(world.messages(person.email)).toHaveLength(2)
  // Of what came after the change the former address hears nothing.
  await world.advance(1)
  await order({ ...about(person), ...byEmail(person.email) })
  expect(world.messages(person.email)).toHaveLength(2)
})
