/** What the admin routes share. */

import type { Call } from '../call/call.ts'
import { userId as userIdSchema } from '../contract/schemas.ts'
import { openingConsent } from '../domain/consent.ts'
import type { Identity } from '../domain/identity.ts'
import { iso } from '../domain/iso.ts'
import { settings } from '../settings.ts'
import { readIdentity } from '../stores/identities.ts'
import { consentView } from './consent-view.ts'

/** The userId of the path, or undefined where it is none. */
export function pathUserId(call: Pick<Call, 'path'>): string | undefined {
  return userIdSchema.safeParse(call.path['userId']).data
}

/** The identity that the path names. @throws Unavailable */
export async function identityOfPath(call: Pick<Call, 'path'>): Promise<Identity | undefined> {
  const userId = pathUserId(call)
  return userId === undefined ? undefined : readIdentity(userId)
}

/** An identity as the admin sees it: which secrets there are, never the secrets. */
export function identityView(identity: Identity) {
  const {
    userId,
    email,
    username,
    phone,
    locale,
    status,
    mfaEnabled,
    consents,
    password,
    pin,
    resetRequired,
  } = identity
  // By name: the table gives them in no order, and what did not change must read the same.
  const consentList = Object.keys(consents)
    .sort()
    .flatMap((document) => (consents[document] ? [consentView({ document, ...consents[document] })] : []))
  const opening = openingConsent(identity, settings().CONSENT)
  return {
    userId,
    email: email ?? null,
    username: username ?? null,
    phone: phone ?? null,
    locale,
    status,
    mfaEnabled,
    consent: opening && consentView(opening),
    consents: consentList,
    hasPassword: password !== undefined,
    hasPin: pin !== undefined,
    resetRequired: resetRequired === true,
    createdAt: iso(identity.createdAt),
    updatedAt: iso(identity.updatedAt),
  }
}
