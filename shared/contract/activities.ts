/** What an account's owner is told of what happened to it: one name for what they would call the same thing. */
export const activities = [
  'SIGNED_IN',
  'SIGN_IN_FAILED',
  'SIGNED_OUT',
  'CODE_SENT',
  'RESET_FAILED',
  'PASSWORD_CHANGED',
  'PIN_CHANGED',
  'PIN_FAILED',
  'PIN_LOCKED',
  'RECOVERY_FROZEN',
  'ACCOUNT_CHANGED',
] as const

export type Activity = (typeof activities)[number]

/** So many are shown at most. */
export const mostActivities = 10
