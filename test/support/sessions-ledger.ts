/** What the ledger tells of an identity, its chain proved whole by the verifier. */
import { canonical } from '#shared/ledger/canonical.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { verifyEntries } from '#shared/ledger/verify-entries.ts'
import type { World } from './world.ts'

/** @throws Tampered when the chain is not whole. */
export async function entriesOf(world: World, userId: string): Promise<Entry[]> {
  const entries = await world.ledger(userId)
  verifyEntries(entries.map(canonical), [], 0)
  return entries
}

/** Place of an event among those of its request. */
const placeOf = ({ id }: Entry) => Number(id.split('#')[1] ?? 0)

/** One line an entry, type, outcome and reason, as it happened: aliases of one identity reach the chain in no order. */
export async function storyOf(world: World, userId: string): Promise<string[]> {
  const entries = await entriesOf(world, userId)
  return entries
    .toSorted((a, b) => a.time - b.time || placeOf(a) - placeOf(b))
    .map(({ type, outcome, reason }) => [type, outcome, reason].filter(Boolean).join(' '))
}
