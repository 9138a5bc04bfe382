/** [cpu_ratio, cpu_ms] */
import { type Measured, measured } from '../figures.ts'
import { measureIn } from '../processes/ask.ts'
import type { CpuInput, CpuSample } from '../processes/cpu.ts'
import { median, spread } from '../statistics.ts'
import type { Setting } from './measure.ts'

const size = { warmUp: 60, recoveries: 300 }
const quickSize = { warmUp: 1, recoveries: 3 }

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function breakdownOf(samples: readonly CpuSample[]): string {
  const names = Object.keys(samples[0]?.byFunction ?? {})
  const parts = names.map((name) => {
    const own = median(samples.map(({ byFunction }) => byFunction[name] ?? 0))
    return `${name} ${own.toFixed(1)}`
  })
  return `by function: ${parts.join(', ')}`
}

export async function* measureCpu({ pathsOf, quick }: Setting): AsyncGenerator<Measured> {
  const input: CpuInput = { paths: pathsOf(), ...(quick ? quickSize : size) }
  const samples = await measureIn<CpuSample[]>('./cpu.ts', input)
  const totals = samples.map(({ byFunction }) => sum(Object.values(byFunction)))
  const hashes = samples.map((sample) => sample.hashes)
  const ratio = median(totals) / median(hashes)
  const remark = `${samples.length} recoveries: ${spread(totals)} ms over two hashes of ${spread(hashes)} ms`
  yield measured('cpu_ratio', ratio, '', { most: 2.4 }, remark)
  yield measured('cpu_ms', median(totals), 'ms', {}, breakdownOf(samples))
}
