/** G4: no order of calls but a flow's own changes a credential. `npm run prove -- model` goes further, with a seed of its own each time. */
import { expect, test } from 'vitest'
import { type RouteId, routes } from '#shared/contract/routes.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sized } from '#test/support/whole.ts'
import { routesWithCommand } from './model/commands.ts'
import { holdToModel } from './model/hold.ts'

const world = useWorld()

// A given seed: three sequences of chance may well succeed at nothing, and the last line would fail for no reason.
const { MODEL_RUNS: runs = String(sized(1, 3)), MODEL_SEED: seed = '1' } = process.env

test('every route of the table has a command', () => {
  expect(routesWithCommand.toSorted()).toEqual((Object.keys(routes) as RouteId[]).toSorted())
})

test('random sequences of calls change credentials exactly where the reference allows it', async () => {
  const given = { runs: Number(runs), maxCommands: 40, seed: Number(seed) }
  const { changes } = await holdToModel(world, given)
  // Sequences in which nothing ever succeeds would prove nothing.
  expect(changes).toBeGreaterThan(Number(runs))
}, 3_600_000)
