/** What the ledger tells of an identity, in the order in which it happened. */
import type { Entry } from '#shared/ledger/entry.ts'
import { entriesOf, lineOf } from './entries.ts'
import type { World } from './world.ts'

export { entriesOf }

/** Place of an event among those of its request. */
const placeOf = ({ id }: Entry) => Number(id.split('#')[1] ?? 0)

/** One line an entry, type, outcome and reason, as it happened: aliases of one identity reach the chain in no order. */
export async function storyOf(world: World, userId: string): Promise<string[]> {
  const entries = await entriesOf(world, userId)
  return entries.toSorted((a, b) => a.time - b.time || placeOf(a) - placeOf(b)).map(lineOf)
}
