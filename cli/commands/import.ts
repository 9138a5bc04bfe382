/** `latchkey import FILE`: registers identities of another system, with their hashes. */
import { policy } from '#shared/policy.ts'
import { settings } from '#shared/settings.ts'
import { actorOf } from '../actor.ts'
import type { Given } from '../arguments.ts'
import { batchesOf, withoutSecond } from '../import/batches.ts'
import { dryRun, expectedText } from '../import/dry-run.ts'
import { type ImportOptions, readImportOptions } from '../import/options.ts'
import { type Registering, registerRows } from '../import/register.ts'
import { newReportPath, openReport } from '../import/report.ts'
import { type ImportRow, readRows } from '../import/rows.ts'
import { type ImportState, stateOf } from '../import/state.ts'
import { targetOf } from '../import/target.ts'
import { print } from '../output.ts'
import { Problem } from '../problem.ts'
import { showProgress } from '../progress.ts'
import type { Clock } from '../services.ts'

const rowsOf = ({ file, rows }: ImportOptions, loginFloorMs: number): Generator<ImportRow> =>
  withoutSecond(readRows(file, { ...rows, loginFloorMs }))

/** Counts the rows, for the bar; a file of hashes is read much faster than it is imported. */
function countRows(rows: Iterable<ImportRow>): number {
  let count = 0
  for (const _ of rows) count += 1
  return count
}

/** @throws Unavailable */
async function importFile(options: ImportOptions, run: Registering, clock: Clock): Promise<ImportState> {
  const { file } = options
  const kept = stateOf(file, options.of, await targetOf())
  const { start } = kept
  const rows = () => rowsOf(options, settings().LOGIN_FLOOR_MS)
  const old = start.reportBytes > 0 ? `${file}.refused.ndjson` : undefined
  const path = start.report ?? old ?? newReportPath(file)
  const report = openReport(path, start.reportBytes)
  const progress = showProgress('rows', countRows(rows()))
  let state: ImportState = { ...start, report: path }
  let place = 0
  for (const batch of batchesOf(rows())) {
    const first = place
    place += batch.length
    if (place <= start.done) continue
    kept.keep({ ...state, begun: Math.max(place, state.begun) })
    const tally = await registerRows(batch, run, clock(), (row) => first + row < start.begun)
    state = {
      done: place,
      begun: Math.max(place, start.begun),
      registered: state.registered + tally.registered,
      same: state.same + tally.same,
      changed: state.changed + tally.changed,
      refused: state.refused + tally.refusals.length,
      reportBytes: report(tally.refusals),
      report: path,
    }
    kept.keep(state)
    progress.update(place)
  }
  progress.end()
  kept.drop()
  return state
}

const counted = ({ registered, same, changed, refused }: ImportState) =>
  [
    `${registered} identities are registered`,
    ...(changed > 0 ? [`${changed} were changed`] : []),
    ...(same > 0 ? [`${same} were there already`] : []),
    `${refused} rows were refused`,
  ].join(', ')

const asJson = ({ registered, same, changed, refused, report }: ImportState) => ({
  ...{ registered, same, changed, refused },
  ...(refused > 0 && { report }),
})

/** The floor is that of the stage where its settings are at hand. */
function tryOut(options: ImportOptions): void {
  const floorMs = Number(process.env['LOGIN_FLOOR_MS'] ?? policy.loginFloorMs)
  let passedOver = 0
  const counting = { ...options, rows: { ...options.rows, passOver: () => passedOver++ } }
  const { leaveOut } = options.rows
  const tried = dryRun(rowsOf(counting, floorMs), { leaveOut, isUpdate: options.isUpdate })
  const expected = { ...tried, ...(passedOver > 0 && { passedOver }) }
  print(options.asJson, expected, () => expectedText(expected))
  const refused = expected.refused.length
  if (refused > 0) throw new Problem(`${refused} rows of ${options.file} would be refused.`, 1)
}

/**
 * Goes on where an earlier run of the same file on the same target ended. Whoever is registered already with the same
 * content is left as he is.
 * @throws Problem when rows were refused, or the file cannot be used; Unusable when it is no text; Unavailable
 */
export async function importCommand(given: Given<'import'>, clock: Clock, isLocal: boolean): Promise<void> {
  const options = readImportOptions(given)
  if (options.isDryRun) return tryOut(options)
  const { fileHash, isUpdate, rows } = options
  const actor = await actorOf(isLocal)
  const run = { actor, fileHash, isUpdate, leaveOut: rows.leaveOut }
  const state = await importFile(options, run, clock)
  print(given.json, asJson(state), () => `${counted(state)}.\n`)
  if (state.refused === 0) return undefined
  throw new Problem(
    `${state.report} tells which rows were refused, and why. Mend them there and import that file by itself.`,
    1,
  )
}
