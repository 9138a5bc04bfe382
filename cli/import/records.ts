/** The records of an import file, as they stand in it: NDJSON, one JSON document, or CSV as spreadsheets write it. */
import { delimiterOf, readCsv, readLooseCsv } from '../csv.ts'
import { readLines, readText } from '../line-files.ts'
import { Problem } from '../problem.ts'
import { cellText } from './cells.ts'
import { listIn, objectOf } from './fields.ts'
import type { Fields, Source } from './source.ts'

export interface FileRecord {
  /** Of the file, from 1; in a document its place in the list. */
  readonly line: number
  readonly fields?: Fields
  /** Why it cannot be read. */
  readonly refused?: string
  /** What stands there, where it cannot be read. */
  readonly text?: string
}

const withoutMark = (text: string) => text.replace(/^\ufeff/, '')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function recordOf(line: number, value: unknown, text: string): FileRecord {
  const fields = objectOf(value)
  return fields
    ? { line, fields }
    : { line, text, refused: 'row: is not a JSON object; write one {...} a line' }
}

function* lineRecords(path: string): Generator<FileRecord> {
  let line = 0
  for (const raw of readLines(path)) {
    line += 1
    const text = line === 1 ? withoutMark(raw) : raw
    if (text.trim() !== '') yield recordOf(line, parsed(text), text)
  }
}

function* documentRecords(list: readonly unknown[]): Generator<FileRecord> {
  for (const [place, value] of list.entries()) yield recordOf(place + 1, value, JSON.stringify(value))
}

/** The first lines that say something. */
function firstLines(path: string, count: number): string[] {
  const found: string[] = []
  for (const text of readLines(path)) {
    if (withoutMark(text).trim() !== '') found.push(withoutMark(text).trim())
    if (found.length === count) break
  }
  return found
}

const usualList = (document: unknown) =>
  Array.isArray(document) ? document : listIn(document, 'identities', 'users')

/** What an error of JSON.parse says may hold a piece of the file, so only the place is told. */
function parseDocument(path: string): unknown {
  try {
    return JSON.parse(withoutMark(readText(path)))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const place = /\(line \d+ column \d+\)|at position \d+/.exec(error.message)?.[0] ?? 'near its end'
    throw new Problem(
      `${path} is one JSON document, and no valid one: look ${place}. Several people are a list in [ ], or one a line.`,
      2,
    )
  }
}

const noList = (path: string) =>
  new Problem(
    `${path} is a JSON document without a list of people: write it as one, or as {"users": [...]}.`,
    2,
  )

/** Of no system that is known: an object without a userId that holds others is no person. */
const holdsOthers = (alone: Fields) =>
  !('userId' in alone || 'row' in alone) &&
  Object.values(alone).some((value) => typeof value === 'object' && value !== null)

/** A document may begin as a broken line does; then it is whole, or no document. */
const isDocument = (path: string, first: string) =>
  /^\[|^\{$|[,{[]$/.test(first) ||
  (/\.json$/i.test(path) && first.startsWith('{') && parsed(withoutMark(readText(path))) !== undefined)

/** @returns the people in a file that is one document, or undefined where each line is one by itself */
function documentList(path: string, source: Source | undefined): readonly unknown[] | undefined {
  const listOf = source?.listOf ?? usualList
  const [first = '', second] = firstLines(path, 2)
  const alone = objectOf(parsed(first))
  if (alone !== undefined) {
    const list = second === undefined ? listOf(alone) : undefined
    if (list === undefined && second === undefined && source === undefined && holdsOthers(alone))
      throw noList(path)
    return list
  }
  if (!isDocument(path, first)) return undefined
  const list = listOf(parseDocument(path))
  if (list === undefined) throw noList(path)
  return list
}

/** @returns names for the cells, or undefined where the first record is no header */
export type ReadHeader = (names: readonly string[]) => readonly string[] | undefined

const rowOf = (columns: readonly string[], cells: readonly string[]): Fields =>
  Object.fromEntries(
    columns.map((name, place) => [name, cellText(cells[place] ?? '')]).filter(([, cell]) => cell !== ''),
  )

/** Cells without a column, which spreadsheets add at the end, are empty. */
const fits = (columns: readonly string[], cells: readonly string[]) =>
  cells.length >= columns.length && cells.slice(columns.length).every((cell) => cell.trim() === '')

/** Excel may say its delimiter in a line of its own. */
const delimiterLine = /^sep=[,;\t|]$/

function* csvLines(path: string): Generator<string> {
  let isFirst = true
  for (const raw of readLines(path)) {
    const text = isFirst ? withoutMark(raw) : raw
    if (!isFirst || !delimiterLine.test(text.trim())) yield text
    else yield ''
    isFirst = false
  }
}

function* csvRecords(
  path: string,
  source: Source | undefined,
  readHeader: ReadHeader,
): Generator<FileRecord> {
  const [first = '', second = ''] = firstLines(path, 2)
  const delimiter = delimiterOf(delimiterLine.test(first) ? second : first)
  let columns: readonly string[] | undefined
  const lines = csvLines(path)
  const read = source?.looseCsv ? readLooseCsv(lines) : readCsv(lines, delimiter)
  for (const { line, fields: cells, text } of read) {
    if (cells.length > 0 && cells.every((cell) => cell.trim() === '')) continue
    if (columns === undefined) {
      const names = cells.map((cell) => cell.trim())
      while (names.at(-1) === '') names.pop()
      const header = readHeader(names)
      columns = header ?? source?.columns ?? []
      if (header !== undefined) continue
    }
    yield fits(columns, cells)
      ? { line, fields: rowOf(columns, cells) }
      : { line, text, refused: unfit(columns, cells) }
  }
  if (columns === undefined) readHeader([])
}

const unfit = (columns: readonly string[], cells: readonly string[]) =>
  cells.length === 0
    ? 'row: a quote is missing or too many: each cell has none, or one at both ends'
    : `row: does not have ${columns.length} fields, but ${cells.length}: ${
        cells.length < columns.length
          ? 'an empty cell is written too, as a separator with nothing behind it'
          : 'quote cells that hold the separator'
      }`

function isCsv(path: string): boolean {
  if (/\.(?:csv|tsv)$/i.test(path)) return true
  if (/\.(?:json|jsonl|ndjson)$/i.test(path)) return false
  const [first = ''] = firstLines(path, 1)
  return !/^[{[]/.test(first) && /[,;\t|]/.test(first)
}

/** @throws Problem when the file as a whole cannot be used; Unusable when it is no text */
export function readRecords(
  path: string,
  source: Source | undefined,
  readHeader: ReadHeader,
): Generator<FileRecord> {
  if (isCsv(path)) return csvRecords(path, source, readHeader)
  const list = documentList(path, source)
  return list === undefined ? lineRecords(path) : documentRecords(list)
}
