/** What one address may do in an hour: as agreed, and as a stage may set it. */
import { expect, test } from 'vitest'
import { flows } from '#shared/contract/flows.ts'
import { addressBudgetNames, budgetOf, budgetRefusal, isBudget } from '#shared/domain/address-budgets.ts'

/** The numbers of the agreement; a change here is a change of policy. */
const agreed = {
  'password-email': 10,
  'password-email-basic': 3,
  'password-two-factor': 10,
  'pin-reset': 10,
  'step-up': 10,
  'login-mfa': 30,
  'wrong-passwords': 50,
  'mismatched-pairs': 10,
}

test('each flow has a budget, wrong passwords and mismatched pairs too', () => {
  expect(addressBudgetNames.toSorted()).toEqual(
    [...Object.keys(flows), 'wrong-passwords', 'mismatched-pairs'].toSorted(),
  )
  expect(Object.fromEntries(addressBudgetNames.map((name) => [name, budgetOf({}, name)]))).toEqual(agreed)
})

test('what a stage sets takes the place of what was agreed, for that budget alone', () => {
  const set = { 'pin-reset': 40, 'wrong-passwords': 7 }
  expect(budgetOf(set, 'pin-reset')).toBe(40)
  expect(budgetOf(set, 'wrong-passwords')).toBe(7)
  expect(budgetOf(set, 'step-up')).toBe(10)
})

test('a budget is a whole number from 1 to 100', () => {
  for (const number of [1, 2, 99, 100]) expect(isBudget(number), `${number}`).toBe(true)
  for (const other of [0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', null, undefined])
    expect(isBudget(other), `${other}`).toBe(false)
  expect(budgetRefusal).toContain('a whole number from 1 to 100')
})
