/** Requests a second and burst, of all callers together; the limits per person and address are in the steps. */
export const throttles = {
  /** Sends messages. */
  send: { ratePerSecond: 50, burst: 200 },
  /** Compares secrets. */
  guess: { ratePerSecond: 100, burst: 400 },
  read: { ratePerSecond: 200, burst: 400 },
  admin: { ratePerSecond: 50, burst: 100 },
  /** A team's own API asks with each of its own requests. */
  check: { ratePerSecond: 1000, burst: 2000 },
} as const
