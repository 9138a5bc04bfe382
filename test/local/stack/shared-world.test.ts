/** The world that the test files of a worker share: nothing that one of them does there is found by the next. */
import { afterEach, expect, test } from 'vitest'
import { entriesOf } from '#test/support/entries.ts'
import { signIn } from '#test/support/sessions.ts'
import { itemsOf } from '#test/support/sessions-stored.ts'
import { beginFile, endSharedWorld, sharedWorld } from '#test/support/shared-world.ts'
import type { World } from '#test/support/world.ts'

afterEach(endSharedWorld)

async function nextFile(): Promise<World> {
  await beginFile(true)
  const world = await sharedWorld()
  if (world === undefined) throw new Error('There is none')
  return world
}

const tables = ['identities', 'challenges', 'sessions', 'outbox', 'ledger'] as const
const countsOf = async () =>
  Object.fromEntries(await Promise.all(tables.map(async (id) => [id, (await itemsOf(id)).length] as const)))

const stateOf = async (world: World) => ({
  items: await countsOf(),
  offset: world.stack.clock.offsetSeconds(),
  messages: world.stack.services.inbox.messages(),
  faults: world.stack.services.faults.pending(),
  deadLetters: (await world.get('/_local/dead-letters')).body,
})

test('a file finds no people, entries, messages, faults and no moved clock of the file before', async () => {
  const first = await nextFile()
  const fresh = await stateOf(first)
  const person = await first.identity()
  const token = await signIn(first, person)
  await first.post('/api/auth/forgot-password', { email: person.email })
  expect(await entriesOf(first, person.userId)).not.toEqual([])
  await first.advance(40 * 86_400)
  await first.post('/_local/faults', { service: 'ses', mode: 'fail-before', count: 1000 })
  expect(await stateOf(first)).not.toEqual(fresh)

  const second = await nextFile()
  expect(second.url).toBe(first.url)
  expect(await stateOf(second)).toEqual(fresh)
  expect((await second.get(`/admin/identities/${person.userId}`)).status).toBe(404)
  expect((await second.get('/api/auth/session', { token })).status).toBe(401)
})

test('a file is not limited by the requests of the file before, from whatever address it asked', async () => {
  let asked = 0
  const ask = async (world: World) => {
    asked += 1
    return (await world.post('/api/auth/forgot-password', { email: `a${asked}@example.com` })).status
  }
  const first = await nextFile()
  await first.put('/_local/source-ip', { ip: '203.0.113.7' })
  while ((await ask(first)) === 200);
  const second = await nextFile()
  expect(await ask(second)).toBe(200)
  await second.put('/_local/source-ip', { ip: '203.0.113.7' })
  expect(await ask(second)).toBe(200)
})

test('a file that shares no world finds the process as it was: its clock, its environment', async () => {
  await endSharedWorld()
  const before = { ...process.env }
  const world = await nextFile()
  await world.advance(86_400)
  expect(process.env).not.toEqual(before)
  const movedBy = Date.now() - performance.timeOrigin - performance.now()
  await beginFile(false)
  expect(await sharedWorld()).toBeUndefined()
  expect(process.env).toEqual(before)
  expect(Date.now() - performance.timeOrigin - performance.now()).toBeLessThan(movedBy - 80_000_000)
  await expect(fetch(`${world.url}/health`)).rejects.toThrow()
})
