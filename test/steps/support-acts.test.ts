/** What support does to an identity: signing out, suspending, resuming; and why, for all acts. */
import { beforeAll, describe, expect, test } from 'vitest'
import { adminOf } from '#test/support/admin.ts'
import { entriesOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

const actor = 'arn:aws:iam::000000000000:user/local'
const session = (token: string) => world.get('/api/auth/session', { token })

test('signing out ends every session at its next call, and leaves password and codes as they are', async () => {
  const person = await world.identity()
  const tokens = [await signIn(world, person), await signIn(world, person)]
  await world.post('/api/auth/forgot-password', { email: person.email }, { ip: newIp() })
  const otp = await world.lastCode(person.email)
  expect(answerOf(await admin.signOut(person.userId))).toBe('200')
  for (const token of tokens) expect(answerOf(await session(token))).toBe('401 SESSION_INVALID')
  expect(answerOf(await session(await signIn(world, person)))).toBe('200')
  const verified = await world.post('/api/auth/verify-reset-otp', { email: person.email, otp })
  expect(answerOf(verified)).toBe('200')
  expect(await entriesOf(world, person.userId)).toContainEqual(
    expect.objectContaining({ type: 'LOGOUT', outcome: 'success', reason: 'everywhere', actor }),
  )
})

test('suspending ends sessions and sign-in, resuming brings sign-in back and no session', async () => {
  const person = await world.identity()
  const token = await signIn(world, person)
  expect(answerOf(await admin.suspend(person.userId))).toBe('200')
  const login = () =>
    world.post('/api/auth/login', { identifier: person.email, password: person.password }, { ip: newIp() })
  expect(answerOf(await session(token))).toBe('401 SESSION_INVALID')
  expect(answerOf(await login())).toBe('401 CREDENTIALS_INVALID')
  expect(answerOf(await admin.resume(person.userId))).toBe('200')
  expect(answerOf(await session(token))).toBe('401 SESSION_INVALID')
  expect(answerOf(await login())).toBe('200')
})

test('both leave what a PUT of the status leaves, and nothing where it is so already', async () => {
  const [byPut, byAct] = [await world.identity(), await world.identity()]
  const storedOf = async (userId: string) => {
    const { status, rev } = await identityAsStored(userId)
    return { status, rev }
  }
  for (const status of ['suspended', 'suspended', 'active', 'active'] as const) {
    await admin.put(byPut.userId, { status })
    await (status === 'active' ? admin.resume : admin.suspend)(byAct.userId)
    expect(await storedOf(byAct.userId)).toEqual(await storedOf(byPut.userId))
  }
  const told = async (userId: string) =>
    (await entriesOf(world, userId)).map(({ type, reason, fields }) => ({ type, reason, fields })).slice(1)
  expect(await told(byAct.userId)).toEqual(await told(byPut.userId))
})

const acts = ['unlock', 'requireReset', 'signOut', 'suspend', 'resume', 'erase'] as const

describe.each(acts)('%s', (act) => {
  const ready = async () => {
    const { userId } = await world.identity()
    if (act === 'resume') await admin.suspend(userId)
    return userId
  }

  test('its reason goes into the entry, under the ARN of who did it', async () => {
    const userId = await ready()
    const reason = ' Called from a known number;\u200b ticket 4711 '
    expect(answerOf(await admin[act](userId, { reason }))).toBe('200')
    expect((await entriesOf(world, userId)).at(-1)).toMatchObject({
      note: 'Called from a known number; ticket 4711',
      actor,
    })
  })

  test.each([[undefined], [{}], [{ reason: '' }], [{ reason: '  ' }]])(
    'it needs none, and %j leaves no note',
    async (body) => {
      const userId = await ready()
      expect(answerOf(await admin[act](userId, body))).toBe('200')
      const entry = (await entriesOf(world, userId)).at(-1)
      expect(entry).toMatchObject({ actor })
      expect(entry).not.toHaveProperty('note')
    },
  )

  test.each([[{ reason: 7 }], [{ reason: 'a\nb' }], [{ reason: 'x'.repeat(501) }], [{ why: 'x' }]])(
    '%j is VALIDATION_FAILED, and nothing is done',
    async (body) => {
      const userId = await ready()
      const before = await identityAsStored(userId)
      expect(answerOf(await admin[act](userId, body))).toBe('400 VALIDATION_FAILED')
      expect(await identityAsStored(userId)).toEqual(before)
    },
  )

  test('nobody is NOT_FOUND', async () => {
    expect(answerOf(await admin[act]('u-nobody', { reason: 'x' }))).toBe('404 NOT_FOUND')
  })
})
