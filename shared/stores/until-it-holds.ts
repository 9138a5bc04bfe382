/** What is done again where another write came between, until it holds. */
import { Unavailable } from '../aws/unavailable.ts'

/** Turns that are all alike, by their number. Five are enough where one person's calls are all that can come between. */
export const times = (count = 5): Iterable<number> => Array(count).keys()

/**
 * @param what stays contended, as the outage says it
 * @param turns what each attempt is made with
 * @param attempt what came of a turn; undefined where it did not hold, and the next one is due
 * @throws Unavailable when no turn is left; whatever the attempt throws
 */
export async function untilItHolds<Result, Turn>(
  what: string,
  turns: Iterable<Turn>,
  attempt: (turn: Turn) => Promise<Result | undefined>,
): Promise<Result> {
  for (const turn of turns) {
    const result = await attempt(turn)
    if (result !== undefined) return result
  }
  throw new Unavailable(`${what} stayed contended`)
}
