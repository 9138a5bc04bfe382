/** What the tables hold, read past the routes. The stores are loaded late: they take their tables from the stack's environment. */
import type { Identity } from '#shared/domain/identity.ts'
import type { Session } from '#shared/domain/session.ts'

/** @returns the stored identity. @throws Error when there is none. */
export async function identityAsStored(userId: string): Promise<Identity> {
  const { readIdentity } = await import('#shared/stores/identities.ts')
  const identity = await readIdentity(userId)
  if (identity === undefined) throw new Error(`${userId} is not stored`)
  return identity
}

/** Sessions of an identity, dead ones too. */
export async function storedSessions(userId: string): Promise<Session[]> {
  const { sessionsOf } = await import('#shared/stores/sessions.ts')
  return sessionsOf(userId)
}

/** Every item of a table. */
export async function itemsOf(table: 'identities' | 'challenges' | 'sessions' | 'outbox' | 'ledger') {
  const { scan } = await import('#shared/stores/database.ts')
  const items: Record<string, unknown>[] = []
  let from: Record<string, string | number> | undefined
  do {
    const page = await scan(table, from)
    items.push(...page.items)
    from = page.next
  } while (from !== undefined)
  return items
}
