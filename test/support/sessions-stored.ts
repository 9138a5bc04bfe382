/** What the tables hold, read past the routes. Only while a world runs. */
import type { Identity } from '#shared/domain/identity.ts'
import type { Session } from '#shared/domain/session.ts'
import { type Key, scan } from '#shared/stores/database.ts'
import { readIdentity } from '#shared/stores/identities.ts'
import { eachItem } from '#shared/stores/pages.ts'
import { sessionsOf } from '#shared/stores/sessions.ts'
import type { Stored } from '#shared/stores/stored.ts'
import type { TableId } from '#shared/tables.ts'

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
export async function itemsOf<T extends TableId>(table: T): Promise<Stored<T>[]> {
  const items: Stored<T>[] = []
  for await (const item of eachItem((from: Key | undefined) => scan(table, from))) items.push(item)
  return items
}
