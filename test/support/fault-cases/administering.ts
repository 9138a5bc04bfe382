/** Steps of a team's own backend. */
import { seedPasswordHash } from '#local/seed.ts'
import { adminOf } from '#test/support/admin.ts'
import { newPerson, storePerson } from '#test/support/as-stored.ts'
import { signIn } from '#test/support/sessions.ts'
import type { CasesOf } from './case.ts'
import { of } from './starts.ts'

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
          const person = newPerson()
          const { userId, password: _, ...fields } = person
          return { person, call: () => put(userId, { ...fields, passwordHash: seedPasswordHash }) }
        },
      },
      'a change of address': {
        ...changed,
        again: 'OK',
        // To the old address and to the new one, which is another mailbox.
        tells: [1, 0],
        prepare: of(({ userId, email }) => put(userId, { email: `new-${email}` })),
      },
      'the hash that was put last, upgraded since': {
        again: 'OK',
        async prepare() {
          const person = await storePerson()
          await signIn(world, person)
          return { person, call: () => put(person.userId, { passwordHash: seedPasswordHash }) }
        },
      },
    },
    'delete-identity': {
      erasure: { ...changed, again: 'NOT_FOUND', prepare: of(({ userId }) => erase(userId)) },
    },
    'unlock-identity': {
      unlocking: {
        ...changed,
        again: 'OK',
        repeats: true,
        prepare: of(({ userId }) => unlock(userId)),
      },
    },
    'require-reset': {
      'a password made unusable': {
        ...changed,
        again: 'OK',
        repeats: true,
        tells: [1, 0],
        prepare: of(({ userId }) => requireReset(userId)),
      },
    },
    'sign-out-identity': {
      'all sessions ended': {
        leaves: ['LOGOUT', 'success'],
        again: 'OK',
        repeats: true,
        prepare: of(({ userId }) => signOut(userId)),
      },
    },
    'set-status': {
      'a suspension': { ...changed, again: 'OK', prepare: of(({ userId }) => suspend(userId)) },
    },
  }
}
