/** Rows of an import file as bodies of the route that registers identities, or with what is wrong and what to do. */
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { type Body, bodies, userId as userIdSchema } from '#shared/contract/schemas.ts'
import { userIdRule } from '#shared/contract/user-id.ts'
import { hashRefusal } from '#shared/crypto/forms.ts'
import { Problem } from '../problem.ts'
import { nameKey, objectOf } from './fields.ts'
import { type FileRecord, readRecords, refuseTwice } from './records.ts'
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
}

const csvColumns = [
  'userId',
  'email',
  'username',
  'phone',
  'locale',
  'passwordHash',
  'mfaEnabled',
  'status',
  'consentDocument',
  'consentVersion',
] as const

export const optionalFields = [
  'email',
  'username',
  'phone',
  'locale',
  'mfaEnabled',
  'status',
  'consent',
] as const

/** What to do, behind what is wrong. */
const advice: Readonly<Record<string, string>> = {
  email: 'must be an email address; mend it, or leave it out (--leave-out email)',
  username:
    'must be 2 to 64 of a-z, 0-9, dot, underscore or hyphen, and not digits alone; mend it, or leave it out (--leave-out username): the email signs in as well',
  phone:
    'must be a phone number in E.164, such as +201001234567; mend it, name the country of local numbers (--country EG), or leave it out (--leave-out phone)',
  locale: 'must be a language such as en or pt-BR; mend it, or leave it out (--leave-out locale)',
  mfaEnabled: 'must be true or false',
  status: 'must be active or suspended',
  consent: 'must have a document and a version, without control characters',
  passwordHash:
    'must be one line of 1 to 1024 characters; leave it away, and the person sets a password by code',
}

const rounded =
  'was made a rounded number by a spreadsheet (such as 2.01E+11): export it again with the column as text, the digits are lost'
const isRounded = (value: unknown) => /^[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+$/i.test(String(value).trim())

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

/** A number that JavaScript holds whole is text as well. */
const asText = (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value

const asFlag = (value: unknown) =>
  ({ true: true, false: false, '1': true, '0': false })[String(value).trim().toLowerCase()] ?? value

/** `en_US.UTF-8` of POSIX, `EN-us` of others. */
const asLocale = (value: unknown) =>
  typeof value === 'string'
    ? value
        .trim()
        .replace(/[.@].*$/, '')
        .replaceAll('_', '-')
        .replace(/^[A-Za-z]+/, (language) => language.toLowerCase())
    : value

function asPhone(value: unknown, country: CountryCode | undefined): unknown {
  const text = asText(value)
  if (typeof text !== 'string' || country === undefined || /^\s*\+/.test(text)) return text
  return parsePhoneNumberFromString(text, country)?.number ?? text
}

/** What other systems and spreadsheets write, as the route has it. */
function tidied(fields: Fields, { country }: RowOptions): Fields {
  const read: Readonly<Record<string, (value: unknown) => unknown>> = {
    username: asText,
    phone: (value) => asPhone(value, country),
    locale: asLocale,
    mfaEnabled: asFlag,
    status: (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value),
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
    ...[...wrong].map((field) => ({
      field,
      sentence: isRounded(fields[field]) ? rounded : (advice[field] ?? 'cannot be used; take it out'),
    })),
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
  const userId = userIdSchema.safeParse(asText(named))
  const fields = tidied(rest, options)
  const faults = faultsOf(fields, options)
  const left = faults.filter(({ field }) => mayLeaveOut(field, options)).map(({ field }) => field)
  const refusals = faults
    .filter(({ field }) => !left.includes(field))
    .map(({ field, sentence }) => `${field}: ${sentence}`)
  if (isRounded(named)) refusals.unshift(`userId: ${rounded}`)
  else if (!userId.success) refusals.unshift(`userId: ${userIdRule}`)
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
  if (isReported(fields) && 'text' in fields)
    return {
      line,
      refused: 'row: could not be read: write its fields into row, in place of text',
      text: String(fields['text']),
    }
  const again = reported(fields)
  if (again || options.source === undefined)
    return checked(line, withPepper(withConsent(again ?? fields), options), options)
  const mapped = options.source.map(fields, options.hashConfig)
  if (mapped === undefined) return undefined
  const given = Object.entries(mapped).filter(([, value]) => value !== undefined && value !== null)
  return checked(line, withPepper(Object.fromEntries(given), options), options)
}

/** Columns of ours, however they are spelled. @throws Problem when they are none of ours, or one is there twice */
function ourColumns(names: readonly string[], { ignoreUnknown }: RowOptions): readonly string[] {
  const known = new Map<string, string>(csvColumns.map((name) => [nameKey(name), name]))
  const columns = names.map((name) => known.get(nameKey(name)) ?? name)
  const unknown = columns.filter((name) => !csvColumns.includes(name as never))
  const isKnown = unknown.length === 0 || ignoreUnknown
  if (!columns.includes('userId') || !isKnown) {
    const problem = isKnown
      ? 'needs a column userId'
      : `does not know the column${unknown.length > 1 ? 's' : ''} ${unknown.join(', ')} (--ignore-unknown passes over them)`
    throw new Problem(`The import ${problem}. Columns: ${csvColumns.join(', ')}.`, 2)
  }
  return columns
}

function columnsOf(names: readonly string[], options: RowOptions): readonly string[] | undefined {
  const { source } = options
  const usual = new Set(source?.columns?.map(nameKey))
  if (usual.size > 0 && !names.some((name) => usual.has(nameKey(name)))) return undefined
  refuseTwice(names)
  return source === undefined ? ourColumns(names, options) : names
}

/**
 * Rows that are no person (a deleted account, a group) are passed over.
 * @throws Problem when the file as a whole cannot be used; Unusable when it is no text
 */
export function* readRows(path: string, options: RowOptions): Generator<ImportRow> {
  for (const record of readRecords(path, options.source, (names) => columnsOf(names, options))) {
    const row = rowOf(record, options)
    if (row !== undefined) yield row
  }
}
