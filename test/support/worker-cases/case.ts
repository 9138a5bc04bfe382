/** Work for one worker, and what must have come of it however often the worker failed. */
import type { WorkerId } from '#shared/contract/routes.ts'
import type { World } from '#test/support/world.ts'

export interface WorkToDo {
  /** Makes the work. The workers do it by themselves. */
  readonly act: () => Promise<unknown>
  /**
   * Holds when the work is done once and nothing is lost.
   * @param mayRepeat whether a message may have come more than once
   * @throws AssertionError
   */
  readonly check: (mayRepeat: boolean) => Promise<void>
}

export interface WorkerCase {
  readonly worker: WorkerId
  /** It writes nothing down of what it did: killed when all was done, it does it again. */
  readonly unrecorded?: true
  readonly prepare: (world: World) => Promise<WorkToDo>
}
