/** One request that every fault is tried on. */
import type { StepId } from '#shared/contract/routes.ts'
import type { EventType } from '#shared/events.ts'
import type { Envelope, Response } from '#test/support/reply.ts'
import type { TestIdentity, World } from '#test/support/world.ts'

/** One call that is ready to be made, and made again by a client that got no answer. */
export interface Prepared {
  readonly person: TestIdentity
  readonly call: () => Promise<Response<Envelope>>
}

export interface FaultCase {
  readonly prepare: () => Promise<Prepared>
  /** What the call answers where nothing fails; `OK` where it is not given. */
  readonly answer?: string
  /** The entry that each call leaves. None where the step only reads. */
  readonly leaves?: readonly [type: EventType, outcome: 'success' | 'failure']
  /** What the call answers once more, after it was done and its answer lost. */
  readonly again: string
  /** Whether that call does it a second time. */
  readonly repeats?: true
  /** Messages that each success sends, to the mailbox and the phone. */
  readonly tells?: readonly [email: number, sms: number]
  /** Whether it is told the first time alone, however often it is done. */
  readonly tellsOnce?: true
}

/** Cases of one step, by what they do. */
export type FaultCases = Readonly<Record<string, FaultCase>>
/** Makes the cases of some steps; nothing is called before a case is prepared. */
export type CasesOf<Step extends StepId> = (world: World) => Readonly<Record<Step, FaultCases>>
