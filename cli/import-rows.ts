/** Rows of an import file, NDJSON or CSV, as bodies of the route that registers identities, or with what is wrong. */
import { type Body, bodies, userId as userIdSchema } from '#shared/contract/schemas.ts'
import { userIdRule } from '#shared/contract/user-id.ts'
import { readCsv } from './csv.ts'
import { readLines } from './line-files.ts'
import { Problem } from './problem.ts'

export interface ImportRow {
  readonly line: number
  readonly userId?: string
  readonly identity?: Body<'identity'>
  /** Why the row is refused; holds no value but field names. */
  readonly refused?: string
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

type Fields = Record<string, unknown>

/** Empty cells are absent; the consent's two columns are one field. */
function fieldsOfCells(columns: readonly string[], cells: readonly string[]): Fields {
  const fields: Fields = Object.fromEntries(
    columns.map((name, place) => [name, cells[place] ?? '']).filter(([, cell]) => cell !== ''),
  )
  const { consentDocument, consentVersion, mfaEnabled, ...rest } = fields
  if (mfaEnabled !== undefined)
    rest['mfaEnabled'] = { true: true, false: false }[String(mfaEnabled)] ?? mfaEnabled
  if (consentDocument !== undefined || consentVersion !== undefined)
    rest['consent'] = { document: consentDocument, version: consentVersion }
  return rest
}

/** Of JSON, null takes an identifier away, as in a PUT; of all else it says nothing. */
function fieldsOfObject(object: Fields): Fields {
  const taking = ['email', 'username', 'phone']
  return Object.fromEntries(
    Object.entries(object).filter(([name, value]) => value !== null || taking.includes(name)),
  )
}

/** Holds a row to the schema of the route. */
function checked(line: number, fields: Fields): ImportRow {
  const { userId: named, ...rest } = fields
  const userId = userIdSchema.safeParse(named)
  if (!userId.success) return { line, refused: `userId: ${userIdRule}` }
  const identity = bodies.identity.safeParse(rest)
  if (identity.success) return { line, userId: userId.data, identity: identity.data }
  const problems = identity.error.issues.map((issue) => `${issue.path.join('.') || 'row'}: ${issue.message}`)
  return { line, userId: userId.data, refused: problems.join('; ') }
}

function* ndjsonRows(path: string): Generator<ImportRow> {
  let line = 0
  for (const text of readLines(path)) {
    line += 1
    if (text.trim() === '') continue
    const value = parsed(text)
    yield typeof value === 'object' && value !== null && !Array.isArray(value)
      ? checked(line, fieldsOfObject(value as Fields))
      : { line, refused: 'row: is not a JSON object' }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function* csvRows(path: string): Generator<ImportRow> {
  const records = readCsv(readLines(path))
  const header = records.next()
  const names: readonly string[] = header.done ? [] : header.value.fields
  const columns = names.map((name) => name.replace(/^\ufeff/, '').trim())
  const unknown = columns.filter((name) => !csvColumns.includes(name as never))
  if (!columns.includes('userId') || unknown.length > 0) {
    const problem = unknown.length > 0 ? `does not know the column ${unknown[0]}` : 'needs a column userId'
    throw new Problem(`The import ${problem}. Columns: ${csvColumns.join(', ')}.`, 2)
  }
  for (const { line, fields } of records)
    yield fields.length === columns.length
      ? checked(line, fieldsOfCells(columns, fields))
      : { line, refused: `row: does not have ${columns.length} fields` }
}

/** @throws Problem when the header is not one of ours; Unusable when the file is no text */
export const readRows = (path: string): Generator<ImportRow> =>
  /\.csv$/i.test(path) ? csvRows(path) : ndjsonRows(path)
