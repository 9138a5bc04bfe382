/** The same row put once more, as a nightly sync does: it rolls nothing back. */
import fc from 'fast-check'
import { beforeAll, expect, test, vi } from 'vitest'
import type { Identity } from '#shared/domain/identity.ts'
import { settings } from '#shared/settings.ts'
import { transact, update } from '#shared/stores/database.ts'
import { importedHash } from '#test/guarantees/model/admin.ts'
import { adminOf, newNames } from '#test/support/admin.ts'
import { storyOf } from '#test/support/entries.ts'
import { disown, lastToken } from '#test/support/not-me.ts'
import { answerOf, resetByEmail, signIn } from '#test/support/sessions.ts'
import { identityAsStored, itemsOf } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const [passwordA, passwordB] = ['Old-leaked-pass-1', 'Other-put-pass-2'] as const
let hashA: string
let hashB: string
const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
  hashA = await importedHash(passwordA)
  hashB = await importedHash(passwordB)
})

const registered = async (passwordHash = hashA): Promise<TestIdentity> => ({
  ...(await world.identity({ passwordHash })),
  password: passwordA,
})
const login = async ({ email }: { email: string }, password: string) =>
  answerOf(await world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() }))

/** Puts the row again and holds the identity to what it was. */
async function sameRow({ userId, email }: TestIdentity, passwordHash = hashA): Promise<void> {
  const [before, story] = [await identityAsStored(userId), await storyOf(world, userId)]
  expect(answerOf(await admin.put(userId, { email, passwordHash }))).toBe('200')
  expect(await identityAsStored(userId)).toEqual(before)
  expect(await storyOf(world, userId)).toEqual(story)
}

test('the same row at once is no change', async () => {
  await sameRow(await registered())
})

test('after a sign-in upgraded the hash, the same row ends no session', async () => {
  const person = await registered()
  const token = await signIn(world, person)
  expect((await identityAsStored(person.userId)).password?.imported).toBeUndefined()
  await sameRow(person)
  expect(answerOf(await world.get('/api/auth/session', { token }))).toBe('200')
})

test('after a reset, the same row brings no old password back', async () => {
  const person = await registered()
  await resetByEmail(world, person, 'Brand-new-pass-2026')
  await sameRow(person)
  expect(await login(person, passwordA)).toBe('401 CREDENTIALS_INVALID')
  expect(await login(person, 'Brand-new-pass-2026')).toBe('200')
})

test('after require-reset, the same row makes nothing usable again', async () => {
  for (const upgraded of [true, false]) {
    const each = await registered()
    if (upgraded) await signIn(world, each)
    await admin.requireReset(each.userId)
    await sameRow(each)
    expect(await login(each, passwordA), `upgraded: ${upgraded}`).toBe('401 CREDENTIALS_INVALID')
  }
  const person = await registered()
  await admin.requireReset(person.userId)
  // Another hash is a change, and lifts it.
  expect(answerOf(await admin.put(person.userId, { passwordHash: hashB }))).toBe('200')
  expect(await login(person, passwordB)).toBe('200')
})

test('after ‘It was not me’, the same row does not bring the disowned password back', async () => {
  const person = await registered(hashB)
  await admin.put(person.userId, { passwordHash: hashA })
  // Whoever it is of has signed in with it, and so upgraded it.
  await signIn(world, person)
  expect(answerOf(await disown(world, await lastToken(world, person.email)))).toBe('200')
  await sameRow(person)
  expect(await login(person, passwordA)).toBe('401 CREDENTIALS_INVALID')
})

test('after the key was rotated, the same row is no change, and a new one is known by the key of today', async () => {
  const person = await registered()
  const { KEY_CREDENTIAL } = settings()
  const { id } = world.stack.services.keys.create('alias/latchkey-credential', 'HMAC_256')
  const rotated = vi.spyOn(settings(), 'KEY_CREDENTIAL', 'get').mockReturnValue(id)
  try {
    await sameRow(person)
    await admin.put(person.userId, { passwordHash: hashB })
    expect((await identityAsStored(person.userId)).lastPutHash?.keyId).toBe(id)
  } finally {
    rotated.mockRestore()
  }
  await sameRow(person, hashB)
  await admin.put(person.userId, { passwordHash: hashA })
  expect((await identityAsStored(person.userId)).lastPutHash?.keyId).toBe(KEY_CREDENTIAL)
})

test('another hash is a change each time: A, B, A', async () => {
  const { userId } = await registered()
  const { credentialEpoch } = await identityAsStored(userId)
  for (const passwordHash of [hashB, hashA, hashB]) await admin.put(userId, { passwordHash })
  expect((await identityAsStored(userId)).credentialEpoch).toBe(credentialEpoch + 3)
})

test('the same hash beside other fields changes those, and no credential', async () => {
  const person = await registered()
  await resetByEmail(world, person, 'Brand-new-pass-2026')
  const before = await identityAsStored(person.userId)
  const { username } = newNames()
  await admin.put(person.userId, { username, locale: 'ar', passwordHash: hashA })
  const after = await identityAsStored(person.userId)
  expect(after).toMatchObject({ username, locale: 'ar', credentialEpoch: before.credentialEpoch + 1 })
  expect(after.password).toEqual(before.password)
})

test('the same new hash from many at once is one change', async () => {
  const { userId } = await registered()
  const replies = await Promise.all(
    Array.from({ length: 4 }, () => admin.put(userId, { passwordHash: hashB })),
  )
  expect(replies.map(answerOf)).toEqual(Array(4).fill('200'))
  expect(await storyOf(world, userId)).toEqual(['IDENTITY_CREATED success', 'IDENTITY_CHANGED success'])
})

test('the agreement that was put last is no change either, whatever the person accepted since', async () => {
  const person = await world.identity({ consent: { document: 'terms', version: '1' } })
  const token = await signIn(world, person)
  await world.post('/api/consent', { document: 'terms', version: '2' }, { token })
  const before = await identityAsStored(person.userId)
  await admin.put(person.userId, { consent: { document: 'terms', version: '1' } })
  expect(await identityAsStored(person.userId)).toEqual(before)
  await admin.put(person.userId, { consent: { document: 'terms', version: '3' } })
  expect((await identityAsStored(person.userId)).consents['terms']?.version).toBe('3')
})

test('a nightly run over everyone changes nothing after a day of resets', async () => {
  const rows: [TestIdentity, string][] = []
  for (let index = 0; index < 6; index += 1) rows.push([await registered(), hashA])
  const people = rows.map(([person]) => person)
  const [upgraded, reset, required, disowned] = people as [
    TestIdentity,
    TestIdentity,
    TestIdentity,
    TestIdentity,
  ]
  await signIn(world, upgraded)
  await resetByEmail(world, reset, 'Brand-new-pass-2026')
  await admin.requireReset(required.userId)
  await resetByEmail(world, disowned, 'Brand-new-pass-2027')
  await disown(world, await lastToken(world, disowned.email))
  await world.pass(24 * 3600)
  const before = await itemsOf('identities')
  for (const [{ userId, email, username, phone }, passwordHash] of rows)
    expect(answerOf(await admin.put(userId, { email, username, phone, passwordHash }))).toBe('200')
  expect(await itemsOf('identities')).toEqual(before)
})

/** As stored before put hashes were kept. */
async function forgetPutHash(userId: string): Promise<void> {
  await transact([update('identities', { pk: `U#${userId}` }, 'REMOVE lastPutHash')])
}

test('stored before: a hash not upgraded yet is known, remembered in silence, and then rolls nothing back', async () => {
  const person = await registered()
  await forgetPutHash(person.userId)
  const { rev: _, ...before } = await identityAsStored(person.userId)
  await admin.put(person.userId, { passwordHash: hashA })
  const { rev: __, lastPutHash, ...after } = await identityAsStored(person.userId)
  expect(after).toEqual(before)
  expect(lastPutHash).toBeDefined()
  expect(await storyOf(world, person.userId)).toEqual(['IDENTITY_CREATED success'])
  await resetByEmail(world, person, 'Brand-new-pass-2026')
  await sameRow(person)
})

test('stored before: a hash that was made unusable stays so', async () => {
  const person = await registered()
  await forgetPutHash(person.userId)
  await admin.requireReset(person.userId)
  await admin.put(person.userId, { passwordHash: hashA })
  expect(await login(person, passwordA)).toBe('401 CREDENTIALS_INVALID')
})

test('stored before and upgraded: the next put counts as new, once', async () => {
  const person = await registered()
  await signIn(world, person)
  await forgetPutHash(person.userId)
  const { credentialEpoch } = await identityAsStored(person.userId)
  for (let night = 0; night < 3; night += 1) await admin.put(person.userId, { passwordHash: hashA })
  expect((await identityAsStored(person.userId)).credentialEpoch).toBe(credentialEpoch + 1)
})

test('what is remembered is no password, and is shown to nobody', async () => {
  const person = await registered()
  const { lastPutHash, password } = (await identityAsStored(person.userId)) as Required<Identity>
  expect(lastPutHash.mac).not.toBe(password.mac)
  expect(lastPutHash.mac).toMatch(/^[A-Za-z0-9+/]{43}=$/)
  const shown = JSON.stringify([(await admin.get(person.userId)).body, await world.ledger(person.userId)])
  expect(shown).not.toContain(lastPutHash.mac)
  expect(shown).not.toContain('lastPutHash')
})

type Command = 'A' | 'B' | 'reset' | 'require-reset' | 'sign-in'
const commands = fc.array(fc.constantFrom<Command>('A', 'B', 'reset', 'require-reset', 'sign-in'), {
  minLength: 4,
  maxLength: 8,
})

/** What design says of one person: the last put, the password that is right, how often the epoch moved. */
interface Reference {
  put: 'A' | 'B'
  right: string
  usable: boolean
  moved: number
}

function stepOf(state: Reference, command: Command, fresh: string): void {
  if (command === state.put || command === 'sign-in') return
  state.moved += 1
  if (command === 'require-reset') {
    state.usable = false
    return
  }
  state.usable = true
  if (command === 'reset') state.right = fresh
  else {
    state.put = command
    state.right = command === 'A' ? passwordA : passwordB
  }
}

test('whatever was put, reset, disabled and signed in before: the right password is the one of the last change', async () => {
  let made = 0
  const run = async (sequence: readonly Command[]) => {
    const person = await registered()
    const state: Reference = { put: 'A', right: passwordA, usable: true, moved: 0 }
    const { credentialEpoch } = await identityAsStored(person.userId)
    const seen: string[] = [passwordA, passwordB]
    for (const command of sequence) {
      made += 1
      const fresh = `Fresh-made-pass-${made}`
      if (command === 'reset') {
        seen.push(fresh)
        await world.pass(3600)
        await resetByEmail(world, person, fresh)
      } else if (command === 'require-reset') await admin.requireReset(person.userId)
      else if (command === 'sign-in') await login(person, state.right)
      else await admin.put(person.userId, { passwordHash: command === 'A' ? hashA : hashB })
      stepOf(state, command, fresh)
      const stored = await identityAsStored(person.userId)
      expect(stored.credentialEpoch - credentialEpoch, sequence.join(' ')).toBe(state.moved)
    }
    await world.pass(3600)
    for (const password of seen) {
      const isRight = state.usable && password === state.right
      expect(await login(person, password), `${sequence.join(' ')}: ${password}`).toBe(
        isRight ? '200' : '401 CREDENTIALS_INVALID',
      )
    }
  }
  await fc.assert(fc.asyncProperty(commands, run), { numRuns: sized(3, 8) })
}, 90_000)
