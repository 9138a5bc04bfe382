/** Places among a country's SMS, and orders that two workers have at once, in faults that come together. */
import { expect, test } from 'vitest'
import { useWorldByHand } from '#test/support/by-hand.ts'
import { linesOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import { pinReset } from '#test/support/recovery.ts'
import { storedChallenge, storedItem } from '#test/support/stored.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorldByHand()

async function counted() {
  const day = new Date(Date.now()).toISOString().slice(0, 10)
  return Number((await storedItem(`K#${day}#recovery#IN`))?.['sent'] ?? 0)
}
let phones = 0
async function ordered() {
  const person = await world.identity({ phone: `+9197${String(60_000_000 + ++phones)}` })
  return { person, row: await world.orderOf(pinReset.request, { phone: person.phone }, newIp()) }
}
const update = { service: 'dynamodb', operation: 'UpdateItem', function: 'deliver' } as const

test('a place that is given back by a call that is repeated is given back once', async () => {
  const before = await counted()
  const one = await ordered()
  const two = await ordered()
  await world.deliver(one.row)
  await world.deliver(two.row)
  await withFault(world, { ...update, mode: 'fail-after', skip: 1, count: 1 }, () => world.deliver(two.row))
  expect(await counted()).toBe(before + 2)
})

test('a code that another worker is sending is not said to be unsent by one that finds the person suspended', async () => {
  const { person, row } = await ordered()
  const slow = { service: 'sns', mode: 'slow', delayMs: 1500, count: 1, function: 'deliver' } as const
  await withFault(world, slow, async () => {
    const sending = world.deliver(row)
    await expect.poll(() => storedChallenge(pinReset, person)).toMatchObject({ boundAt: expect.any(Number) })
    await world.put(`/admin/identities/${person.userId}`, { status: 'suspended' })
    expect(await world.deliver(row), 'another has it').toBe(1)
    expect(await sending).toBe(0)
  })
  expect(await world.deliver(row)).toBe(0)
  expect(world.messages(person.phone)).toHaveLength(1)
  const lines = await linesOf(world, person.userId)
  expect(lines).toContain('CODE_SENT success')
  expect(lines.filter((line) => line.startsWith('CODE_NOT_SENT'))).toEqual([])
})
