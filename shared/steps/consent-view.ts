/** An acceptance as replies show it. */
import type { OpeningConsent } from '../domain/consent.ts'
import { iso } from '../domain/iso.ts'

export const consentView = ({ document, version, acceptedAt }: OpeningConsent) => ({
  document,
  version,
  acceptedAt: iso(acceptedAt),
})
