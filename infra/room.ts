/** How much a stage lets through: what a deployer may set of it beside `tableCeiling`. What is left out stays as agreed. */
import * as z from 'zod'
import { throttles } from '../shared/contract/throttles.ts'
import { addressBudgetNames, budgetRefusal, isBudget } from '../shared/domain/address-budgets.ts'
import { type TableId, tables } from '../shared/tables.ts'
import { reservedConcurrency } from './capacity.ts'

const whole = (least: number, most: number, why = '') =>
  z
    .number()
    .refine(
      (value) => Number.isInteger(value) && value >= least && value <= most,
      `must be a whole number from ${least} to ${most}${why}`,
    )

/** Some of these names, each with such a value. */
const someOf = <Name extends string, Value extends z.ZodType>(names: readonly Name[], value: Value) =>
  z.strictObject(
    Object.fromEntries(names.map((name) => [name, value.optional()])) as Record<Name, z.ZodOptional<Value>>,
  )

const namesOf = <Name extends string>(record: Readonly<Record<Name, unknown>>) =>
  Object.keys(record) as Name[]

/** DynamoDB gives a table 40,000 unless more is asked for. */
const units = z.int().min(100).max(1_000_000)
export const ceiling = z.strictObject({ readUnits: units, writeUnits: units })

const throttle = z.strictObject({
  ratePerSecond: whole(1, 10_000, ', as API Gateway gives an account'),
  burst: whole(1, 10_000),
})

/** Schedules have one place, so that two runs never meet: theirs is no setting. */
const settablePlaces = namesOf(reservedConcurrency).filter((name) => reservedConcurrency[name] > 1)

export const room = {
  /** Requests a second of each route, of all callers together, by the class of its row in docs/routes.md. */
  throttles: someOf(namesOf(throttles), throttle).default({}),
  /** Ceilings of tables that differ from `tableCeiling`. */
  tableCeilings: someOf(namesOf(tables), ceiling).default({}),
  /** What one address may do in an hour. */
  addressBudgets: someOf(addressBudgetNames, z.number().refine(isBudget, budgetRefusal)).default({}),
  /** Requests of one address in five minutes that the firewall lets through: to routes that send or compare secrets, and to all. */
  firewallRates: z
    .strictObject({
      secrets: whole(10, 2_000_000_000, ', as WAF takes it').optional(),
      all: whole(10, 2_000_000_000, ', as WAF takes it').optional(),
    })
    .default({}),
  /** Places of functions at once, where `reserveConcurrency` is set. */
  places: someOf(settablePlaces, whole(1, 100_000)).default({}),
}

type Room = { readonly [Name in keyof typeof room]: z.output<(typeof room)[Name]> }

/** What the gateway lets through of a class of routes. */
export const throttleOf = ({ throttles: set }: Pick<Room, 'throttles'>, name: keyof typeof throttles) =>
  set[name] ?? throttles[name]

export const ceilingOf = (
  {
    tableCeilings,
    tableCeiling,
  }: Pick<Room, 'tableCeilings'> & { readonly tableCeiling: z.output<typeof ceiling> },
  table: TableId,
) => tableCeilings[table] ?? tableCeiling
