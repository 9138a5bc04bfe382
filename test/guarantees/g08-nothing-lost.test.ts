/** G8: every answered attempt is in the ledger exactly once, whatever becomes of the workers. */
import { expect, test } from 'vitest'
import { environmentChanged } from '#shared/per-environment.ts'
import { transact, update } from '#shared/stores/database.ts'
import { redrive } from '#shared/stores/outbox-sweep.ts'
import { entriesOf, lineOf, verifyChain } from '#test/support/entries.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import { atOnce, codeOf, tally } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  resetSecret,
  verifyCode,
  wrongCode,
} from '#test/support/recovery.ts'
import { itemsOf } from '#test/support/sessions-stored.ts'
import { outboxRows } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf, sized } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const faults = () => world.stack.services.faults
const flow = passwordEmailBasic

/** A recovery with a wrong guess; what it must leave in the ledger. */
async function recover() {
  const person = await world.identity()
  const { code } = await askCode(world, flow, person)
  expect(codeOf(await verifyCode(world, flow, person, { otp: wrongCode(code) }))).toBe('OTP_INVALID')
  expect(codeOf(await verifyCode(world, flow, person, { otp: code }))).toBe('OK')
  expect(codeOf(await resetSecret(world, flow, person, { otp: code }))).toBe('OK')
  return person
}
const story = [
  'CODE_REQUESTED success',
  'CODE_SENT success',
  'CODE_VERIFIED failure wrong_code',
  'CODE_VERIFIED success',
  'IDENTITY_CREATED success',
  'PASSWORD_RESET success',
]

test.each([
  ['fails before', 'append-ledger', 'dynamodb', 'fail-before'],
  ['fails after its work', 'append-ledger', 'dynamodb', 'fail-after'],
  ['fails before', 'deliver', 'dynamodb', 'fail-before'],
  ['fails after its work', 'deliver', 'dynamodb', 'fail-after'],
  ['fails before', 'deliver', 'kms', 'fail-before'],
  ['fails after its work', 'deliver', 'ses', 'fail-after'],
] as const)(
  'a worker whose service %s again and again loses nothing and doubles nothing: %s, %s',
  async (_, worker, service, mode) => {
    // Each call of each worker, failing in every way: npm run prove -- workers.
    for (const skip of sampleOf([0, 1, 2, 3], 2)) {
      environmentChanged()
      faults().post({ service, mode, count: 6, skip, function: worker })
      const person = await world.identity()
      const reply = await world.post(flow.request, flow.typed(person), { ip: newIp() })
      expect(codeOf(reply)).toBe('OK')
      await world.idle()
      faults().post({ count: 0 })
      // What the stream gave up on, the sweeper brings back.
      for (let sweep = 0; sweep < 3; sweep += 1) {
        await world.advance(300)
        await world.idle()
      }
      const lines = (await entriesOf(world, person.userId)).map(lineOf).sort()
      expect(lines.filter((line) => line.startsWith('CODE_REQUESTED'))).toHaveLength(1)
      expect(lines.filter((line) => /^CODE_(NOT_)?SENT/.test(line))).toHaveLength(1)
      expect(lines).toHaveLength(3)
      expect(await outboxRows()).toEqual([])
    }
  },
)

test('events put before the appender again and again, while it works, are one entry each', async () => {
  const again = () => redrive({ now: Date.now(), olderThanMs: 0, limit: 1000, backOff: false })
  const people = [await recover()]
  for (let round = 0; round < sized(2, 3); round += 1) {
    const [person] = await Promise.all([recover(), atOnce(10, again)])
    people.push(person)
  }
  await world.idle()
  for (const { userId } of people) expect((await entriesOf(world, userId)).map(lineOf).sort()).toEqual(story)
  expect(await outboxRows()).toEqual([])
})

test('a flood is in the ledger as it was answered: each failure once, refusals by a limit once a window', async () => {
  const person = await world.identity()
  const { code, flowId } = await askCode(world, passwordEmail, person)
  const otp = wrongCode(code)
  const replies = await atOnce(sized(20, 60), (index) =>
    verifyCode(world, passwordEmail, person, { otp, ...(index % 2 === 0 && { flowId }) }),
  )
  const unknown = await atOnce(sized(4, 10), () =>
    verifyCode(world, passwordEmail, person, { otp, flowId: 'x'.repeat(22) }),
  )
  const counts = tally([...replies, ...unknown])
  const entries = await entriesOf(world, person.userId)
  const failures = entries.filter(({ type, outcome }) => type === 'CODE_VERIFIED' && outcome === 'failure')
  expect(failures).toHaveLength(counts['OTP_INVALID'] ?? 0)
  expect(entries.filter(({ type }) => type === 'LIMIT_REACHED')).toHaveLength(2)
  expect(new Set(failures.map(({ requestId }) => requestId)).size).toBe(failures.length)
})

test('attempts on unknown subjects are recorded under a pseudonym, in few chains, each of them whole', async () => {
  const requests = sized(20, 40)
  const replies = await atOnce(requests, (index) => {
    const body = { email: `ghost-${index}@example.net`, otp: '123456' }
    return world.post(passwordEmail.verify ?? '', body)
  })
  await world.idle()
  const asked = new Set(replies.map(({ body }) => body.requestId))
  const items = await itemsOf('ledger')
  const found = items.filter(({ requestId }) => asked.has(requestId))
  expect(found).toHaveLength(requests)
  for (const { chain, pseudonym } of found) {
    expect(chain).toMatch(/^unknown\/(\d\d|1\d\d|2[0-4]\d|25[0-5])$/)
    expect(pseudonym).toMatch(/^[0-9a-f]{64}$/)
  }
  expect(JSON.stringify(found)).not.toContain('ghost-')
  for (const chain of new Set(found.map((entry) => entry.chain)))
    verifyChain(items.filter((entry) => entry.chain === chain).sort((a, b) => a.seq - b.seq))
})

test('a touched entry is recorded, though the database fails the sentinel for longer than it may another worker', async () => {
  const person = await world.identity()
  await world.idle()
  faults().post({ service: 'dynamodb', mode: 'fail-before', count: 18, function: 'sentinel' })
  const place = { chain: `identity/${person.userId}`, seq: 1 }
  await transact([update('ledger', place, 'SET touched = :now', { values: { now: 1 } })])
  await world.idle()
  faults().post({ count: 0 })
  const entries = await itemsOf('ledger')
  expect(entries.filter(({ type }) => type === 'LEDGER_TAMPERED')).toMatchObject([
    { fields: [`${place.chain}#1`] },
  ])
})

holdEventsToSchemas(world)
