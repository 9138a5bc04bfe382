/** The reply of a finished sign-in. */
import { done, type Reply } from '../call/reply.ts'

/** It says that no code is to come, for readers who tell the two replies of a login apart by their fields. */
export const signedIn = (session: { readonly token: string; readonly expiresInSeconds: number }): Reply =>
  done('You are signed in.', {
    outcome: 'SIGNED_IN',
    mfaRequired: false,
    accessToken: session.token,
    expiresInSeconds: session.expiresInSeconds,
  })
