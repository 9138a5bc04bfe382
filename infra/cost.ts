/** Estimates the monthly bill from counted calls and list prices: `npx node infra/cost.ts`. */
import { type ScheduledWorkerId, schedules } from '../shared/event-sources.ts'
import { smsLanguages } from '../shared/messages/sms-forms.ts'
import { smsLengths } from '../shared/messages/sms-lengths.ts'
import { policy } from '../shared/policy.ts'
import { type Figure, figures } from './business-figures.ts'
import { type Counts, none, recoveryCounts, scheduledCounts } from './call-counts.ts'
import { hashes, memoryMb } from './capacity.ts'
import { managedGroups } from './firewall.ts'
import { logMetrics } from './log-metrics.ts'
import { prices } from './prices.ts'
import type { FunctionId } from './roles.ts'
import { smsPrices } from './sms-prices.ts'

const services = ['api', 'firewall', 'functions', 'tables', 'keys', 'email', 'logs', 'ledger bucket'] as const
export type Service = (typeof services)[number]
type Bill = Readonly<Record<Service, number>>
/** Counts of each function. */
export type CountsByFunction = Readonly<Partial<Record<FunctionId, Counts>>>

/** What is not counted by a run but taken to be so; tests hold what they can. */
export const assumptions = {
  /** Billed time of a run: waiting for two or three calls; login waits for its floor. */
  plainRunSeconds: 0.06,
  hashingRunSeconds: 0.2,
  /** A reset uses 61 ms of a whole processor (`capacity.ts`). */
  hashingRunSecondsOnHalf: 0.26,
  /** Past its floor. */
  loginRunSeconds: 0.02,
  /** Most of it waiting for the letter. */
  canaryRunSeconds: 15,
  logBytesPerRun: 600,
  logBytesPerRequest: 500,
  /** X-Ray's own sampling, past the first request of each second. */
  tracedShare: 0.05,
  /** A recovery leaves five entries and a session behind; identities are the deployer's own. */
  storedBytesPerRecovery: 5_000,
  /** Its entries once more, in the archive. */
  archivedBytesPerRecovery: 3_200,
  /** A first visit to the hosted pages and the list of common passwords, one a recovery (docs/pages.md). */
  pagesRequests: 6,
  pagesKilobytes: 63,
  /** How long the ledger has been growing. */
  monthsStored: 12,
  /** An alarm is billed by the metrics it reads: those of the tables read one of each table. */
  alarmMetrics: 51,
  keys: 8,
  /** Recovery codes by SMS go to so many. */
  countries: 2,
  /** Names as long as those of the examples, for the parts of an SMS. */
  names: { product: 'Latchkey', host: 'accounts.example.com' },
} as const

/** Figures of the business by country are billed for each. */
const figureMetrics = Object.values<Figure>(figures).reduce(
  (sum, { byCountry }) => sum + (byCountry ? assumptions.countries : 1),
  0,
)

const monthSeconds = 30 * 24 * 3600
const ownFirewallRules = 4
/** Answers 401, and steps without a place. */
const accessLogMetrics = 2

/** Requests of a client in one recovery. */
const requestsPerRecovery = 4

function runSeconds(id: FunctionId, loginFloorMs: number): number {
  const { loginRunSeconds, plainRunSeconds, hashingRunSeconds, hashingRunSecondsOnHalf } = assumptions
  if (id === 'login') return loginFloorMs / 1000 + loginRunSeconds
  if (!hashes(id)) return plainRunSeconds
  return loginFloorMs < policy.importFloorLeastMs ? hashingRunSecondsOnHalf : hashingRunSeconds
}

/** A transaction writes each item twice: prepare and commit. All items fit into one kilobyte. */
export const writeUnits = ({ transacted, written }: Counts) => 2 * transacted + written

const sum = (bills: readonly Bill[]): Bill =>
  Object.fromEntries(
    services.map((service) => [service, bills.reduce((total, bill) => total + bill[service], 0)]),
  ) as Bill
const times = (bill: Bill, factor: number): Bill =>
  Object.fromEntries(services.map((service) => [service, bill[service] * factor])) as Bill
export const totalOf = (bill: Bill): number => Object.values(bill).reduce((total, usd) => total + usd, 0)

/** USD of what a function was counted to do. */
function billOf(id: FunctionId, counts: Counts, loginFloorMs: number = policy.loginFloorMs): Bill {
  const { runs, read, macs, signatures, objects, emails } = counts
  const gbSeconds = (runs * runSeconds(id, loginFloorMs) * memoryMb(id, loginFloorMs)) / 1024
  const logGb = (runs * assumptions.logBytesPerRun) / 1e9
  return {
    api: 0,
    firewall: 0,
    functions: runs * prices.functionRun + gbSeconds * prices.functionGbSecond,
    tables: writeUnits(counts) * prices.tableWriteUnit + read * prices.tableReadUnit,
    keys: macs * prices.keyMac + signatures * prices.keySignature,
    email: emails * prices.email,
    logs: logGb * prices.logGb + runs * assumptions.tracedShare * prices.trace,
    'ledger bucket': objects * prices.bucketPut,
  }
}

const noBill = sum([])

/** USD of requests at the API's door, before any function runs. */
const requests = (count: number): Bill => ({
  ...noBill,
  api: count * prices.apiRequest,
  firewall: count * prices.firewallRequest,
  logs: ((count * assumptions.logBytesPerRequest) / 1e9) * prices.logGb,
})

/** USD of one recovery, by service. SMS are apart: {@link smsCost}. @param loginFloorMs of the stage */
export function recoveryCost(counts: CountsByFunction = recoveryCounts, loginFloorMs?: number): Bill {
  const functions = (Object.entries(counts) as [FunctionId, Counts][]).map(([id, each]) =>
    billOf(id, each, loginFloorMs),
  )
  return sum([requests(requestsPerRecovery), ...functions])
}

/**
 * USD of one check of a session: one read of two items, and seldom a note of the use.
 * @param by whom: a team's own backend, which calls the API, or the authorizer, which reads by itself
 */
export function checkCost(by: 'introspect-session' | 'authorize'): number {
  const asked = by === 'authorize' ? noBill : requests(1)
  return totalOf(sum([asked, billOf(by, { ...none, read: 2 })]))
}

/** USD a month of the schedules, which run though nobody recovers anything. */
export function schedulesCost(): Bill {
  const workers = Object.entries(scheduledCounts) as [ScheduledWorkerId, Counts][]
  return sum(
    workers.map(([id, counts]) => times(billOf(id, counts), monthSeconds / schedules[id].everySeconds)),
  )
}

/** USD a month that do not depend on how much is asked for. */
function standingCost(): Bill {
  const rules = ownFirewallRules + managedGroups.length
  const fixed = {
    ...noBill,
    firewall: prices.firewallMonth + rules * prices.firewallRuleMonth,
    keys: assumptions.keys * prices.keyMonth,
    logs:
      assumptions.alarmMetrics * prices.alarmMetricMonth +
      (Object.keys(logMetrics).length + accessLogMetrics + figureMetrics) * prices.metricMonth +
      prices.dashboardMonth,
  }
  return sum([fixed, schedulesCost()])
}

/**
 * USD of a month, by service, after a year at the same rate, without SMS.
 * @param recoveries in the month
 */
export function monthlyCost(recoveries: number): Bill {
  const gigabytes = (bytes: number) => (recoveries * assumptions.monthsStored * bytes) / 1e9
  const storage = {
    ...noBill,
    tables: gigabytes(assumptions.storedBytesPerRecovery) * (prices.tableGbMonth + prices.backupGbMonth),
    'ledger bucket': gigabytes(assumptions.archivedBytesPerRecovery) * prices.bucketGbMonth,
  }
  return sum([times(recoveryCost(), recoveries), standingCost(), storage])
}

/** USD of a month for the pages, where the stage hosts them: CloudFront and the firewall before it, with one rule. */
export function pagesCost(recoveries: number): number {
  const eachRequest = prices.pagesRequest + prices.pagesFunctionRun + prices.firewallRequest
  const visit = assumptions.pagesRequests * eachRequest + (assumptions.pagesKilobytes / 1e6) * prices.pagesGb
  return prices.firewallMonth + prices.firewallRuleMonth + recoveries * visit
}

export const smsPerRecovery = Object.values(recoveryCounts).reduce((total, { sms }) => total + sms, 0)

/** Parts of the SMS that one recovery by email of a person with a phone sends: the confirmation, where it goes by SMS too. */
export function smsPartsPerRecovery(language: string): number {
  const { parts = 0 } = smsLengths(language, assumptions.names).get('passwordChanged') ?? {}
  return smsPerRecovery * parts
}

/** USD of the SMS of one recovery. @returns undefined where no price is known */
export function smsCost(country: string, language: string): number | undefined {
  const price = smsPrices[country]
  return price && price.usdPerPart * smsPartsPerRecovery(language)
}

/** Asked, sent, verified, reset, signed in. */
const entriesPerRecovery = 5

/** USD of one recovery's entries on an event bus, where the stage names one: each by a run of its own at the most. */
export function eventsCost(): number {
  const gbSeconds = (assumptions.plainRunSeconds * memoryMb('publish')) / 1024
  const logs = (assumptions.logBytesPerRun / 1e9) * prices.logGb + assumptions.tracedShare * prices.trace
  return entriesPerRecovery * (prices.event + prices.functionRun + gbSeconds * prices.functionGbSecond + logs)
}

/** USD of a month for the canary, where the stage has one: its recoveries, two letters each, its waiting, alarms and figures. */
export function canaryCost(): number {
  const runs = monthSeconds / policy.canary.everySeconds
  const waiting = (assumptions.canaryRunSeconds * memoryMb('canary') * prices.functionGbSecond) / 1024
  const letters = 2 * (prices.emailReceived + prices.bucketPut)
  const each = totalOf(recoveryCost()) + prices.apiRequest * 2 + prices.functionRun + waiting + letters
  return runs * each + 2 * (prices.alarmMetricMonth + prices.metricMonth)
}

const usd = (value: number) =>
  value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** Texts in columns, the first to the left and the others to the right. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? []
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(cell).join('  ')).join('\n')
}

function smsRows(volumes: readonly number[]): string[][] {
  const parts = smsLanguages.map((language) => [
    `SMS in ${language}, parts`,
    ...volumes.map((volume) => (volume * smsPartsPerRecovery(language)).toLocaleString('en')),
  ])
  const costs = Object.keys(smsPrices).flatMap((country) =>
    smsLanguages.map((language) => [
      `SMS in ${language} to ${country}`,
      ...volumes.map((volume) => usd(volume * (smsCost(country, language) ?? Number.NaN))),
    ]),
  )
  return [...parts, ...costs]
}

/** The estimate as a table of text. */
export function costTable(volumes: readonly number[] = [10_000, 1_000_000, 100_000_000]): string {
  const months = volumes.map(monthlyCost)
  const rows = [
    ['USD a month for', ...volumes.map((volume) => `${volume.toLocaleString('en')} recoveries`)],
    ...services.map((service) => [service, ...months.map((month) => usd(month[service]))]),
    ['sum', ...months.map((month) => usd(totalOf(month)))],
    ['pages, if hosted', ...volumes.map((volume) => usd(pagesCost(volume)))],
    ['events, if published', ...volumes.map((volume) => usd(volume * eventsCost()))],
    ['canary, if there is one', ...volumes.map(() => usd(canaryCost()))],
    [
      'as many checks by a backend',
      ...volumes.map((volume) => usd(volume * checkCost('introspect-session'))),
    ],
    ['as many by the authorizer', ...volumes.map((volume) => usd(volume * checkCost('authorize')))],
    ...smsRows(volumes),
  ]
  const sms = Object.entries(smsPrices).map(
    ([country, { usdPerPart, asOf, of }]) =>
      `A part of an SMS to ${country}: ${usdPerPart} USD, list of ${asOf}: ${of}.`,
  )
  const listed = `List prices of ${prices.region}, ${prices.asOf}, after ${assumptions.monthsStored} months at this rate.`
  return `${[columns(rows), listed, ...sms].join('\n')}\n`
}

if (import.meta.main) process.stdout.write(costTable())
