/** G4: the model-based test is worth something: it finds steps that were made to be skipped. `npm run prove -- model` plants more. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdToModel } from './model/hold.ts'
import { createPlantedWorld, type PlantedWorld } from './model/planted.ts'

let planted: PlantedWorld
beforeAll(async () => {
  planted = await createPlantedWorld()
})
afterAll(() => planted.world.close())

// Seeds that come to it early.
test.each([
  ['a reset leaves the epoch', 4],
  ['sessions outlive a reset', 7],
] as const)(
  '%s: found',
  async (skip, seed) => {
    planted.plant(skip)
    const found: unknown = await holdToModel(planted.world, { runs: 20, maxCommands: 20, seed }).catch(
      (error: unknown) => error,
    )
    // An epoch that stands, or a session that lives, where the reference allows neither.
    expect(String((found as Error).cause)).toMatch(/AssertionError/)
  },
  300_000,
)
