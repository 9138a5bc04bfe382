import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { type Clock, startClock } from '#local/clock.ts'

const directory = mkdtempSync(join(tmpdir(), 'clock-test-'))
const RealDate = Date
let clock: Clock | undefined

const start = (dataDir?: string) => {
  clock = startClock(dataDir)
  return clock
}
/** What the moved clock is ahead of the real one, within the time this takes. */
const ahead = () => Math.round((Date.now() - RealDate.now()) / 1000)

afterEach(() => clock?.close())
afterAll(() => rmSync(directory, { recursive: true }))

test('every way to ask for the time sees the move', () => {
  start().advance(3600)
  expect(ahead()).toBe(3600)
  expect(RealDate.parse(new Date().toISOString())).toBeGreaterThanOrEqual(RealDate.now() + 3_599_000)
  expect(RealDate.parse(Date())).toBeGreaterThanOrEqual(RealDate.now() + 3_598_000)
  expect(Number.isInteger(Date.now())).toBe(true)
})

test('moves add up, and a part of a second leaves whole milliseconds', () => {
  const moved = start()
  moved.advance(10)
  moved.advance(0.0005)
  moved.advance(20)
  expect(ahead()).toBe(30)
  expect(Number.isInteger(Date.now())).toBe(true)
})

test('dates made from a value are what they were, and are Dates', () => {
  start().advance(3600)
  expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z')
  expect(new Date()).toBeInstanceOf(Date)
  expect(new Date()).toBeInstanceOf(RealDate)
  expect(Date.UTC(2026, 0)).toBe(RealDate.UTC(2026, 0))
  class Moment extends Date {}
  expect(new Moment()).toBeInstanceOf(Moment)
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 4e9])(
  'a move of %d seconds is refused, and moves nothing',
  (seconds) => {
    const moved = start()
    expect(() => moved.advance(seconds)).toThrow(RangeError)
    expect(ahead()).toBe(0)
  },
)

test('closed, the clock is the real one again', () => {
  start().advance(3600)
  clock?.close()
  expect(Date).toBe(RealDate)
})

describe('with a data folder', () => {
  test('the move is kept, and no half-written file is left', () => {
    start(directory).advance(86_400)
    clock?.close()
    start(directory)
    expect(ahead()).toBe(86_400)
    expect(clock?.offsetSeconds()).toBe(86_400)
    expect(readdirSync(directory)).toEqual(['clock.json'])
  })

  test.each(['{"offset', '{}', 'null'])(
    'a damaged file (%s) is named, not taken for a new clock',
    (content) => {
      const damaged = mkdtempSync(join(directory, 'damaged-'))
      writeFileSync(join(damaged, 'clock.json'), content)
      expect(() => start(damaged)).toThrow(/clock\.json is damaged/)
      expect(Date).toBe(RealDate)
    },
  )
})
