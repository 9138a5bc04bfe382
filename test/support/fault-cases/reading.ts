/** Steps that only read: whatever fails, nothing changes. */
import { adminOf } from '#test/support/admin.ts'
import type { CasesOf } from './case.ts'
import { inSession, of } from './starts.ts'

export const reading: CasesOf<
  | 'get-session'
  | 'list-sessions'
  | 'introspect-session'
  | 'get-identity'
  | 'find-identity'
  | 'identity-state'
  | 'read-ledger'
  | 'health'
> = (world) => ({
  'get-session': {
    'its own session': {
      again: 'OK',
      prepare: inSession((token) => world.get('/api/auth/session', { token })),
    },
    'its own account': {
      again: 'OK',
      prepare: inSession((token) => world.get('/api/auth/account', { token })),
    },
  },
  'list-sessions': {
    'the sessions': {
      again: 'OK',
      prepare: inSession((token) => world.get('/api/auth/sessions', { token })),
    },
  },
  'introspect-session': {
    'a session of somebody': {
      again: 'OK',
      prepare: inSession((token) => world.post('/admin/sessions/introspect', { token })),
    },
  },
  'get-identity': {
    'an identity': { again: 'OK', prepare: of(({ userId }) => adminOf(world).get(userId)) },
  },
  'find-identity': {
    'by an email': { again: 'OK', prepare: of(({ email }) => adminOf(world).find(`email=${email}`)) },
  },
  'identity-state': {
    'how it stands': { again: 'OK', prepare: of(({ userId }) => adminOf(world).state(userId)) },
    'its addresses in clear': {
      leaves: ['ADDRESSES_SHOWN', 'success'],
      again: 'OK',
      repeats: true,
      prepare: of(({ userId }) => adminOf(world).showAddresses(userId)),
    },
  },
  'read-ledger': {
    'a ledger': {
      again: 'OK',
      prepare: of(({ userId }) => world.get(`/admin/identities/${userId}/ledger`)),
    },
  },
  health: {
    health: { again: 'OK', prepare: of(() => world.get('/health')) },
  },
})
