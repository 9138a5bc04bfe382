/** [usd_per_million.SERVICE, usd_per_million.without_messages, aws_calls_total, write_units, kms_calls, sms_parts] */
import {
  type CountsByFunction,
  recoveryCost,
  smsPartsPerRecovery,
  totalOf,
  writeUnits,
} from '../../infra/cost.ts'
import { prices } from '../../infra/prices.ts'
import { smsPrices } from '../../infra/sms-prices.ts'
import { catalogues } from '../../shared/messages/compose.ts'
import { policy } from '../../shared/policy.ts'
import { type Measured, measured } from '../figures.ts'
import { measureIn } from '../processes/ask.ts'
import type { CountedFunction, CountedInput, CountedRun } from '../processes/counted-run.ts'
import { sumOf } from '../wire/count.ts'
import type { Setting } from './measure.ts'

const million = 1e6
const reach = { usd: 80, calls: 26, units: 66, macs: 3 } as const

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** By function, the largest first. */
const breakdown = (functions: CountedRun['recovery'], value: (counted: CountedFunction) => number) =>
  Object.entries(functions)
    .map(([name, counted]) => [name, value(counted)] as const)
    .filter(([, count]) => count > 0)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')

/** Sealing is shared by all that happened in its five minutes, so it is on the bill and not among the calls. */
function* callFigures(run: CountedRun): Generator<Measured> {
  const { 'seal-ledger': _, ...functions } = run.recovery
  const all = sumOf(Object.values(functions))
  const sends = all.emails + all.sms
  const handed = `without ${sends} messages handed to SES and SNS`
  const calls = breakdown(functions, (each) => each.calls - each.emails - each.sms)
  yield measured('aws_calls_total', all.calls - sends, 'calls', { most: reach.calls }, `${handed}: ${calls}`)
  const units = sum(Object.values(functions).map(writeUnits))
  yield measured('write_units', units, '', { most: reach.units }, breakdown(functions, writeUnits))
  const macs = breakdown(functions, (each) => each.macs)
  yield measured('kms_calls', all.macs, 'calls', { most: reach.macs }, macs)
  const languages = [...catalogues].map(
    ([language, { smsParts }]) => `${language} ${smsPartsPerRecovery(language)} of ${smsParts}`,
  )
  yield measured(
    'sms_parts',
    all.smsParts,
    'parts',
    { most: 1 },
    `the confirmation by language: ${languages.join(', ')}`,
  )
}

function* usdFigures({ recovery }: CountedRun): Generator<Measured> {
  const bill = recoveryCost(recovery as CountsByFunction)
  for (const [service, usd] of Object.entries(bill))
    yield measured(`usd_per_million.${service.replaceAll(' ', '-')}`, usd * million, 'USD')
  const listed = `list prices of ${prices.region}, ${prices.asOf}`
  const rest = (totalOf(bill) - bill.email) * million
  yield measured('usd_per_million.without_messages', rest, 'USD', { most: reach.usd }, listed)
  const ownHashes = recoveryCost(recovery as CountsByFunction, policy.loginFloorLeastMs)
  yield measured(
    'usd_per_million.without_imported_hashes',
    (totalOf(ownHashes) - ownHashes.email) * million,
    'USD',
    {},
    `the same at loginFloorMs ${policy.loginFloorLeastMs}`,
  )
  const sms = Object.entries(smsPrices).map(
    ([country, { usdPerPart, asOf }]) => `${country} ${usdPerPart * million} (${asOf})`,
  )
  const remark = `with email; and a million parts of SMS: ${sms.join(', ')}`
  yield measured('usd_per_million.total', totalOf(bill) * million, 'USD', {}, remark)
}

/** All figures of a run that was counted. */
export function* figuresOf(run: CountedRun): Generator<Measured> {
  yield* callFigures(run)
  yield* usdFigures(run)
}

export async function* countRecovery({ pathsOf }: Setting): AsyncGenerator<Measured> {
  const input: CountedInput = { paths: pathsOf() }
  yield* figuresOf(await measureIn<CountedRun>('./counted-run.ts', input))
}
