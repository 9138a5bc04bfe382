/** A recording made anyone's: what is one person's own, an address's, a country's, and everybody's. */
import type { FlowId } from '#shared/contract/flows.ts'
import { dirtyShard } from '#shared/ledger/chains.ts'
import { policy } from '#shared/policy.ts'
import { smsCountShards } from '#shared/stores/sms-counts.ts'
import type { TableId } from '#shared/tables.ts'
import type { Phase, RecordedCall, Recording, Run, UsedItem } from './record.ts'

/** Somebody of the simulation. */
export interface Who {
  readonly id: number
  readonly source: string
  readonly country: string
}

export interface PlannedItem {
  readonly table: TableId
  readonly writes: boolean
  readonly units: number
  /** How its kind is named where it refuses, such as `K#`. */
  readonly kind: string
  readonly partition: (who: Who) => string
  /** What transactions meet in. Of a chain all entries: each takes the next place. */
  readonly name: (who: Who) => string
  /** The flow whose hourly budget of an address it counts. */
  readonly budget?: FlowId
}

export interface PlannedCall {
  readonly kind: RecordedCall['kind']
  readonly items: readonly PlannedItem[]
}

export interface PlannedRun {
  readonly function: string
  readonly calls: readonly PlannedCall[]
}

export interface PlannedPhase extends Pick<Phase, 'route' | 'throttle'> {
  readonly run: PlannedRun
  readonly after: readonly PlannedRun[]
}

/** Spread as hashes are. */
const spread = ({ id }: Who, count: number) => (Math.imul(id, 2_654_435_761) >>> 0) % count

const chainOf = (recorded: string) => (who: Who) =>
  recorded.startsWith('unknown/')
    ? `unknown/${spread(who, policy.unknownSubjectChains)}`
    : recorded.startsWith('identity/')
      ? `identity/u-${who.id}`
      : recorded

/** Items of a day and a country, and of an address; all others of the challenges are a person's or a code's. */
function challengeName(pk: string, source: string): (who: Who) => string {
  if (pk.startsWith('K#')) return (who) => pk.replace(/#[A-Z]{2}$/, `#${who.country}`)
  // By their chains, as the appender picks them.
  if (pk.startsWith('Q#'))
    return (who) => pk.replace(/#[A-Z]{2}#[0-9]+$/, `#${who.country}#${spread(who, smsCountShards)}`)
  if (pk.includes(source)) return (who) => pk.replace(source, who.source)
  return (who) => `${pk} ${who.id}`
}

function planItem(item: UsedItem, source: string): PlannedItem {
  const { table, pk, sk, writes, units } = item
  const known = { table, writes, units }
  if (table === 'ledger') {
    const chain = chainOf(pk)
    return { ...known, kind: pk.startsWith('unknown/') ? 'unknown/' : 'chain', partition: chain, name: chain }
  }
  if (table === 'seal' && pk.startsWith('dirty#')) {
    const chain = chainOf(sk)
    return {
      ...known,
      kind: 'dirty#',
      partition: (who) => dirtyShard(chain(who)),
      name: (who) => `${chain(who)} head`,
    }
  }
  if (table === 'challenges') {
    const name = challengeName(pk, source)
    const kind = /^[A-Z]#(ip#|guess#)?/.exec(pk)?.[0] ?? pk
    const budget = /^I#(?!guess)([^#]+)#/.exec(pk)?.[1] as FlowId | undefined
    return { ...known, kind, partition: name, name, ...(budget !== undefined && { budget }) }
  }
  const everybodys = pk === 'U#~decoy' || pk === 'checkpoint'
  const name = (who: Who) => (everybodys ? pk : `${pk} ${sk} ${who.id}`)
  return { ...known, kind: table, partition: (who) => (everybodys ? pk : `${pk} ${who.id}`), name }
}

const planRun = (run: Run, source: string): PlannedRun => ({
  function: run.function,
  calls: run.calls.map(({ kind, items }) => ({ kind, items: items.map((item) => planItem(item, source)) })),
})

export const planOf = ({ source, phases }: Recording): PlannedPhase[] =>
  phases.map(({ route, throttle, run, after }) => ({
    route,
    throttle,
    run: planRun(run, source),
    after: after.map((each) => planRun(each, source)),
  }))
