/** G4: no order of calls but a flow's own changes a credential. `MODEL_RUNS` makes it longer, `MODEL_SEED` repeats one. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type World } from '#test/support/world.ts'
import { holdToModel } from './recovery-model.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ settings: { LOGIN_FLOOR_MS: '0' } })
})
afterAll(() => world.close())

const { MODEL_RUNS: runs = '6', MODEL_SEED: seed } = process.env

test('random sequences of calls change credentials exactly where the reference allows it', async () => {
  const changes = await holdToModel(world, Number(runs), seed === undefined ? undefined : Number(seed))
  // Sequences in which nothing ever succeeds would prove nothing.
  expect(changes).toBeGreaterThan(Number(runs) / 2)
}, 3_600_000)
