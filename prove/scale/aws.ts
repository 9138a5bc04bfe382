/** Calls to AWS under its limits, tried again as the SDK and the stores do it. */
import type { FlowId } from '#shared/contract/flows.ts'
import type { TableId } from '#shared/tables.ts'
import type { Engine, Process } from './engine.ts'
import { Bucket, Buckets, Locks, Windows } from './limits.ts'
import type { PlannedCall, PlannedItem, Who } from './plan.ts'

/** What a partition of a table takes in a second. */
const partition = { writeUnits: 1000, readUnits: 3000 }
/** Assumed, within a Region: the middle; each call takes up to a third more or less. */
const latencyMs = { transaction: 15, write: 5, read: 4, kms: 8, events: 15, ses: 60, sns: 60 }
/** As `transact` and `updateOne` of shared/stores/database.ts. */
const contended = { attempts: 6, baseMs: 15, capMs: 200 }
/** As the SDK's standard mode where a call is throttled. */
const throttled = { attempts: 3, baseMs: 500 }

export interface AwsLimits {
  /** Units a second of each table. */
  readonly ceilings: Readonly<Record<TableId, { readonly readUnits: number; readonly writeUnits: number }>>
  readonly kmsPerSecond: number
  /** Calls of PutEvents. */
  readonly eventsPerSecond: number
  readonly emailsPerSecond: number
  readonly smsPerSecond: number
  /** Codes of an address in an hour. */
  readonly budgetOf: (flow: FlowId) => number
}

/** Why a call was refused for good, such as `conflict K#`. A budget is final: nothing is tried again in this hour. */
export type Refusal = string
export const isFinal = (refusal: Refusal) => refusal.startsWith('budget')

export interface Aws {
  /** Makes a call. @returns why it failed after all its attempts, or undefined */
  perform(call: PlannedCall, who: Who): Process<Refusal | undefined>
  /** Write units that were spent, by table. */
  readonly written: ReadonlyMap<TableId, number>
}

export function createAws(engine: Engine, limits: AwsLimits): Aws {
  const writes = new Buckets(() => new Bucket(engine, partition.writeUnits))
  const reads = new Buckets(() => new Bucket(engine, partition.readUnits))
  const locks = new Locks()
  const ceilings = Object.fromEntries(
    Object.entries(limits.ceilings).map(([table, { readUnits, writeUnits }]) => [
      table,
      { read: new Bucket(engine, readUnits), write: new Bucket(engine, writeUnits) },
    ]),
  ) as Record<TableId, { read: Bucket; write: Bucket }>
  const services = {
    kms: new Bucket(engine, limits.kmsPerSecond),
    events: new Bucket(engine, limits.eventsPerSecond),
    ses: new Bucket(engine, limits.emailsPerSecond),
    sns: new Bucket(engine, limits.smsPerSecond),
  }
  const budgets = new Map<FlowId, Windows>()
  const written = new Map<TableId, number>()

  const around = (ms: number) => ms * (2 / 3 + (engine.random() * 2) / 3)
  const itemName = ({ table, name }: PlannedItem, who: Who) => `${table} ${name(who)}`

  function* throttling(attempt: () => Refusal | undefined, ms: number): Process<Refusal | undefined> {
    let refusal: Refusal | undefined
    for (let tries = 0; tries < throttled.attempts; tries += 1) {
      refusal = attempt()
      yield around(ms)
      if (refusal === undefined) return undefined
      yield engine.random() * throttled.baseMs * 2 ** tries
    }
    return refusal
  }

  /** What has no room among the units of tables and partitions. A transaction pays twice. */
  function withoutRoom(items: readonly PlannedItem[], who: Who, times: number): Refusal | undefined {
    for (const item of items) {
      const { table, kind, partition: partitionOf, units } = item
      const isWrite = item.writes || times > 1
      const [ceiling, bucket] = isWrite
        ? [ceilings[table].write, writes.of(`${table} ${partitionOf(who)}`)]
        : [ceilings[table].read, reads.of(`${table} ${partitionOf(who)}`)]
      if (!ceiling.take(units * times)) return `ceiling ${table}`
      if (!bucket.take(units * times)) return `partition ${kind}`
      if (isWrite) written.set(table, (written.get(table) ?? 0) + units * times)
    }
    return undefined
  }

  function overBudget(items: readonly PlannedItem[], who: Who): Refusal | undefined {
    for (const { budget, name } of items) {
      if (budget === undefined) continue
      const windows = budgets.get(budget) ?? new Windows(engine, limits.budgetOf(budget), 3_600_000)
      budgets.set(budget, windows)
      if (!windows.take(name(who))) return 'budget of an address'
    }
    return undefined
  }

  /** The item's condition is judged where the item is, so a full register holds nothing. */
  function* transaction(items: readonly PlannedItem[], who: Who): Process<Refusal | undefined> {
    const names = items.map((item) => itemName(item, who))
    let refusal: Refusal | undefined
    for (let tries = 0; tries < contended.attempts; tries += 1) {
      const ms = around(latencyMs.transaction)
      const held = names.findIndex((name) => locks.taken([name]) !== undefined)
      refusal = held < 0 ? withoutRoom(items, who, 2) : `conflict ${items[held]?.kind}`
      if (refusal === undefined) {
        const over = overBudget(items, who)
        if (over === undefined) locks.hold(names)
        yield ms
        if (over === undefined) locks.release(names)
        return over
      }
      yield ms
      yield engine.random() * Math.min(contended.capMs, contended.baseMs * 2 ** tries)
    }
    return refusal
  }

  function* write(item: PlannedItem, who: Who): Process<Refusal | undefined> {
    for (let tries = 0; tries < contended.attempts; tries += 1) {
      if (locks.taken([itemName(item, who)]) === undefined)
        return yield* throttling(() => withoutRoom([item], who, 1), latencyMs.write)
      yield around(latencyMs.write)
      yield engine.random() * Math.min(contended.capMs, contended.baseMs * 2 ** tries)
    }
    return `conflict ${item.kind}`
  }

  return {
    written,
    perform({ kind, items }, who) {
      if (kind === 'transaction') return transaction(items, who)
      const [item] = items
      if (kind === 'write' && item !== undefined) return write(item, who)
      if (kind === 'read' || kind === 'write')
        return throttling(() => withoutRoom(items, who, 1), latencyMs.read)
      return throttling(() => (services[kind].take() ? undefined : `${kind} rate`), latencyMs[kind])
    },
  }
}
