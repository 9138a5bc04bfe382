/**
 * What one address may do in an hour, by what is counted. Exact in every sliding hour (G5). People behind one carrier's or one
 * office's address are one address here, so a stage may set other numbers.
 */
import { type FlowId, flows } from '../contract/flows.ts'
import { policy } from '../policy.ts'

/** Codes asked for in a flow, wrong passwords, or identifiers with a phone that is not theirs. */
export type AddressBudget = FlowId | 'wrong-passwords' | 'mismatched-pairs'

/** As agreed. */
const agreedBudgets = Object.freeze({
  ...(Object.fromEntries(
    Object.entries(flows).map(([id, { codesPerIpHour }]) => [id, codesPerIpHour]),
  ) as Record<FlowId, number>),
  'wrong-passwords': policy.loginFailuresPerIp,
  'mismatched-pairs': policy.pairMismatchesPerIp,
}) satisfies Readonly<Record<AddressBudget, number>>

export const addressBudgetNames = Object.keys(agreedBudgets) as AddressBudget[]

/** The numbers that a stage has set, by name. */
export type SetBudgets = { readonly [Name in AddressBudget]?: number | undefined }

export const isBudget = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= policy.addressBudgetMost

/** Said of a number that is none. */
export const budgetRefusal = `must be a whole number from 1 to ${policy.addressBudgetMost}, for one item keeps the time of each`

/** @param set of the stage */
export const budgetOf = (set: SetBudgets, name: AddressBudget): number => set[name] ?? agreedBudgets[name]
