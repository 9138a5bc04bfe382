/** What every measure is given, and gives. */
import type { FunctionId } from '../../infra/roles.ts'
import type { Measured } from '../figures.ts'
import type { BundlePaths } from '../processes/deployment.ts'

export interface Setting {
  /** Size of each function's code in bytes. */
  readonly sizes: ReadonlyMap<FunctionId, number>
  readonly pathsOf: () => BundlePaths
  readonly pathOf: (id: FunctionId) => string
  /** Pairs of requests per route of the timing test. */
  readonly pairs: number
  /** In short: whether it runs is asked, not what it finds. */
  readonly quick: boolean
  /** Whether a figure was asked for. */
  readonly wants: (name: string) => boolean
  /** Value of a figure that this run has measured already. */
  readonly measuredBefore: (name: string) => number | undefined
  /** Tells whoever waits what goes on. */
  readonly report: (line: string) => void
}

export interface Measure {
  /** Figures it gives, or their groups. */
  readonly names: readonly string[]
  readonly run: (setting: Setting) => AsyncIterable<Measured>
}
