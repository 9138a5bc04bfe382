import { afterEach, expect, test } from 'vitest'
import { type Clock, startClock } from '#local/clock.ts'
import { type Schedules, startSchedules } from '#local/schedules.ts'

let clock: Clock
let schedules: Schedules

function start(workers: Record<string, (event: never) => Promise<unknown>>, problems: string[] = []): void {
  clock = startClock()
  schedules = startSchedules({
    workers,
    schedules: { 'seal-ledger': { everySeconds: 300 }, 'sweep-outbox': { everySeconds: 600 } },
    report: (problem) => problems.push(problem),
  })
}
afterEach(async () => {
  await schedules.close()
  clock.close()
})

test('a worker runs when the moved clock reaches its time, once however many were passed', async () => {
  const ran: string[] = []
  start({ 'seal-ledger': async () => ran.push('seal'), 'sweep-outbox': async () => ran.push('sweep') })
  await schedules.runDue()
  clock.advance(290)
  await schedules.runDue()
  expect(ran).toEqual([])
  clock.advance(10)
  await schedules.runDue()
  expect(ran).toEqual(['seal'])
  clock.advance(86_400)
  await schedules.runDue()
  await schedules.runDue()
  expect(ran.toSorted()).toEqual(['seal', 'seal', 'sweep'])
})

test('a worker gets the event that EventBridge sends', async () => {
  const events: unknown[] = []
  start({ 'seal-ledger': async (event) => events.push(event) })
  clock.advance(300)
  await schedules.runDue()
  expect(events).toEqual([
    expect.objectContaining({ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }),
  ])
})

test('a worker never runs beside itself', async () => {
  let running = 0
  let most = 0
  const worker = async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise(setImmediate)
    running -= 1
  }
  start({ 'seal-ledger': worker })
  clock.advance(300)
  const first = schedules.runDue()
  clock.advance(300)
  await Promise.all([first, schedules.runDue()])
  expect(most).toBe(1)
})

test('a worker that fails is told of without what it said, and runs again at its next time', async () => {
  const problems: string[] = []
  let runs = 0
  const worker = async () => {
    runs += 1
    throw new TypeError('quotes a secret')
  }
  start({ 'seal-ledger': worker }, problems)
  clock.advance(300)
  await schedules.runDue()
  clock.advance(300)
  await schedules.runDue()
  expect(runs).toBe(2)
  expect(problems).toEqual([
    expect.stringMatching(/^seal-ledger: TypeError/),
    expect.stringMatching(/^seal-ledger: TypeError/),
  ])
  expect(problems.join()).not.toContain('quotes a secret')
})
