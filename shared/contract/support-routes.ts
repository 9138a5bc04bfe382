/** The rows of the table of routes that support needs beside those of a team's own backend. */

export const admin = { access: 'admin', throttle: 'admin' } as const
/** What an admin does to one identity, with a reason for the entry. */
export const act = { ...admin, body: 'reason', bodyOptional: true, codes: ['NOT_FOUND'] } as const

export const supportRoutes = {
  findIdentity: {
    ...admin,
    method: 'GET',
    path: '/admin/identities',
    step: 'find-identity',
    codes: ['NOT_FOUND', 'VALIDATION_FAILED'],
    query: ['email', 'phone', 'username', 'reference'],
    summary: 'Find an identity by one of these: what a person says, or the reference in a notice',
  },
  identityState: {
    ...admin,
    method: 'GET',
    path: '/admin/identities/{userId}/state',
    step: 'identity-state',
    codes: ['NOT_FOUND'],
    summary: 'What support has to know of an identity; addresses masked',
  },
  showAddresses: {
    ...act,
    method: 'POST',
    path: '/admin/identities/{userId}/state',
    step: 'identity-state',
    summary: 'The email and phone of an identity in clear; that they were shown is an entry',
  },
  signOutIdentity: {
    ...act,
    method: 'POST',
    path: '/admin/identities/{userId}/sign-out',
    step: 'sign-out-identity',
    summary: 'End all sessions of an identity',
  },
  suspendIdentity: {
    ...act,
    method: 'POST',
    path: '/admin/identities/{userId}/suspend',
    step: 'set-status',
    summary: 'Suspend an identity',
  },
  resumeIdentity: {
    ...act,
    method: 'POST',
    path: '/admin/identities/{userId}/resume',
    step: 'set-status',
    summary: 'Make a suspended identity active again',
  },
} as const

/** What the support page asks, and all that its console passes on. The role `support` may call these and erase (infra/people-access.ts). */
export const supportPageRoutes = [
  'findIdentity',
  'identityState',
  'identityLedger',
  'showAddresses',
  'unlockIdentity',
  'requireReset',
  'signOutIdentity',
  'suspendIdentity',
  'resumeIdentity',
] as const
export type SupportPageRoute = (typeof supportPageRoutes)[number]
