/**
 * The attacks that the design names by their cause. Each has the smallest edit of the source that makes the product
 * naive against it, and the test that must then fail. An edit whose text is no longer in the source is an error.
 */

import type { Attack, TestName } from './attack.ts'
import { budgets, refusals, replays } from './on-counting.ts'
import { halfProofs, shutDoors } from './on-doors.ts'
import { addresses, values } from './on-people.ts'
import { floods, forgeries, oracles, rolledBack } from './on-records.ts'
import { turned } from './on-rights.ts'

export const attacks: readonly Attack[] = [
  ...replays,
  ...budgets,
  ...addresses,
  ...values,
  ...refusals,
  ...turned,
  ...halfProofs,
  ...shutDoors,
  ...oracles,
  ...rolledBack,
  ...forgeries,
  ...floods,
]

/** What honest people do works in the naive version too: it is naive, not broken. */
export const honest: TestName = {
  file: 'test/flows/password-email-basic.test.ts',
  title: 'the whole flow: forgot, verify, reset with the same code, sign in',
}
