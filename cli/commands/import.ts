/** `latchkey import FILE`: registers identities of another system, with their hashes. */
import { rmSync, statSync } from 'node:fs'
import { recorderOf } from '#shared/call/recorder.ts'
import { newId } from '#shared/crypto/tokens.ts'
import { putIdentity } from '#shared/steps/put-identity.ts'
import { readIdentity } from '#shared/stores/identities.ts'
import type { Given } from '../arguments.ts'
import { type ImportRow, readRows } from '../import-rows.ts'
import { type ImportState, stateOf } from '../import-state.ts'
import { targetOf } from '../import-target.ts'
import { print } from '../output.ts'
import { Problem } from '../problem.ts'
import { showProgress } from '../progress.ts'
import type { Clock } from '../services.ts'
import { writeBehind } from '../whole-files.ts'

/** Rows at once: each is a MAC of KMS and a transaction. */
const batchRows = 32

/**
 * Registers one row.
 * @param again the row may have been registered by a run that was cut off
 * @returns why it is refused
 */
async function importRow(row: ImportRow, now: number, again: boolean): Promise<string | undefined> {
  if (row.userId === undefined || row.identity === undefined) return row.refused ?? 'row: cannot be read'
  const known = await readIdentity(row.userId)
  if (known) return again ? undefined : 'userId: an identity with this userId is registered already'
  const requestId = `import-${newId()}`
  const recorder = recorderOf(requestId, now, { actor: 'system', reason: 'imported', requestId })
  const result = await putIdentity(recorder, row.userId, row.identity)
  if (result.put === 'conflict' || result.put === 'invalid')
    return result.details.map(({ field, message }) => `${field}: ${message}`).join('; ')
  return undefined
}

/** Rows of one batch run at once, so a userId may stand in it only once. */
async function importBatch(rows: readonly ImportRow[], now: number, again: (place: number) => boolean) {
  const seen = new Set<string>()
  const outcomes = rows.map((row, place) => {
    if (row.userId !== undefined && seen.has(row.userId)) return 'userId: stands in the file more than once'
    if (row.userId !== undefined) seen.add(row.userId)
    return importRow(row, now, again(place))
  })
  const reasons = await Promise.all(outcomes)
  return rows.flatMap(({ line, userId }, place) => {
    const reason = reasons[place]
    return reason === undefined ? [] : [{ line, ...(userId !== undefined && { userId }), reason }]
  })
}

function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Counts the rows, for the bar; a file of hashes is read much faster than it is imported. */
function countRows(file: string): number {
  let rows = 0
  for (const _ of readRows(file)) rows += 1
  return rows
}

/** Takes refused rows to the report behind what it held when the import was cut off. @returns its length. */
function openReport(file: string, bytes: number): (refusals: readonly object[]) => number {
  const path = `${file}.refused.ndjson`
  if (bytes === 0) rmSync(path, { force: true })
  else writeBehind(path, bytes, '')
  let length = bytes
  return (refusals) => {
    const text = refusals.map((each) => `${JSON.stringify(each)}\n`).join('')
    if (text !== '') writeBehind(path, length, text)
    length += Buffer.byteLength(text)
    return length
  }
}

async function importFile(file: string, clock: Clock): Promise<ImportState> {
  const kept = stateOf(file, await targetOf())
  const { start } = kept
  const report = openReport(file, start.reportBytes)
  const progress = showProgress('rows', countRows(file))
  let state = start
  let place = 0
  for (const batch of batches(readRows(file), batchRows)) {
    const first = place
    place += batch.length
    if (place <= start.done) continue
    kept.keep({ ...state, begun: Math.max(place, state.begun) })
    const refusals = await importBatch(batch, clock(), (row) => first + row < start.begun)
    const reportBytes = report(refusals)
    const registered = state.registered + batch.length - refusals.length
    const refused = state.refused + refusals.length
    state = { done: place, begun: Math.max(place, start.begun), registered, refused, reportBytes }
    kept.keep(state)
    progress.update(place)
  }
  progress.end()
  kept.drop()
  return state
}

/**
 * Goes on where an earlier run of the same file on the same target ended.
 * @throws Problem when rows were refused, or the file cannot be used; Unusable when it is no text; Unavailable
 */
export async function importCommand({ words, json }: Given<'import'>, clock: Clock): Promise<void> {
  const [file] = words
  if (!statSync(file).isFile()) throw new Problem(`${file} is no file.`, 2)
  const { registered, refused } = await importFile(file, clock)
  const said = `${registered} identities are registered, ${refused} rows were refused.\n`
  print(json, { registered, refused }, () => said)
  if (refused > 0) throw new Problem(`${file}.refused.ndjson tells which rows were refused, and why.`, 1)
}
