/** What the event bus is told of an entry: facts for programs. No hash, and nothing that somebody typed. */
import type { Entry } from './entry.ts'

/** Of every field of an entry, whether it is published: whoever adds one has to say so here. */
const published = {
  id: true,
  type: true,
  time: true,
  actor: true,
  userId: true,
  pseudonym: true,
  flow: true,
  outcome: true,
  reason: true,
  factors: true,
  otpVerified: true,
  requestId: true,
  policyVersion: true,
  fields: true,
  consent: true,
  breachCheck: true,
  channel: true,
  limit: true,
  late: true,
  chain: true,
  seq: true,
  writtenAt: true,
  // They prove the ledger, which a bus cannot.
  hash: false,
  prevHash: false,
  // An admin's own words, and what a client says of itself: either may name anybody.
  note: false,
  device: false,
  userAgent: false,
} as const satisfies Readonly<Record<keyof Entry, boolean>>

type Published = typeof published
export type PublishedField = {
  [Field in keyof Published]: Published[Field] extends true ? Field : never
}[keyof Published]
export type Detail = Pick<Entry, PublishedField>

/** Names that may come from a client, such as an agreement's where the deployer lists none: told only where they read as names. */
const names: ReadonlySet<string> = new Set(['reason', 'consent'])
export const namePattern = /^[\w.@-]{1,151}$/

const isTold = ([field, value]: [string, unknown]) =>
  (published as Readonly<Record<string, boolean>>)[field] === true &&
  (!names.has(field) || namePattern.test(String(value)))

/** @returns the detail of an entry's event. */
export const detailOf = (entry: Entry): Detail =>
  Object.fromEntries(Object.entries(entry).filter(isTold)) as unknown as Detail
