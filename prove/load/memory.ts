/** Whether the memory of a process stays flat. */
import type { Process } from '../../bench/processes/ask.ts'
import type { Memory } from '../http/stack-process.ts'

export interface Sample extends Memory {
  readonly minute: number
}

/** Asks for the memory now and then, until `over`. */
export async function watchMemory(
  stack: Process,
  everyMs: number,
  over: Promise<unknown>,
): Promise<Sample[]> {
  const samples: Sample[] = []
  const begin = performance.now()
  let running = true
  void over.finally(() => {
    running = false
  })
  while (running) {
    samples.push({ minute: (performance.now() - begin) / 60_000, ...(await stack.ask<Memory>('memory')) })
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, everyMs))])
  }
  return samples
}

/** Slope of the least-squares line through the values, per minute. */
export function slopeOf(samples: readonly Sample[], value: (sample: Sample) => number): number {
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length
  const middle = mean(samples.map(({ minute }) => minute))
  const level = mean(samples.map(value))
  const spread = samples.reduce((sum, { minute }) => sum + (minute - middle) ** 2, 0)
  const shared = samples.reduce((sum, each) => sum + (each.minute - middle) * (value(each) - level), 0)
  return shared / spread
}
