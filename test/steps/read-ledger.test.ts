/** Reading the ledger of an identity. */
import { beforeAll, expect, test } from 'vitest'
import { transact } from '#shared/stores/database.ts'
import { eventRow } from '#shared/stores/outbox.ts'
import { adminOf } from '#test/support/admin.ts'
import { entriesOf } from '#test/support/entries.ts'
import { answerOf } from '#test/support/sessions.ts'
import { withOutage } from '#test/support/sessions-faults.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()
let admin: ReturnType<typeof adminOf>
beforeAll(async () => {
  admin = adminOf(world)
})

/** As that many changes leave them in the outbox: the appender makes entries of them. */
async function storeChanges(userId: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) =>
    eventRow(
      {
        type: 'IDENTITY_CHANGED',
        time: Date.now(),
        actor: 'local',
        subject: { kind: 'identity', value: userId },
        userId,
        outcome: 'success',
        requestId: `change-${index}`,
        fields: ['locale'],
      },
      `change-${index}#0`,
    ),
  )
  for (let from = 0; from < count; from += 100) await transact(rows.slice(from, from + 100))
}

const page = (userId: string, query = '') => world.get(`/admin/identities/${userId}/ledger${query}`)

test('two hundred and more entries come in pages, oldest first, each once, none missing', async () => {
  const { userId } = await world.identity()
  await storeChanges(userId, 204)
  await world.idle()
  const first = await page(userId)
  const cursor = first.body.data.nextCursor ?? ''
  const second = await page(userId, `?cursor=${cursor}`)
  const third = await page(userId, `?cursor=${second.body.data.nextCursor}`)
  expect([first, second, third].map(({ body }) => body.data.entries.length)).toEqual([100, 100, 5])
  expect(Object.keys(third.body.data)).toEqual(['entries'])
  const seqs = [first, second, third].flatMap(({ body }) => body.data.entries.map(({ seq }) => seq))
  expect(seqs).toEqual(Array.from({ length: 205 }, (_, index) => index + 1))
  expect(await entriesOf(world, userId), 'and its chain is whole').toHaveLength(205)
})

test('an entry has the fields the ledger promises', async () => {
  const { userId } = await world.identity()
  const [entry] = await entriesOf(world, userId)
  expect(entry).toEqual({
    id: expect.any(String),
    type: 'IDENTITY_CREATED',
    time: expect.any(Number),
    writtenAt: expect.any(Number),
    actor: 'arn:aws:iam::000000000000:user/local',
    userId,
    outcome: 'success',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    userAgent: 'node',
    policyVersion: expect.any(String),
    fields: ['email', 'username', 'phone', 'passwordHash'],
    chain: expect.stringContaining(userId),
    seq: 1,
    prevHash: '0'.repeat(64),
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})

test('nobody has no entries, and what is no userId is NOT_FOUND', async () => {
  const reply = await page('u-nobody')
  expect(answerOf(reply)).toBe('200')
  expect(reply.body.data).toEqual({ entries: [] })
  for (const userId of ['~decoy', 'a'.repeat(129), '%2e', '%2e%2e'])
    expect(answerOf(await page(userId))).toBe('404 NOT_FOUND')
})

test.each(['x', '', 'c2VxOjA', 'c2VxOi0x', 'c2VxOjFl', 'c2VxOjE=', 'A'.repeat(3000)])(
  'a cursor that was never given out is VALIDATION_FAILED: %j',
  async (cursor) => {
    const { userId } = await world.identity()
    const reply = await page(userId, `?cursor=${cursor}`)
    expect(answerOf(reply)).toBe('400 VALIDATION_FAILED')
    expect(reply.body.error.details).toMatchObject([{ field: 'cursor' }])
  },
)

test('the cursor of one identity shows nothing of another', async () => {
  const one = await world.identity()
  const other = await world.identity()
  await admin.put(other.userId, { locale: 'ar' })
  await world.idle()
  const cursor = Buffer.from('seq:1').toString('base64url')
  const { body } = await page(other.userId, `?cursor=${cursor}`)
  expect(body.data.entries.map(({ userId }) => userId)).toEqual([other.userId])
  expect((await page(one.userId, `?cursor=${cursor}`)).body.data.entries).toEqual([])
})

test('while the table does not answer it is UNAVAILABLE, never an empty page', async () => {
  const { userId } = await world.identity()
  const outage = { service: 'dynamodb', operation: 'Query', mode: 'fail-before' } as const
  expect(answerOf(await withOutage(world, 'read-ledger', outage, () => page(userId)))).toBe('503 UNAVAILABLE')
})
