/** Finding an identity by what a person says, or by the reference in a message. */
import { beforeAll, expect, test } from 'vitest'
import * as database from '#shared/stores/database.ts'
import { adminOf } from '#test/support/admin.ts'
import { setFailedGuessesOf } from '#test/support/failed-guesses.ts'
import { answerOf, resetByEmail } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
let person: TestIdentity
beforeAll(async () => {
  admin = adminOf(world)
  person = await world.identity({
    email: 'ann+work@example.com',
    phone: '+201055550001',
    username: 'ann.work',
  })
  await world.identity()
})

const referencesTo = (address: string) =>
  world.messages(address).flatMap(({ text }) => /Reference: (\S+)/.exec(text)?.[1] ?? [])

test.each([
  ['an email', 'email=ann%2Bwork%40example.com'],
  ['an email as people type it', 'email=%20Ann%2BWork@EXAMPLE.com'],
  ['an email whose plus arrived as a space', 'email=ann+work@example.com'],
  ['a phone', 'phone=%2B201055550001'],
  ['a phone whose plus arrived as a space', 'phone=+201055550001'],
  ['a phone as people write it', 'phone=%2B20%2010-5555-0001'],
  ['a username', 'username=Ann.Work'],
])('%s leads to its owner, and tells no more than the userId', async (_, query) => {
  const reply = await admin.find(query)
  expect(answerOf(reply)).toBe('200')
  expect(reply.body.data).toEqual({ userId: person.userId })
})

test('the reference in a notice leads to whom it was sent to, however it is read out, and is the same in every notice of the change', async () => {
  const told = await world.identity()
  await resetByEmail(world, told, 'newpass123')
  await world.idle()
  const [byEmail] = referencesTo(told.email)
  const [bySms] = world.messages(told.phone).flatMap(({ text }) => /Ref: (\S+)$/.exec(text)?.[1] ?? [])
  expect(byEmail).toMatch(/^[CDFGHJKMNPQRTWXY34679]{8}$/)
  expect(bySms).toBe(byEmail)
  const [one = '', two = ''] = byEmail?.match(/.{4}/g) ?? []
  for (const reference of [byEmail, byEmail?.toLowerCase(), ` ${one} ${two}`, `${one}-${two}`]) {
    const reply = await admin.find(`reference=${encodeURIComponent(reference ?? '')}`)
    expect(reply.body.data, reference).toEqual({ userId: told.userId })
  }
})

test('so does that of a notice to an address which was taken away, and of a freeze', async () => {
  const moved = await world.identity()
  await admin.put(moved.userId, { email: `new-${moved.email}`, phone: '+201055550002', mfaEnabled: true })
  const frozen = await world.identity()
  await freezeIdentity(frozen)
  await world.idle()
  for (const { email, userId } of [moved, frozen]) {
    const references = referencesTo(email)
    expect(references.length).toBeGreaterThan(0)
    for (const reference of references) {
      const reply = await admin.find(`reference=${encodeURIComponent(reference)}`)
      expect(reply.body.data, reference).toEqual({ userId })
    }
  }
})

/** The hundredth guess over all aliases: the appender tells of it. */
async function freezeIdentity({ userId, email }: TestIdentity): Promise<void> {
  await setFailedGuessesOf(userId, 99)
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  await world.idle()
  await world.post('/api/auth/verify-reset-otp', { email, otp: '000000' }, { ip: newIp() })
}

test('who asked for a code is found by no reference: that of a code names nobody', async () => {
  await world.post('/api/auth/forgot-password', { email: person.email }, { ip: newIp() })
  await world.idle()
  const text = world.messages(person.email).at(-1)?.text ?? ''
  const [, code = ''] = /\b([A-Z0-9]{4})\b/.exec(text) ?? []
  expect(answerOf(await admin.find(`reference=${code}`))).toBe('400 VALIDATION_FAILED')
})

test.each([
  'email=nobody@example.com',
  'phone=%2B201055559999',
  'username=nobody-here',
  'reference=HJKM3467',
  'reference=kO0RLzH4QX2Zp1cVb7wNyA%231',
])('nobody by %s is NOT_FOUND', async (query) => {
  expect(answerOf(await admin.find(query))).toBe('404 NOT_FOUND')
})

test('an identity that was erased is found by nothing, its references neither', async () => {
  const gone = await world.identity()
  await admin.requireReset(gone.userId)
  await world.idle()
  const [reference = ''] = referencesTo(gone.email)
  await admin.erase(gone.userId)
  for (const query of [`email=${gone.email}`, `reference=${encodeURIComponent(reference)}`])
    expect(answerOf(await admin.find(query))).toBe('404 NOT_FOUND')
})

test.each([
  ['nothing', '', 'query'],
  ['two', 'email=a@example.com&username=ann.work', 'query'],
  ['one twice', 'email=a@example.com&email=ann%2Bwork@example.com', 'email'],
  ['one that is not known', 'userId=u-1', 'userId'],
  ['one beside a known one', 'username=ann.work&cursor=x', 'cursor'],
  ['what is no email', 'email=ann', 'email'],
  ['an empty value', 'email=', 'email'],
  ['a phone without its country', 'phone=01055550001', 'phone'],
  ['a username of digits', 'username=123', 'username'],
  ['what is no reference', 'reference=%23%23', 'reference'],
  ['a reference with a sign that none has', 'reference=HJKM346O', 'reference'],
  ['a control character', 'username=a%00b', 'username'],
])('%s is VALIDATION_FAILED, and the field is named', async (_, query, field) => {
  const reply = await admin.find(query)
  expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
  expect(reply.body.error.details.map((each: { field: string }) => each.field)).toContain(field)
})

test('the id of an event, which notices had for a reference before, still leads to whom they were sent to', async () => {
  const { userId } = person
  await database.transact([
    database.put('challenges', { pk: 'W#kO0RLzH4QX2Zp1cVb7wOLD#2', doneAt: 1, userId }),
    database.put('challenges', { pk: 'W#kO0RLzH4QX2Zp1cVb7wICE#3#frozen#message', doneAt: 1, userId }),
    database.put('challenges', { pk: 'W#oldOldOldOldOldOldOldO#2', doneAt: 1 }),
  ])
  for (const reference of [
    'kO0RLzH4QX2Zp1cVb7wOLD',
    'kO0RLzH4QX2Zp1cVb7wOLD#1',
    'kO0RLzH4QX2Zp1cVb7wICE#3#frozen',
  ])
    expect((await admin.find(`reference=${encodeURIComponent(reference)}`)).body.data, reference).toEqual({
      userId,
    })
  // Of before leases said whose they were.
  expect(answerOf(await admin.find('reference=oldOldOldOldOldOldOldO%231'))).toBe('404 NOT_FOUND')
})

test('a reference that is past its time leads nowhere, swept or not', async () => {
  const { userId } = person
  const sweepAt = Math.floor(Date.now() / 1000) - 1
  await database.transact([
    database.put('challenges', { pk: 'N#HJKM3499', userId, eventId: 'any#1', sweepAt }),
  ])
  expect(answerOf(await admin.find('reference=HJKM3499'))).toBe('404 NOT_FOUND')
})
