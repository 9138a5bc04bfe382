/** G8, G14: a worker killed in the midst of its work loses nothing. In full: npm run prove -- workers. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Death, Killable } from '#test/support/killable.ts'
import { createKillableWorld } from '#test/support/killable.ts'
import { recover, workerCases } from '#test/support/worker-cases/index.ts'

let world: Killable
beforeAll(async () => {
  world = await createKillableWorld()
})
afterAll(() => world.close())

const sending: Death = { service: 'ses', mode: 'hang', count: 40, skip: 0 }
const appending: Death = { service: 'dynamodb', mode: 'hang', count: 40, skip: 1 }

test.each([
  ['a code by email', 'as it sends', sending],
  ['a guess', 'as it appends', appending],
] as const)('%s, its worker killed %s: done once, nothing is lost', async (name, _, death) => {
  const given = workerCases[name]
  if (given === undefined) throw new Error('There is no such case')
  const before = world.killed()
  const { act, check } = await given.prepare(world)
  await world.idle()
  world.doom(given.worker, death)
  await act()
  await world.idle()
  expect(world.killed()).toBe(before + 1)
  await recover(world)
  await check(false)
})
