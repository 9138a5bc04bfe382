/** The emulated services of this very process, by port, for whoever need not go over a socket to them. */
import type { Invocation } from './attribution.ts'
import type { WireReply, WireRequest } from './wire.ts'

/**
 * Books, judges and performs a call as the listener does that it would come to.
 * @returns undefined, with nothing done, while a fault waits: what a fault does is seen on a socket alone
 */
export type Nearby = (
  request: WireRequest,
  invocation: Invocation | undefined,
) => Promise<WireReply> | undefined

export const nearby = new Map<number, Nearby>()
