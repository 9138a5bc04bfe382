import { expect, test } from 'vitest'
import { loopWatch, Turns } from '#local/gateway/turns.ts'

const bounds = { atOnce: 4, whenBusy: 2, waiting: 2, longestWaitMs: 60_000 }
const busy = () => true

/** Works that end when told. */
function begin(turns: Turns, count: number) {
  const begun: number[] = []
  const works = Array.from({ length: count }, (_, place) => {
    const end = Promise.withResolvers<number>()
    const run = turns.run(() => {
      begun.push(place)
      return end.promise
    })
    return { run, end: () => end.resolve(place), fail: () => end.reject(new Error('failed')) }
  })
  return { begun, works }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('of a busy thread as many run as may, the next wait in order, and what comes beyond is refused at once', async () => {
  const { begun, works } = begin(new Turns(bounds, busy), 5)
  expect(await works[4]?.run).toBeUndefined()
  expect(begun).toEqual([0, 1])
  works[1]?.end()
  await settle()
  expect(begun).toEqual([0, 1, 2])
  works[0]?.end()
  await settle()
  expect(begun).toEqual([0, 1, 2, 3])
  for (const { end } of works) end()
  expect(await Promise.all(works.map(({ run }) => run))).toEqual([0, 1, 2, 3, undefined])
})

test('a turn is free again after work that failed, and after all have ended', async () => {
  const turns = new Turns({ ...bounds, whenBusy: 1 }, busy)
  const { begun, works } = begin(turns, 2)
  works[0]?.fail()
  await expect(works[0]?.run).rejects.toThrow('failed')
  await settle()
  expect(begun).toEqual([0, 1])
  works[1]?.end()
  await works[1]?.run
  expect(await turns.run(async () => 'next')).toBe('next')
})

test('who waits past patience is refused and not begun, and the place is free for another', async () => {
  const turns = new Turns({ atOnce: 1, whenBusy: 1, waiting: 1, longestWaitMs: 5 }, busy)
  const { begun, works } = begin(turns, 2)
  expect(await works[1]?.run).toBeUndefined()
  const { works: later } = begin(turns, 1)
  works[0]?.end()
  later[0]?.end()
  expect(await later[0]?.run).toBe(0)
  expect(begun).toEqual([0])
})

test('of a thread that has time more run, and as soon as it has, those who wait', async () => {
  let isBusy = false
  const turns = new Turns(bounds, () => isBusy)
  const { begun, works } = begin(turns, 4)
  await settle()
  expect(begun).toHaveLength(4)
  isBusy = true
  const { begun: later, works: more } = begin(turns, 2)
  works[0]?.end()
  works[1]?.end()
  await settle()
  expect(later).toEqual([])
  isBusy = false
  works[2]?.end()
  await settle()
  expect(later).toEqual([0, 1])
  for (const { end } of [...works, ...more]) end()
  expect(await Promise.all(more.map(({ run }) => run))).toEqual([0, 1])
})

test('who comes to a thread that has time again brings those who wait their turn', async () => {
  let isBusy = true
  const turns = new Turns(bounds, () => isBusy)
  const { begun, works } = begin(turns, 3)
  await settle()
  expect(begun).toEqual([0, 1])
  isBusy = false
  const { begun: later, works: more } = begin(turns, 1)
  await settle()
  expect([begun, later]).toEqual([[0, 1, 2], [0]])
  for (const { end } of [...works, ...more]) end()
})

test('a thread that never waits is busy, and one that only waits is not', async () => {
  const isBusy = loopWatch()
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(isBusy()).toBe(false)
  const until = performance.now() + 300
  while (performance.now() < until) await settle()
  expect(isBusy()).toBe(true)
})
