/** What the stack's tables say of people. */
import type { Identity } from '#shared/domain/identity.ts'
import { identityChain } from '#shared/ledger/chains.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { type Item, scan } from '#shared/stores/database.ts'
import { identityOf } from '#shared/stores/identities.ts'
import { identityKeys } from '#shared/stores/keys.ts'
import { readEntriesAfter } from '#shared/stores/ledger.ts'

/** Everybody who is registered, in no order; the decoy is nobody. @throws Unavailable */
export async function allPeople(): Promise<readonly Identity[]> {
  const people: Identity[] = []
  let from: Record<string, string | number> | undefined
  do {
    const page = await scan('identities', from)
    people.push(...page.items.filter(isPerson).map(identityOf))
    from = page.next
  } while (from !== undefined)
  return people
}

const isPerson = ({ pk }: Item) => String(pk).startsWith(identityKeys.identity) && pk !== identityKeys.decoy

/** Everything that the ledger holds of a person, oldest first. @throws Unavailable */
export async function allEntriesOf(userId: string): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for await (const entry of readEntriesAfter(identityChain(userId), 0)) entries.push(entry)
  return entries
}
