/** What the tables hold, read past the routes. Only while a world runs. */
import type { Identity } from '#shared/domain/identity.ts'
import type { Session } from '#shared/domain/session.ts'
import { scan } from '#shared/stores/database.ts'
import { readIdentity } from '#shared/stores/identities.ts'
import { sessionsOf } from '#shared/stores/sessions.ts'

/** @returns the stored identity. @throws Error when there is none. */
export async function identityAsStored(userId: string): Promise<Identity> {
  const identity = await readIdentity(userId)
  if (identity === undefined) throw new Error(`${userId} is not stored`)
  return identity
}

/** Sessions of an identity, dead ones too. */
export async function storedSessions(userId: string): Promise<Session[]> {
  return sessionsOf(userId)
}

/** Every item of a table. */
export async function itemsOf(
  table: 'identities' | 'challenges' | 'sessions' | 'outbox' | 'notices' | 'ledger',
) {
  const items: Record<string, unknown>[] = []
  let from: Record<string, string | number> | undefined
  do {
    const page = await scan(table, from)
    items.push(...page.items)
    from = page.next
  } while (from !== undefined)
  return items
}
