/** Storing the first PIN, by the acceptance criteria of the document that asked for it. */
import { describe, expect, test } from 'vitest'
import { entriesOf, linesOf } from '#test/support/entries.ts'
import { signInWithPhone } from '#test/support/pin-holder.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import { signIn } from '#test/support/sessions.ts'
import { storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import type { TestIdentity } from '#test/support/world.ts'

const world = useWorld()

const consent = { document: 'terms', version: '1' }
const setPin = (token: string, body: Record<string, unknown>) => world.post('/api/pin/set', body, { token })

async function ready(): Promise<{ person: TestIdentity; token: string }> {
  const person = await world.identity({ consent })
  return { person, token: await signInWithPhone(world, person) }
}

test('the whole flow: sign in, accept, prove the phone, set, use', async () => {
  const person = await world.identity()
  const token = await signInWithPhone(world, person)
  expect((await setPin(token, { userId: person.userId, pin: '904172' })).body.error.code).toBe(
    'CONSENT_REQUIRED',
  )
  expect((await world.post('/api/consent', consent, { token })).status).toBe(200)
  expect((await setPin(token, { userId: person.userId, pin: '904172' })).status).toBe(200)
  expect((await world.post('/api/pin/verify', { pin: '904172' }, { token })).status).toBe(200)
  expect(await linesOf(world, person.userId)).toEqual([
    'LOGIN success',
    'CODE_REQUESTED success',
    'CODE_SENT success',
    'STEP_UP_VERIFIED success',
    'PIN_SET failure consent_required',
    'CONSENT_ACCEPTED success terms@1',
    'PIN_SET success',
    'PIN_VERIFIED success',
  ])
})

describe('acceptance criteria', () => {
  test('without a session there is no way in', async () => {
    const person = await world.identity({ consent })
    const reply = await world.post('/api/pin/set', { userId: person.userId, pin: '904172' })
    expect([reply.status, reply.body.error.code]).toEqual([401, 'SESSION_INVALID'])
  })

  test('the request names the user id or the phone of the session, and nobody else', async () => {
    const { person, token } = await ready()
    const other = await world.identity()
    for (const whose of [{ userId: other.userId }, { phone: other.phone }])
      expect((await setPin(token, { ...whose, pin: '904172' })).body.error.code).toBe('FORBIDDEN')
    expect((await setPin(token, { phone: person.phone, pin: '904172' })).status).toBe(200)
  })

  test('a PIN that is not exactly six digits is an invalid format', async () => {
    const { person, token } = await ready()
    for (const pin of ['12345', '1234567', 'abcdef', '']) {
      const reply = await setPin(token, { userId: person.userId, pin })
      expect([reply.status, reply.body.error.code]).toEqual([400, 'PIN_FORMAT'])
    }
    expect((await storedIdentity(person.userId))?.['pin']).toBeUndefined()
  })

  test('the PIN is stored as a salted argon2id hash under a key, with the identity', async () => {
    const { person, token } = await ready()
    await setPin(token, { userId: person.userId, pin: '904172' })
    const pin = (await storedIdentity(person.userId))?.['pin']
    expect(pin).toMatchObject({
      scheme: { algorithm: 'argon2id', salt: expect.any(String) },
      mac: expect.any(String),
    })
    expect(Object.values(pin as object)).not.toContain('904172')
  })

  test('a PIN that is set already is an error, and stays', async () => {
    const { person, token } = await ready()
    await setPin(token, { userId: person.userId, pin: '904172' })
    const before = await storedIdentity(person.userId)
    const again = await setPin(token, { userId: person.userId, pin: '730264' })
    expect([again.status, again.body.error.code]).toEqual([409, 'PIN_ALREADY_SET'])
    expect(await storedIdentity(person.userId)).toEqual(before)
  })

  test('the PIN is set beside a factor of possession only', async () => {
    const person = await world.identity({ consent })
    const token = await signIn(world, person)
    const reply = await setPin(token, { userId: person.userId, pin: '904172' })
    expect([reply.status, reply.body.error.code]).toEqual([403, 'SECOND_FACTOR_REQUIRED'])
  })

  test('of eight requests at once one sets the PIN', async () => {
    const { person, token } = await ready()
    const pins = Array.from({ length: 8 }, (_, turn) => `90417${turn}`)
    const replies = await Promise.all(pins.map((pin) => setPin(token, { userId: person.userId, pin })))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const lines = await linesOf(world, person.userId)
    expect(lines.filter((line) => line === 'PIN_SET success')).toHaveLength(1)
  })

  test('the ledger says when, who and on which device; the session goes on and the owner is told', async () => {
    const { person, token } = await ready()
    const device = { model: 'Phone 9', os: 'Android' }
    await setPin(token, { userId: person.userId, pin: '904172', device })
    const entry = (await entriesOf(world, person.userId)).at(-1)
    expect(entry).toMatchObject({ type: 'PIN_SET', outcome: 'success', userId: person.userId, device })
    expect(entry?.factors?.map(({ group }) => group).toSorted()).toEqual([
      'KNOWLEDGE',
      'KNOWLEDGE',
      'POSSESSION',
    ])
    expect(Object.values(entry ?? {}).map(String)).not.toContain('904172')
    expect((await world.get('/api/auth/session', { token })).status).toBe(200)
    expect(world.messages(person.email).at(-1)?.subject).toMatch(/PIN/)
  })
})

holdEventsToSchemas(world)
