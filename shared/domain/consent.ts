/** Legal agreements: which can be accepted, which opens the PIN gate, how many an identity keeps. */
import { policy } from '../policy.ts'

export interface Consent {
  readonly version: string
  /** Epoch ms. */
  readonly acceptedAt: number
  /** Version that the team's own backend put last, whatever the person has accepted since. */
  readonly lastPut?: string
}

/** By document. */
export type Consents = Readonly<Record<string, Consent>>

export interface Agreement {
  readonly document: string
  readonly version: string
}

/**
 * The name of an agreement in entries: `document@version`. An `@` or `%` of the document is percent-encoded, so that no two
 * agreements share a name.
 */
export const agreementName = ({ document, version }: Agreement): string =>
  `${document.replace(/[%@]/g, encodeURIComponent)}@${version}`

/** Takes a setting's `document@version`, or a document alone, apart. */
export function parseAgreement(name: string): { readonly document: string; readonly version?: string } {
  const at = name.indexOf('@')
  return at === -1 ? { document: name } : { document: name.slice(0, at), version: name.slice(at + 1) }
}

/** Whether a setting of the list of agreements names each by document and version. */
export const isAgreementName = (name: string): boolean => /^[^@,\s][^@,]{0,99}@[^,\s][^,]{0,49}$/.test(name)

/** Whether an agreement is one that is required. @param required `document`, `document@version`, or empty for any */
const isRequired = ({ document, version }: { document: string; version?: string }, required: string) => {
  const wanted = parseAgreement(required)
  return (
    (wanted.document === '' || wanted.document === document) &&
    (wanted.version === undefined || wanted.version === version)
  )
}

/** Whether an agreement of the list opens the PIN gate. */
const opens = (required: string) => (name: string) => isRequired(parseAgreement(name), required)

/** Whether a setting of what opens the PIN gate can be met: a gate that no agreement opens would shut every person out. */
export const canBeMet = (required: string, listed: readonly string[]): boolean =>
  (required === '' || isAgreementName(required.includes('@') ? required : `${required}@1`)) &&
  (listed.length === 0 || listed.some(opens(required)))

/** The newest that a person may be asked for, as `document@version`; what is required itself where nothing is listed. */
export const agreementToAsk = (required: string, listed: readonly string[]): string =>
  listed.findLast(opens(required)) ?? required

export interface ConsentProblem {
  readonly field: keyof Agreement
  readonly message: string
}

/** Why an agreement is none that can be accepted. @param listed `document@version` each; empty: all can be */
export function agreementProblem(
  agreement: Agreement,
  listed: readonly string[],
): ConsentProblem | undefined {
  if (listed.length === 0 || listed.includes(agreementName(agreement))) return undefined
  const isKnown = listed.some((name) => parseAgreement(name).document === agreement.document)
  return isKnown
    ? { field: 'version', message: 'is none of this document that can be accepted' }
    : { field: 'document', message: 'is none that can be accepted' }
}

/** Why an identity takes no more documents. None makes room for another: that would let a session wipe what was accepted. */
export function consentsProblem(consents: Consents, { document }: Agreement): ConsentProblem | undefined {
  if (consents[document] !== undefined || Object.keys(consents).length < policy.consentsPerIdentity)
    return undefined
  return {
    field: 'document',
    message: `is one too many: ${policy.consentsPerIdentity} documents are on record, and no more are kept`,
  }
}

/** The consents with one more, which replaces another version of the same document. */
export const withConsent = (
  consents: Consents,
  { document, version }: Agreement,
  acceptedAt: number,
  lastPut: string | undefined = consents[document]?.lastPut,
): Consents => ({
  ...consents,
  [document]: { version, acceptedAt, ...(lastPut !== undefined && { lastPut }) },
})

export interface OpeningConsent extends Consent {
  readonly document: string
}

/**
 * The agreement that opens the PIN gate, or null.
 * @param required `document`, `document@version`, or empty for any (then the newest)
 */
export function openingConsent(
  { consents }: { readonly consents: Consents },
  required: string,
): OpeningConsent | null {
  const open = Object.entries(consents)
    .map(([document, consent]) => ({ document, ...consent }))
    .filter((consent) => isRequired(consent, required))
    .sort((a, b) => b.acceptedAt - a.acceptedAt)
  return open[0] ?? null
}
