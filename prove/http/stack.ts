/** Where the process of `stack-process.ts` is, as `startProcess` of the bench names it. */
export const stackProcess = '../../prove/http/stack-process.ts'

/** Codes that nobody gives back are what these proofs are full of: the breaker of toll fraud has tests of its own. */
export const manyUnverified = { SMS_UNVERIFIED_FLOORS: JSON.stringify({ EG: 1_000_000, IN: 1_000_000 }) }
