/** Steps of a team's own backend. */
import { randomBytes } from 'node:crypto'
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import { adminOf } from '#test/support/admin.ts'
import { signIn } from '#test/support/sessions.ts'
import type { TestIdentity } from '#test/support/world.ts'
import type { CasesOf } from './case.ts'
import { of } from './starts.ts'

/** Somebody who is not registered yet. */
function newcomer(): TestIdentity {
  const unique = randomBytes(5).toString('hex')
  const phone = `+2012${String(Number.parseInt(unique.slice(0, 6), 16)).padStart(8, '0')}`
  return {
    userId: `u-${unique}`,
    email: `${unique}@example.com`,
    username: `n-${unique}`,
    phone,
    password: seedPassword,
  }
}

const changed = { leaves: ['IDENTITY_CHANGED', 'success'] } as const

export const administering: CasesOf<
  | 'put-identity'
  | 'delete-identity'
  | 'unlock-identity'
  | 'require-reset'
  | 'sign-out-identity'
  | 'set-status'
> = (world) => {
  const { put, erase, unlock, requireReset, signOut, suspend } = adminOf(world)
  return {
    'put-identity': {
      registration: {
        leaves: ['IDENTITY_CREATED', 'success'],
        again: 'OK',
        async prepare() {
          const person = newcomer()
          const { userId, password: _, ...fields } = person
          return { person, call: () => put(userId, { ...fields, passwordHash: seedPasswordHash }) }
        },
      },
      'a change of address': {
        ...changed,
        again: 'OK',
        // To the old address and to the new one, which is another mailbox.
        tells: [1, 0],
        prepare: of(world, ({ userId, email }) => put(userId, { email: `new-${email}` })),
      },
      'the hash that was put last, upgraded since': {
        again: 'OK',
        async prepare() {
          const person = await world.identity()
          await signIn(world, person)
          return { person, call: () => put(person.userId, { passwordHash: seedPasswordHash }) }
        },
      },
    },
    'delete-identity': {
      erasure: { ...changed, again: 'NOT_FOUND', prepare: of(world, ({ userId }) => erase(userId)) },
    },
    'unlock-identity': {
      unlocking: {
        ...changed,
        again: 'OK',
        repeats: true,
        prepare: of(world, ({ userId }) => unlock(userId)),
      },
    },
    'require-reset': {
      'a password made unusable': {
        ...changed,
        again: 'OK',
        repeats: true,
        tells: [1, 0],
        prepare: of(world, ({ userId }) => requireReset(userId)),
      },
    },
    'sign-out-identity': {
      'all sessions ended': {
        leaves: ['LOGOUT', 'success'],
        again: 'OK',
        repeats: true,
        prepare: of(world, ({ userId }) => signOut(userId)),
      },
    },
    'set-status': {
      'a suspension': { ...changed, again: 'OK', prepare: of(world, ({ userId }) => suspend(userId)) },
    },
  }
}
