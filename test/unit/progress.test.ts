/** The line that tells how far a long command has come. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { showProgress } from '../../cli/progress.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => vi.useRealTimers())

function shown(total: number | undefined, steps: readonly (readonly [done: number, ms: number])[]): string {
  const said: string[] = []
  const stream = {
    isTTY: false,
    write: (text: string) => said.push(text) > 0,
  } as unknown as typeof process.stderr
  const progress = showProgress('rows', total, stream)
  for (const [done, ms] of steps) {
    vi.advanceTimersByTime(ms)
    progress.update(done)
  }
  progress.end()
  return said.at(-1) ?? ''
}

test('says rate and time left, by what this run has done', () => {
  expect(
    shown(50_000, [
      [10_000, 100],
      [11_000, 10_000],
    ]),
  ).toMatch(/ 22% 11,000 of 50,000 rows, 100\/s, 7 min left\n$/)
  expect(
    shown(12_000, [
      [10_000, 100],
      [11_000, 10_000],
    ]),
  ).toContain('100/s, 10 s left')
  expect(
    shown(2_000_000, [
      [0, 100],
      [1000, 10_000],
    ]),
  ).toContain('100/s, 5.6 h left')
})

test('says no rate before there is one, and none where the end is not known', () => {
  expect(shown(50_000, [[32, 6000]])).toMatch(/32 of 50,000 rows\n$/)
  expect(
    shown(undefined, [
      [32, 100],
      [64, 6000],
    ]),
  ).toBe('64 rows\n')
})
