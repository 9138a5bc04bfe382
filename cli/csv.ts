/** CSV by RFC 4180, one record at a time: quoted fields may hold commas, quotes written twice, and line ends. */
export interface CsvRecord {
  /** Of the first line of the record, from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/** Whether a quoted field is still open at the end of the text: quotes come in pairs. */
const isOpen = (text: string) => (text.match(/"/g)?.length ?? 0) % 2 === 1

const field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/gy

/** @returns the fields, or undefined when the text is no record. */
function fieldsOf(text: string): string[] | undefined {
  const fields: string[] = []
  let end = 0
  for (const match of text.matchAll(field)) {
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    end = match.index + match[0].length
  }
  return end === text.length ? fields : undefined
}

/** @param lines without their LF; a record that cannot be read has no fields */
export function* readCsv(lines: Iterable<string>): Generator<CsvRecord> {
  let [text, start, line] = ['', 1, 0]
  for (const part of lines) {
    line += 1
    text = text === '' ? part : `${text}\n${part}`
    if (isOpen(text)) continue
    const record = text.replace(/\r$/, '')
    if (record !== '') yield { line: start, fields: fieldsOf(record) ?? [] }
    text = ''
    start = line + 1
  }
  if (text !== '') yield { line: start, fields: [] }
}
