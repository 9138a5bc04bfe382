/** What each type of entry tells of, and which of its fields: in words and in schemas (docs/events.md, docs/events.json). */
import { flows } from '#shared/contract/flows.ts'
import type { EventType } from '#shared/events.ts'
import { namePattern, type PublishedField } from '#shared/ledger/published.ts'
import { eventWords } from '#shared/words/events.ts'

type Schema = Readonly<Record<string, unknown>>

interface Field {
  readonly what: string
  readonly schema: Schema
}

const text: Schema = { type: 'string', minLength: 1 }
const name: Schema = { type: 'string', pattern: namePattern.source }
const instant: Schema = { type: 'integer', minimum: 0 }

/** Each field that is published. */
export const fields: Readonly<Record<PublishedField, Field>> = {
  id: { what: 'the entry’s id, the same however often its event comes', schema: text },
  type: { what: 'as `detail-type`', schema: text },
  time: { what: 'when it happened, epoch milliseconds', schema: instant },
  actor: {
    what: '`subject` (the person, or whoever claims to be), `system`, or the ARN of an admin',
    schema: text,
  },
  userId: { what: 'whom it is about', schema: { type: 'string', pattern: '^[A-Za-z0-9_.|@:+-]{1,128}$' } },
  pseudonym: {
    what: 'in place of `userId` where nobody has what was typed: the same for the same, by a key that stays with Latchkey',
    schema: text,
  },
  flow: { what: 'which recovery or proof', schema: { enum: Object.keys(flows) } },
  outcome: { what: '`success` or `failure`', schema: { enum: ['success', 'failure'] } },
  reason: { what: 'why, in one word', schema: name },
  factors: {
    what: 'what was proved, each with its group',
    schema: {
      type: 'array',
      items: {
        type: 'object',
        properties: { group: { enum: ['KNOWLEDGE', 'POSSESSION', 'PRESENCE'] }, method: name },
        required: ['group', 'method'],
        additionalProperties: false,
      },
    },
  },
  otpVerified: { what: 'whether a code was right', schema: { type: 'boolean' } },
  requestId: { what: 'of the request that it came from, as its reply names it', schema: text },
  policyVersion: { what: 'version of the numbers it was judged by', schema: text },
  fields: { what: 'names of what changed, never values', schema: { type: 'array', items: text } },
  consent: { what: 'the agreement, `document@version`', schema: name },
  breachCheck: {
    what: '`skipped` where the breach service did not answer',
    schema: { enum: ['passed', 'skipped'] },
  },
  channel: { what: '`email` or `sms`', schema: { enum: ['email', 'sms'] } },
  limit: { what: 'which limit', schema: name },
  late: { what: 'it was appended later than its time says', schema: { const: true } },
  chain: { what: 'chain of the ledger: a person’s is `identity/` and their userId', schema: text },
  seq: { what: 'place in the chain: 1, 2, 3 and so on', schema: { type: 'integer', minimum: 1 } },
  writtenAt: { what: 'when it was appended, epoch milliseconds', schema: instant },
}

/** What every event has. */
export const always = [
  ...(['id', 'type', 'time', 'actor', 'outcome', 'requestId', 'policyVersion', 'chain'] as const),
  ...(['seq', 'writtenAt'] as const),
] as const satisfies readonly PublishedField[]
/** What any event may have. */
export const mayHave = ['late'] as const satisfies readonly PublishedField[]

type Own = Exclude<PublishedField, (typeof always)[number] | (typeof mayHave)[number]>

interface About {
  /** Fields that every event of this type has. */
  readonly has: readonly Own[]
  /** Fields that some have. */
  readonly may: readonly Own[]
}

const person = ['userId', 'pseudonym'] as const

/** Each type of entry. */
export const types: Readonly<Record<EventType, About>> = {
  CODE_REQUESTED: {
    has: ['flow'],
    may: [...person, 'reason'],
  },
  CODE_SENT: { has: ['flow', 'userId', 'channel'], may: [] },
  CODE_NOT_SENT: {
    has: ['flow', 'reason'],
    may: [...person],
  },
  CODE_VERIFIED: {
    has: ['flow', 'otpVerified'],
    may: [...person, 'reason', 'factors'],
  },
  IDENTITY_VERIFIED: {
    has: ['flow'],
    may: [...person, 'reason', 'factors'],
  },
  PASSWORD_RESET: {
    has: ['flow', 'otpVerified'],
    may: [...person, 'reason', 'factors', 'breachCheck'],
  },
  PIN_SET: { has: ['userId'], may: ['reason', 'factors'] },
  PIN_RESET: {
    has: ['flow', 'otpVerified'],
    may: [...person, 'reason', 'factors'],
  },
  PIN_VERIFIED: { has: ['userId'], may: ['reason', 'factors'] },
  PIN_LOCKED: { has: ['userId', 'reason'], may: [] },
  LOGIN: {
    has: [],
    may: [...person, 'flow', 'reason', 'factors', 'breachCheck'],
  },
  MFA_VERIFIED: {
    has: ['flow', 'otpVerified'],
    may: [...person, 'reason', 'factors'],
  },
  STEP_UP_VERIFIED: {
    has: ['flow', 'userId', 'otpVerified'],
    may: ['reason', 'factors'],
  },
  LOGOUT: { has: ['userId', 'reason'], may: [] },
  CONSENT_ACCEPTED: { has: ['userId'], may: ['reason', 'consent'] },
  IDENTITY_CREATED: {
    has: ['userId'],
    may: ['reason', 'fields', 'consent'],
  },
  IDENTITY_CHANGED: {
    has: [],
    may: [...person, 'reason', 'fields', 'consent', 'factors', 'breachCheck'],
  },
  RECOVERY_FROZEN: {
    has: [],
    may: [...person, 'flow', 'reason', 'fields'],
  },
  LIMIT_REACHED: {
    has: ['limit', 'reason'],
    may: [...person, 'flow', 'otpVerified', 'factors'],
  },
  LEDGER_TAMPERED: {
    has: ['reason', 'fields'],
    may: [],
  },
  SMS_PAUSED: {
    has: ['reason', 'fields'],
    may: [],
  },
  SMS_RESUMED: { has: ['reason', 'fields'], may: [] },
  ADDRESSES_SHOWN: { has: ['userId', 'fields'], may: [] },
}

export const typeNames = Object.keys(types).sort() as EventType[]

/** @returns the JSON Schema of a type's `detail`. */
function schemaOf(type: EventType): Schema {
  const { has, may } = types[type]
  const all: PublishedField[] = [...always, ...has, ...may, ...mayHave]
  const properties = all.map((field) => [
    field,
    { description: fields[field].what, ...(field === 'type' ? { const: type } : fields[field].schema) },
  ])
  return {
    title: type,
    description: eventWords[type].when,
    type: 'object',
    properties: Object.fromEntries(properties),
    required: [...always, ...has],
    additionalProperties: false,
  }
}

/** All types as one document of JSON Schema 2020-12: `$defs` by `detail-type`. */
export const eventSchemas = () => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Detail of the events that Latchkey publishes',
  oneOf: typeNames.map((type) => ({ $ref: `#/$defs/${type}` })),
  $defs: Object.fromEntries(typeNames.map((type) => [type, schemaOf(type)])),
})
