/** The publish worker: each entry of the ledger on the event bus, at least once, without what was typed. */
import { describe, expect, test } from 'vitest'
import type { FaultMode } from '#local/services/faults.ts'
import { adminOf } from '#test/support/admin.ts'
import { withFault } from '#test/support/faults.ts'
import { eventLine, publishedOf } from '#test/support/published.ts'
import { consent, resetByEmail, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()
const idsOf = (entries: readonly { readonly id: unknown }[]) => entries.map(({ id }) => id)

test('every entry of a person is on the bus, with its id, type and time, in the order of the ledger', async () => {
  const person = await world.identity()
  await resetByEmail(world, person, 'newpass123')
  const entries = await world.ledger(person.userId)
  const events = await publishedOf(world, person.userId)
  expect(entries.length).toBeGreaterThan(3)
  expect(idsOf(events.map(({ detail }) => detail as { id: unknown }))).toEqual(idsOf(entries))
  for (const [at, event] of events.entries()) {
    const { id, type, time, chain, seq, outcome, requestId } = entries[at] as (typeof entries)[number]
    expect(event).toMatchObject({
      source: 'latchkey',
      'detail-type': type,
      time: `${new Date(time).toISOString().slice(0, 19)}Z`,
      detail: { id, type, time, chain, seq, outcome, requestId, userId: person.userId },
    })
  }
})

test('an event holds no hash, no address, and nothing that a client or an admin wrote', async () => {
  const person = await world.identity()
  const device = { id: 'device-of-kim', model: 'phone of Kim Doe' }
  const login = { identifier: person.email, password: person.password, device }
  await world.post('/api/auth/login', login, { headers: { 'user-agent': 'agent-of-kim' } })
  await adminOf(world).signOut(person.userId, { reason: 'asked for by Kim Doe' })
  const token = await signIn(world, person)
  await world.post('/api/consent', { document: 'Kim Doe, Main Street 1', version: '1' }, { token })
  await consent(world, token)
  const entries = await world.ledger(person.userId)
  for (const written of ['device-of-kim', 'agent-of-kim', 'asked for by Kim', 'Main Street'])
    expect(JSON.stringify(entries)).toContain(written)
  const events = await publishedOf(world, person.userId)
  expect(events).toHaveLength(entries.length)
  const text = JSON.stringify(events)
  const { email, phone, username } = person
  for (const kept of [
    email,
    phone,
    username,
    'kim',
    'Kim',
    'Main Street',
    ...entries.map(({ hash }) => hash),
  ])
    expect(text).not.toContain(kept)
  expect(text).toContain('terms@')
})

test('of somebody unknown there is a pseudonym and no name', async () => {
  const email = 'nobody-at-all@example.com'
  await world.post('/api/auth/login', { identifier: email, password: 'x' })
  const { body } = await world.get<{ detail: Record<string, unknown> }[]>('/_local/events')
  const { detail } = body.at(-1) ?? {}
  expect(detail).toMatchObject({ type: 'LOGIN', pseudonym: expect.any(String) })
  expect(detail).not.toHaveProperty('userId')
  expect(JSON.stringify(body)).not.toContain('nobody')
})

describe('where the bus', () => {
  const outages: [string, FaultMode, number, boolean][] = [
    ['fails once', 'fail-before', 1, false],
    ['fails for longer than other workers are tried again', 'fail-before', 16, false],
    ['fails having worked', 'fail-after', 4, true],
    ['loses its reply', 'reset-after', 1, true],
    ['refuses for want of room', 'throttle', 9, false],
  ]
  test.each(outages)('%s, no event is lost and no order changed', async (_, mode, count, mayRepeat) => {
    const person = await world.identity()
    await world.idle()
    await withFault(world, { service: 'events', mode, count, function: 'publish' }, async () => {
      await signIn(world, person)
      await world.idle()
    })
    const lines = (await publishedOf(world, person.userId)).map(eventLine)
    const once = ['IDENTITY_CREATED success', 'LOGIN success']
    expect(mayRepeat ? [...new Set(lines)] : lines).toEqual(once)
    expect((await world.get('/_local/dead-letters')).body).toEqual([])
  })

  test('answers late, the event comes, and no step waits for it', async () => {
    const person = await world.identity()
    await world.idle()
    const fault = { service: 'events', mode: 'slow', delayMs: 400, count: 1, function: 'publish' } as const
    await world.post('/_local/faults', fault)
    await signIn(world, person)
    expect((await publishedOf(world, person.userId)).map(eventLine)).toContain('LOGIN success')
  })
})

test('a reset of the stack empties the bus', async () => {
  await world.identity()
  await world.post('/_local/reset')
  expect((await world.get('/_local/events')).body).toEqual([])
})
