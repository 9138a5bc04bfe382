/** better-auth: its tables `user` and `account` in one document, or users with their password beside them. */
import { isOver, listIn, names, objectOf, Reader, suspendedIf } from './fields.ts'
import type { Fields, Source } from './source.ts'

const passwordOf = (accounts: readonly unknown[]) =>
  accounts.map(objectOf).find((each) => (each?.['providerId'] ?? each?.['provider_id']) === 'credential')?.[
    'password'
  ]

/** Each user with the accounts that name it. */
function joined(document: unknown): readonly unknown[] | undefined {
  const users = Array.isArray(document) ? document : listIn(document, 'user', 'users')
  const accounts = listIn(document, 'account', 'accounts')
  if (users === undefined || accounts === undefined) return users
  const byUser = new Map<string, Fields[]>()
  for (const account of accounts.map(objectOf)) {
    const userId = String(account?.['userId'] ?? account?.['user_id'])
    if (account !== undefined) byUser.set(userId, [...(byUser.get(userId) ?? []), account])
  }
  return users.map((user) => ({
    ...objectOf(user),
    accounts: byUser.get(String(objectOf(user)?.['id'])) ?? [],
  }))
}

export const betterAuth: Source = {
  listOf: joined,
  map(record) {
    const read = new Reader(record)
    // A visitor who never signed up, with an address that is none.
    if (read.is('isAnonymous')) return undefined
    return {
      userId: read.text('id'),
      ...names(read.text('username'), read.text('email')),
      phone: read.text('phoneNumber'),
      passwordHash: read.text('password') ?? passwordOf(read.list('accounts', 'account')),
      ...suspendedIf(read.is('banned') && !isOver(read.value('banExpires'))),
    }
  },
}
