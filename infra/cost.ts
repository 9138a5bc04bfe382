/** Estimates the monthly bill from counted calls and list prices: `npx node infra/cost.ts`. */
import { policy } from '../shared/policy.ts'
import { type Counts, recoveryCounts } from './call-counts.ts'
import { hashingMemoryMb, memoryMb } from './capacity.ts'
import { managedGroups } from './firewall.ts'
import { logMetrics } from './log-metrics.ts'
import { prices } from './prices.ts'
import type { FunctionId } from './roles.ts'

export type Service =
  | 'api'
  | 'firewall'
  | 'functions'
  | 'tables'
  | 'keys'
  | 'email'
  | 'logs'
  | 'ledger bucket'

/** What is not counted but taken to be so. */
const assumptions = {
  /** Billed time of a run: waiting for two or three calls; login waits for its floor. */
  plainRunSeconds: 0.06,
  hashingRunSeconds: 0.2,
  loginRunSeconds: policy.loginFloorMs / 1000 + 0.02,
  /** An identity with its history of five; other items fit into one kilobyte. */
  identityKilobytes: 2,
  logBytesPerRun: 600,
  logBytesPerRequest: 500,
  /** X-Ray's own sampling, past the first request of each second. */
  tracedShare: 0.05,
  /** A recovery leaves five entries and a session behind; identities are the deployer's own. */
  storedBytesPerRecovery: 5_000,
  /** A first visit to the hosted pages and the list of common passwords, one a recovery (docs/pages.md). */
  pagesRequests: 6,
  pagesKilobytes: 63,
  /** How long the ledger has been growing. */
  monthsStored: 12,
  alarms: 24,
  keys: 6,
} as const

const monthSeconds = 30 * 24 * 3600
const ownFirewallRules = 3

const counted = Object.entries(recoveryCounts) as [FunctionId, Counts][]
const sum = (value: (counts: Counts, id: FunctionId) => number) =>
  counted.reduce((total, [id, counts]) => total + value(counts, id), 0)

/** Requests of a client in one recovery. */
const requestsPerRecovery = 4

function runSeconds(id: FunctionId): number {
  if (id === 'login') return assumptions.loginRunSeconds
  return memoryMb(id) === hashingMemoryMb ? assumptions.hashingRunSeconds : assumptions.plainRunSeconds
}

/** A transaction writes each item twice: prepare and commit. */
const writeUnits = ({ transacted, transactedIdentities, written }: Counts) =>
  2 * (transacted + transactedIdentities * (assumptions.identityKilobytes - 1)) + written

/** USD of one recovery, by service. */
export function recoveryCost(): Readonly<Record<Service, number>> {
  const runs = sum(({ runs: each }) => each)
  const gbSeconds = sum((counts, id) => (counts.runs * runSeconds(id) * memoryMb(id)) / 1024)
  const logBytes = runs * assumptions.logBytesPerRun + requestsPerRecovery * assumptions.logBytesPerRequest
  return {
    api: requestsPerRecovery * prices.apiRequest,
    firewall: requestsPerRecovery * prices.firewallRequest,
    functions: runs * prices.functionRun + gbSeconds * prices.functionGbSecond,
    tables: sum(writeUnits) * prices.tableWriteUnit + sum(({ read }) => read) * prices.tableReadUnit,
    keys: sum(({ macs }) => macs) * prices.keyMac,
    email: sum(({ emails }) => emails) * prices.email,
    logs: (logBytes / 1e9) * prices.logGb + runs * assumptions.tracedShare * prices.trace,
    'ledger bucket': 0,
  }
}

/** USD of one check of a session by a team's own backend: one read of two items, and seldom a note of the use. */
export function checkCost(): number {
  const gbSeconds = (assumptions.plainRunSeconds * memoryMb('introspect-session')) / 1024
  const run = prices.functionRun + gbSeconds * prices.functionGbSecond
  const logBytes = assumptions.logBytesPerRun + assumptions.logBytesPerRequest
  const told = (logBytes / 1e9) * prices.logGb + assumptions.tracedShare * prices.trace
  return prices.apiRequest + prices.firewallRequest + run + 2 * prices.tableReadUnit + told
}

/** USD a month that do not depend on how much is asked for. */
function standingCost(): Readonly<Record<Service, number>> {
  const checkpoints = monthSeconds / policy.checkpointIntervalSeconds
  const rules = ownFirewallRules + managedGroups.length
  return {
    api: 0,
    firewall: prices.firewallMonth + rules * prices.firewallRuleMonth,
    functions: 0,
    tables: 0,
    keys: assumptions.keys * prices.keyMonth + checkpoints * prices.keySignature,
    email: 0,
    logs:
      assumptions.alarms * prices.alarmMonth +
      (Object.keys(logMetrics).length + 1) * prices.metricMonth +
      prices.dashboardMonth,
    'ledger bucket': checkpoints * prices.bucketPut,
  }
}

/**
 * USD of a month, by service, after a year at the same rate. SMS are left out: multiply `smsPerRecovery` by your price.
 * @param recoveries in the month
 */
export function monthlyCost(recoveries: number): Readonly<Record<Service, number>> {
  const [each, standing] = [recoveryCost(), standingCost()]
  const storedGb = (recoveries * assumptions.monthsStored * assumptions.storedBytesPerRecovery) / 1e9
  const storage = storedGb * (prices.tableGbMonth + prices.backupGbMonth)
  const services = Object.keys(each) as Service[]
  return Object.fromEntries(
    services.map((service) => [
      service,
      each[service] * recoveries + standing[service] + (service === 'tables' ? storage : 0),
    ]),
  ) as Record<Service, number>
}

/** USD of a month for the pages, where the stage hosts them: CloudFront and the firewall before it, with one rule. */
export function pagesCost(recoveries: number): number {
  const eachRequest = prices.pagesRequest + prices.pagesFunctionRun + prices.firewallRequest
  const visit = assumptions.pagesRequests * eachRequest + (assumptions.pagesKilobytes / 1e6) * prices.pagesGb
  return prices.firewallMonth + prices.firewallRuleMonth + recoveries * visit
}

/** USD of one recovery's entries on an event bus, where the stage names one: each by a run of its own at the most. */
export function eventsCost(): number {
  const { runs } = recoveryCounts['append-ledger']
  const gbSeconds = (assumptions.plainRunSeconds * memoryMb('publish')) / 1024
  const logs = (assumptions.logBytesPerRun / 1e9) * prices.logGb + assumptions.tracedShare * prices.trace
  return runs * (prices.event + prices.functionRun + gbSeconds * prices.functionGbSecond + logs)
}

export const smsPerRecovery = sum(({ sms }) => sms)

const usd = (value: number) =>
  value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** The estimate as a table of text. */
export function costTable(volumes: readonly number[] = [10_000, 1_000_000, 100_000_000]): string {
  const months = volumes.map(monthlyCost)
  const services = Object.keys(recoveryCost()) as Service[]
  const rows = [
    ['USD a month for', ...volumes.map((volume) => `${volume.toLocaleString('en')} recoveries`)],
    ...services.map((service) => [service, ...months.map((month) => usd(month[service]))]),
    ['sum', ...months.map((month) => usd(Object.values(month).reduce((total, value) => total + value, 0)))],
    ['pages, if hosted', ...volumes.map((volume) => usd(pagesCost(volume)))],
    ['events, if published', ...volumes.map((volume) => usd(volume * eventsCost()))],
    ['as many checks of sessions', ...volumes.map((volume) => usd(volume * checkCost()))],
    [
      `SMS, at your price`,
      ...volumes.map((volume) => `${(volume * smsPerRecovery).toLocaleString('en')} messages`),
    ],
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? []
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  return `${rows.map(line).join('\n')}\nList prices of ${prices.region}, ${prices.asOf}, after ${assumptions.monthsStored} months at this rate.\n`
}

if (import.meta.main) process.stdout.write(costTable())
