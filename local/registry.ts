/** What the stack's tables say of people. The stores are loaded late: they read the environment. */
import type { Identity } from '#shared/domain/identity.ts'
import { identityChain } from '#shared/ledger/chains.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { identityKeys } from '#shared/stores/keys.ts'

/** Everybody who is registered, in no order; the decoy is nobody. @throws Unavailable */
export async function allPeople(): Promise<readonly Identity[]> {
  const { scan } = await import('#shared/stores/database.ts')
  const people: Identity[] = []
  let from: Record<string, string | number> | undefined
  do {
    const page = await scan('identities', from)
    people.push(...(page.items as unknown as Identity[]).filter(isPerson))
    from = page.next
  } while (from !== undefined)
  return people
}

const isPerson = ({ pk }: Identity) => pk.startsWith(identityKeys.identity) && pk !== identityKeys.decoy

/** Everything that the ledger holds of a person, oldest first. @throws Unavailable */
export async function allEntriesOf(userId: string): Promise<readonly Entry[]> {
  const { readEntriesAfter } = await import('#shared/stores/ledger.ts')
  const entries: Entry[] = []
  for await (const entry of readEntriesAfter(identityChain(userId), 0)) entries.push(entry)
  return entries
}
