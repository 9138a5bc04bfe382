/** What refuses first as recoveries become more: a simulation of AWS's limits on the wire's own counts. */
import '#test/support/quiet.ts'
import { flowOf } from '#shared/contract/flows.ts'
import { throttles } from '#shared/contract/routes.ts'
import { streamSources } from '#shared/event-sources.ts'
import { policy } from '#shared/policy.ts'
import { type TableId, tables } from '#shared/tables.ts'
import { type Measured, measured } from '../bench/figures.ts'
import { quantile } from '../bench/statistics.ts'
import { reservedConcurrency } from '../infra/capacity.ts'
import { firewallRates } from '../infra/firewall-rules.ts'
import { type Proof, wholeNumber } from './proof.ts'
import { type Arrivals, type Outcome, oneAddress, simulate } from './scale/arrivals.ts'
import { type PlannedPhase, planOf } from './scale/plan.ts'
import { type Recordings, recordRecoveries } from './scale/record.ts'
import type { Fate, ServiceLimits } from './scale/service.ts'

/**
 * A new account's, once it is out of the sandboxes and has the Lambda quota that docs/deploy.md asks for. Of events in Northern
 * Virginia, Oregon and Ireland; elsewhere from 400 to 2,400.
 */
const account = {
  kmsPerSecond: 10_000,
  eventsPerSecond: 10_000,
  emailsPerSecond: 14,
  smsPerSecond: 20,
  places: 1000,
}
/** Of `prod` in cdk.json. */
const ceiling = { readUnits: 20_000, writeUnits: 20_000 }
/** Chains that one run of the appender has at work (functions/workers/append-ledger.ts). */
const chainsAtOnce = 8
/** A stream has a shard for each partition of its table: four at first, one more for each 1,000 units a second. */
const shardsFor = (unitsPerSecond: number) => Math.max(4, Math.ceil(unitsPerSecond / 1000))
const longestSeconds = 60
/** So much more than anybody needs that it refuses nothing. */
const plenty = 1_000_000

const everyTable = <T>(of: (table: TableId) => T) =>
  Object.fromEntries((Object.keys(tables) as TableId[]).map((table) => [table, of(table)])) as Record<
    TableId,
    T
  >

/** Records that a worker has at work at once: its places, or the lanes of its stream. */
function atWork(name: keyof typeof streamSources, places: number, shards: number): number {
  const { parallelizationFactor, batchSize } = streamSources[name]
  const each = name === 'append-ledger' ? chainsAtOnce : batchSize
  return Math.min(places, shards * parallelizationFactor) * each
}

/** As it is deployed unless somebody sets something. */
function agreed(shards: number): ServiceLimits {
  const places = {
    ...reservedConcurrency,
    deliver: atWork('deliver', reservedConcurrency.deliver, shards),
    notify: atWork('notify', reservedConcurrency.notify, shards),
    'append-ledger': atWork('append-ledger', reservedConcurrency['append-ledger'], shards),
  }
  const reserved = Object.values(reservedConcurrency).reduce((sum, count) => sum + count, 0)
  return {
    ...account,
    throttles,
    places,
    sharedPlaces: account.places - reserved,
    ceilings: everyTable(() => ceiling),
    perAddress: firewallRates.secrets,
    budgetOf: (flow) => flowOf(flow).codesPerIpHour,
    loginFloorMs: policy.loginFloorMs,
  }
}

/** Every quota of the account and every setting out of the way: what is left is the design. */
const raised = (shards: number): ServiceLimits => ({
  ...agreed(shards),
  eventsPerSecond: plenty,
  emailsPerSecond: plenty,
  smsPerSecond: plenty,
  throttles: {
    ...throttles,
    send: { ratePerSecond: plenty, burst: plenty },
    guess: { ratePerSecond: plenty, burst: plenty },
  },
  places: {
    deliver: atWork('deliver', plenty, shards),
    notify: atWork('notify', plenty, shards),
    'append-ledger': atWork('append-ledger', plenty, shards),
  },
  sharedPlaces: plenty,
  ceilings: everyTable(() => ({ readUnits: plenty, writeUnits: plenty })),
  perAddress: plenty,
  budgetOf: () => plenty,
})

const unitsOf = (phases: readonly PlannedPhase[]) =>
  phases
    .flatMap(({ run, after }) => [run, ...after].flatMap(({ calls }) => calls))
    .flatMap(({ kind, items }) => items.map((item) => ({ ...item, times: kind === 'transaction' ? 2 : 1 })))
    .filter(({ writes, times }) => writes || times === 2)

/** Write units of one recovery, of one table or of all. */
const unitsIn = (phases: readonly PlannedPhase[], table?: TableId) =>
  unitsOf(phases)
    .filter((item) => table === undefined || item.table === table)
    .reduce((sum, { units, times }) => sum + units * times, 0)

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function refusalsOf({ seen }: Outcome): string {
  const rows = [...seen.refusals].sort(([, one], [, other]) => one.firstAt - other.firstAt)
  const said = rows.map(
    ([name, { count, firstAt }]) => `${name} ${count} (from ${(firstAt / 1000).toFixed(1)} s)`,
  )
  return said.join(', ') || 'nothing refused'
}

function* figuresOf(name: string, outcome: Outcome): Generator<Measured> {
  const one = (fate: Fate) => fate.who.source === oneAddress
  const share = (fates: readonly Fate[]) =>
    (100 * fates.filter(({ waitedMs }) => waitedMs !== undefined).length) / fates.length
  const others = outcome.fates.filter((fate) => !one(fate))
  const waits = others.flatMap(({ waitedMs }) => (waitedMs === undefined ? [] : [waitedMs / 1000]))
  yield measured(`${name}.served`, share(others), '%', {}, refusalsOf(outcome))
  yield measured(`${name}.wait_p50`, quantile(waits, 0.5), 's')
  yield measured(`${name}.wait_p99`, quantile(waits, 0.99), 's')
  yield measured(`${name}.served_one_address`, share(outcome.fates.filter(one)), '%')
  yield measured(`${name}.ledger_p99`, quantile(outcome.seen.ledgerLags, 0.99) / 1000, 's')
}

function* unitFigures(plans: Readonly<Record<'email' | 'sms', readonly (readonly PlannedPhase[])[]>>) {
  for (const [kind, each] of Object.entries(plans)) {
    const tableUnits = (Object.keys(tables) as TableId[])
      .map((table) => `${table} ${mean(each.map((phases) => unitsIn(phases, table))).toFixed(1)}`)
      .join(', ')
    yield measured(
      `units.${kind}`,
      mean(each.map((phases) => unitsIn(phases))),
      'write units',
      {},
      tableUnits,
    )
  }
}

export const proof: Proof = {
  about:
    'what refuses first, and what people wait, at 10, 100 and 1,000 recoveries a second, by a simulation of AWS’s limits',
  options: {
    rates: { type: 'string' },
    people: { type: 'string' },
    seed: { type: 'string' },
    'one-address': { type: 'string' },
    recordings: { type: 'string' },
  },
  async *run(values, report) {
    const people = wholeNumber(values, 'people', 20_000, { least: 100, most: 1_000_000 })
    const seed = wholeNumber(values, 'seed', 1, { least: 0, most: 2 ** 31 })
    const recordings = wholeNumber(values, 'recordings', 8, { least: 1, most: 100 })
    const behindOneAddress = wholeNumber(values, 'one-address', 2, { least: 0, most: 100 }) / 100
    const rates = String(values['rates'] ?? '10,100,1000')
      .split(',')
      .map(Number)
    report(`records ${recordings} recoveries of each kind on a local stack`)
    const recorded: Recordings = await recordRecoveries(recordings)
    const plans = { email: recorded.email.map(planOf), sms: recorded.sms.map(planOf) }
    const nobody = recorded.nobody.map(planOf)
    yield* unitFigures(plans)
    const outboxUnits = mean([...plans.email, ...plans.sms].map((phases) => unitsIn(phases, 'outbox')))
    for (const perSecond of rates) {
      const seconds = Math.min(longestSeconds, people / perSecond)
      const shards = shardsFor(outboxUnits * perSecond)
      const arrivals: Arrivals = {
        ...{ perSecond, seconds, behindOneAddress, nobody, flood: 0 },
        kinds: [plans.email, plans.sms],
      }
      const rounds = {
        agreed: () => simulate(arrivals, agreed(shards), seed),
        raised: () => simulate(arrivals, raised(shards), seed),
        flooded: () => simulate({ ...arrivals, flood: perSecond }, raised(shards), seed),
      }
      for (const [round, run] of Object.entries(rounds)) {
        report(`${perSecond} recoveries a second for ${seconds} s, ${round}`)
        yield* figuresOf(`scale.${round}.${perSecond}`, run())
      }
    }
  },
}
