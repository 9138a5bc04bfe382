/** The ledger of one identity as tests read it: whole, and one line an entry. */
import { canonical } from '#shared/ledger/canonical.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { verifyEntries } from '#shared/ledger/verify-entries.ts'
import type { World } from './world.ts'

/** @throws Tampered when an entry is missing, changed or out of place. */
export function verifyChain(entries: readonly Entry[]): void {
  verifyEntries(entries.map(canonical), [], Number.NEGATIVE_INFINITY)
}

/** `PIN_RESET failure wrong_code` */
export const lineOf = ({ type, outcome, reason }: Entry): string =>
  [type, outcome, reason].filter((part) => part !== undefined).join(' ')

/** All entries, once the chain is found whole. */
export async function entriesOf(world: World, userId: string): Promise<Entry[]> {
  const entries = await world.ledger(userId)
  verifyChain(entries)
  return entries
}

/** Place of an event among those of its request. */
const placeOf = ({ id }: Entry) => Number(id.split('#')[1] ?? 0)

/** One line an entry, as it happened: aliases of one identity reach the chain in no order. */
export async function storyOf(world: World, userId: string): Promise<string[]> {
  const entries = await entriesOf(world, userId)
  return entries.toSorted((a, b) => a.time - b.time || placeOf(a) - placeOf(b)).map(lineOf)
}

/** The chain is whole; its entries after registration, one line each, oldest first. */
export async function linesOf(world: World, userId: string): Promise<string[]> {
  const lines = (await entriesOf(world, userId)).map(lineOf)
  // Rows of a typed subject and of the userId come by different ways, so registration may be appended after an ask.
  const at = lines.indexOf('IDENTITY_CREATED success')
  if (at < 0) throw new Error('The registration is not in the ledger')
  return lines.toSpliced(at, 1)
}
