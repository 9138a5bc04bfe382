/** CSV by RFC 4180, one record at a time: quoted fields may hold commas, quotes written twice, and line ends. */
export interface CsvRecord {
  /** Of the first line of the record, from 1. */
  readonly line: number
  readonly fields: readonly string[]
  /** As it stands in the file. */
  readonly text: string
}

/** A quote that was lost would take everything behind it for one cell. */
const longestRecordLines = 50

/** Whether a quoted field is still open at the end of the text: quotes come in pairs. */
const isOpen = (text: string) => (text.match(/"/g)?.length ?? 0) % 2 === 1

/** What spreadsheets put between cells, by the language they speak. */
const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

/** One cell: quoted, with spaces around or none, or up to the next delimiter. `="0100"` is how a spreadsheet is told to keep what it would round. */
const patternOf = (delimiter: Delimiter) =>
  new RegExp(` *"((?:[^"]|"")*)" *|(="[^"]*"|[^"${delimiter}]*)`, 'y')
const patterns = { ',': patternOf(','), ';': patternOf(';'), '\t': patternOf('\t'), '|': patternOf('|') }
/** For writers that put quotes around a cell and leave those in it as they are: it ends where a delimiter follows. */
const loosePattern = /"((?:[^"]|""|"(?!,|$))*?)"(?=,|$)|([^,]*)/y

/** The one that stands most often in the header, outside of quotes. */
export function delimiterOf(header: string): Delimiter {
  const bare = header.replace(/"[^"]*"/g, '')
  const count = (delimiter: Delimiter) => bare.split(delimiter).length
  return delimiters.reduce((most, next) => (count(next) > count(most) ? next : most))
}

/** @returns the fields, or undefined when the text is no record. */
function fieldsOf(text: string, delimiter: Delimiter, pattern = patterns[delimiter]): string[] | undefined {
  const fields: string[] = []
  for (let place = 0; ; place += 1) {
    pattern.lastIndex = place
    const [cell = '', quoted, bare = ''] = pattern.exec(text) ?? []
    fields.push(quoted?.replaceAll('""', '"') ?? bare)
    place += cell.length
    if (place === text.length) return fields
    if (text[place] !== delimiter) return undefined
  }
}

/** Lines, of which some may be read a second time. */
class Lines {
  readonly #rest: Iterator<string>
  #again: string[] = []

  constructor(lines: Iterable<string>) {
    this.#rest = lines[Symbol.iterator]()
  }

  next(): string | undefined {
    const again = this.#again.shift()
    if (again !== undefined) return again
    const { done, value } = this.#rest.next()
    return done ? undefined : value
  }

  putBack(lines: readonly string[]): void {
    this.#again = [...lines, ...this.#again]
  }
}

/** Lines until every quote has its other one. */
function takeRecord(lines: Lines, first: string): string[] {
  const taken = [first]
  while (isOpen(taken.join('\n')) && taken.length < longestRecordLines) {
    const next = lines.next()
    if (next === undefined) break
    taken.push(next)
  }
  return taken
}

/** Of lines with commas, each a record whatever quotes stand in it. @param lines without their LF */
export function* readLooseCsv(lines: Iterable<string>): Generator<CsvRecord> {
  let line = 0
  for (const raw of lines) {
    line += 1
    const text = raw.replace(/\r$/, '')
    if (text !== '') yield { line, fields: fieldsOf(text, ',', loosePattern) ?? [], text }
  }
}

/**
 * A record that cannot be read has no fields. One over several lines that cannot be read, or has another number of fields
 * than the header, has lost a quote: its first line alone is given up, and those behind it are read anew.
 * @param lines without their LF
 */
export function* readCsv(source: Iterable<string>, delimiter: Delimiter = ','): Generator<CsvRecord> {
  const lines = new Lines(source)
  let [line, columns] = [1, undefined as number | undefined]
  for (let first = lines.next(); first !== undefined; first = lines.next()) {
    const taken = takeRecord(lines, first)
    const whole = taken.join('\n').replace(/\r$/, '')
    const read = fieldsOf(whole, delimiter)
    const isLost =
      taken.length > 1 && (read === undefined || (columns !== undefined && read.length !== columns))
    if (isLost) lines.putBack(taken.slice(1))
    const text = isLost ? first.replace(/\r$/, '') : whole
    const fields = isLost ? [] : (read ?? [])
    if (text !== '') yield { line, fields, text }
    if (text.trim() !== '') columns ??= fields.length
    line += isLost ? 1 : taken.length
  }
}
