/** The report of refused rows: what was wrong with each, and the row, to be mended there and imported by itself. */
import { lstatSync } from 'node:fs'
import { writeBehind } from '../whole-files.ts'
import type { ImportRow } from './rows.ts'

/** What an earlier run told is kept, and may have been mended since: each run has a report of its own. */
export function newReportPath(file: string): string {
  const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined
  let path = `${file}.refused.ndjson`
  for (let run = 2; isThere(path); run += 1) path = `${file}.refused-${run}.ndjson`
  return path
}

/** A row with its reason, as a line of the report. */
export function refusal({ line, userId, fields, text }: ImportRow, reason: string): object {
  const what = fields === undefined ? { text } : { row: fields }
  return { line, ...(userId !== undefined && { userId }), reason, ...what }
}

/**
 * Takes refused rows behind what the report held when the import was cut off.
 * @returns its length
 */
export function openReport(path: string, bytes: number): (refusals: readonly object[]) => number {
  if (bytes > 0) writeBehind(path, bytes, '')
  let length = bytes
  return (refusals) => {
    const text = refusals.map((each) => `${JSON.stringify(each)}\n`).join('')
    if (text !== '') writeBehind(path, length, text)
    length += Buffer.byteLength(text)
    return length
  }
}
