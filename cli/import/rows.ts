/** Rows of an import file as bodies of the route that registers identities, or with what is wrong and what to do. */
import type { CountryCode } from 'libphonenumber-js/min'
import { type Body, bodies, userId as userIdSchema } from '#shared/contract/schemas.ts'
import { NoText } from '../line-files.ts'
import { Problem } from '../problem.ts'
import { advice, hashRefusal, userIdFault } from './advice.ts'
import { asConsent, asFlag, asLocale, asPhone, asStatus, asText, isRounded, trimmed } from './cells.ts'
import { objectOf } from './fields.ts'
import { savedAsText } from './foreign-files.ts'
import { columnsOf } from './header.ts'
import { type FileRecord, readRecords } from './records.ts'
import type { Fields, HashConfig, Source } from './source.ts'

export interface ImportRow {
  readonly line: number
  readonly userId?: string
  readonly identity?: Body<'identity'>
  /** Why the row is refused; holds no value but field names. */
  readonly refused?: string
  /** The row as it can be mended, in the names of ours. */
  readonly fields?: Fields
  /** What stands in the file where there are no fields. */
  readonly text?: string
  /** Names of what was left out of it, as asked. */
  readonly leftOut?: readonly string[]
}

export interface RowOptions {
  readonly source: Source | undefined
  readonly hashConfig: HashConfig | undefined
  /** Of phone numbers without their country's code. */
  readonly country: CountryCode | undefined
  readonly ignoreUnknown: boolean
  readonly withoutUnusableHashes: boolean
  /** Optional fields to go without where they cannot be used. */
  readonly leaveOut: readonly string[]
  readonly loginFloorMs: number
  /** Told of each row that is no person who could sign in: a deleted account, a group. */
  readonly passOver?: () => void
}

/** Empty cells are absent; the consent's two columns are one field. */
function withConsent({ consentDocument, consentVersion, ...rest }: Fields): Fields {
  return consentDocument === undefined && consentVersion === undefined
    ? rest
    : { ...rest, consent: { document: consentDocument, version: consentVersion } }
}

/** Of JSON, null takes an identifier away, as in a PUT; of all else it says nothing. */
const taking: readonly string[] = ['email', 'username', 'phone']
const saysSomething = ([name, value]: readonly [string, unknown]) =>
  value !== undefined && (value !== null || taking.includes(name))

/** What other systems and spreadsheets write, as the route has it. */
function tidied(fields: Fields, { country }: RowOptions): Fields {
  const read: Readonly<Record<string, (value: unknown) => unknown>> = {
    username: asText,
    phone: (value) => asPhone(value, country),
    locale: asLocale,
    mfaEnabled: asFlag,
    passwordHash: trimmed,
    status: asStatus,
    consent: asConsent,
  }
  return Object.fromEntries(
    Object.entries(fields)
      .filter(saysSomething)
      .map(([name, value]) => [name, value === null ? null : (read[name]?.(value) ?? value)]),
  )
}

interface Fault {
  readonly field: string
  readonly sentence: string
}

/** What is wrong with the fields beside the userId, one sentence a field. */
function faultsOf(fields: Fields, options: RowOptions): Fault[] {
  const result = bodies.identity.safeParse(fields)
  const issues = result.success ? [] : result.error.issues
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []))
  const wrong = new Set(issues.flatMap(({ path: [name] }) => (name === undefined ? [] : [String(name)])))
  const { passwordHash } = fields
  const hash =
    typeof passwordHash === 'string' && !wrong.has('passwordHash')
      ? hashRefusal(passwordHash, options.loginFloorMs)
      : undefined
  return [
    ...unknown.map((field) => ({
      field,
      sentence: 'is no field of an import; take it out, or pass over it (--ignore-unknown)',
    })),
    ...[...wrong].map((field) => ({ field, sentence: advice(field, fields[field]) })),
    ...(hash === undefined ? [] : [{ field: 'passwordHash', sentence: hash }]),
  ]
}

/** Whether the operator said to go without it. */
function mayLeaveOut(field: string, options: RowOptions): boolean {
  if (field === 'passwordHash') return options.withoutUnusableHashes
  if (options.leaveOut.includes(field)) return true
  return options.ignoreUnknown && !(field in bodies.identity.shape)
}

/** Holds a row to the schema of the route. */
function checked(line: number, mapped: Fields, options: RowOptions): ImportRow {
  const { userId: named, ...rest } = mapped
  const userId = userIdSchema.safeParse(trimmed(asText(named)))
  const fields = tidied(rest, options)
  const faults = faultsOf(fields, options)
  const left = faults.filter(({ field }) => mayLeaveOut(field, options)).map(({ field }) => field)
  const refusals = faults
    .filter(({ field }) => !left.includes(field))
    .map(({ field, sentence }) => `${field}: ${sentence}`)
  if (isRounded(named) || !userId.success) refusals.unshift(`userId: ${userIdFault(named)}`)
  const row = { line, fields: mapped, ...(userId.success && { userId: userId.data }) }
  if (refusals.length > 0) return { ...row, refused: refusals.join('; ') }
  const kept = Object.fromEntries(Object.entries(fields).filter(([name]) => !left.includes(name)))
  return { ...row, identity: bodies.identity.parse(kept), leftOut: left }
}

/** What makes a hash of bcrypt one with a pepper; what is one already says so. */
function withPepper(fields: Fields, { hashConfig }: RowOptions): Fields {
  const { passwordHash } = fields
  const isPlain = typeof passwordHash === 'string' && /^\$2[aby]\$/.test(passwordHash)
  if (hashConfig?.pepper === undefined || !isPlain) return fields
  return { ...fields, passwordHash: `{pepper:${hashConfig.pepper}}${passwordHash}` }
}

/** A line of the report of refused rows. */
const isReported = (fields: Fields) => 'line' in fields && 'reason' in fields
/** What it refused is to be mended in `row`, which has the names of ours. */
const reported = (fields: Fields): Fields | undefined =>
  isReported(fields) ? objectOf(fields['row']) : undefined

function rowOf({ line, fields, refused, text }: FileRecord, options: RowOptions): ImportRow | undefined {
  if (fields === undefined)
    return { line, refused: refused ?? 'row: cannot be read', ...(text !== undefined && { text }) }
  const again = reported(fields)
  if (isReported(fields) && 'text' in fields && again === undefined)
    return {
      line,
      refused: 'row: could not be read: write its fields into row, in place of text',
      text: String(fields['text']),
    }
  if (again || options.source === undefined)
    return checked(line, withPepper(withConsent(again ?? fields), options), options)
  const mapped = options.source.map(fields, options.hashConfig)
  if (mapped === undefined) {
    options.passOver?.()
    return undefined
  }
  const given = Object.entries(mapped).filter(([, value]) => value !== undefined && value !== null)
  return checked(line, withPepper(Object.fromEntries(given), options), options)
}

/**
 * Rows that are no person (a deleted account, a group) are passed over.
 * @throws Problem when the file as a whole cannot be used
 */
export function* readRows(path: string, options: RowOptions): Generator<ImportRow> {
  try {
    for (const record of readRecords(path, options.source, (names) => columnsOf(names, options))) {
      const row = rowOf(record, options)
      if (row !== undefined) yield row
    }
  } catch (error) {
    if (error instanceof NoText) throw new Problem(`${error.message}. ${savedAsText}.`, 2)
    throw error
  }
}
