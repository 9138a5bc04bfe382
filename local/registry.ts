/** What the stack's tables say of people. */
import type { Identity } from '#shared/domain/identity.ts'
import { identityChain } from '#shared/ledger/chains.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { type Item, type Key, scan } from '#shared/stores/database.ts'
import { identityOf } from '#shared/stores/identities.ts'
import { identityKeys } from '#shared/stores/keys.ts'
import { readEntriesAfter } from '#shared/stores/ledger.ts'
import { eachItem } from '#shared/stores/pages.ts'

/** Everybody who is registered, in no order; the decoy is nobody. @throws Unavailable */
export async function allPeople(): Promise<readonly Identity[]> {
  const people: Identity[] = []
  const all = eachItem((from: Key | undefined) => scan('identities', from))
  for await (const item of all) if (isPerson(item)) people.push(identityOf(item))
  return people
}

const isPerson = ({ pk }: Item) => String(pk).startsWith(identityKeys.identity) && pk !== identityKeys.decoy

/** Everything that the ledger holds of a person, oldest first. @throws Unavailable */
export async function allEntriesOf(userId: string): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for await (const entry of readEntriesAfter(identityChain(userId), 0)) entries.push(entry)
  return entries
}
