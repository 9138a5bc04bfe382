/** Runs the scheduled workers when the stack's clock says so, as EventBridge does. */
import { randomUUID } from 'node:crypto'
import type { WorkerId } from '#shared/contract/routes.ts'
import { type Schedule, schedules } from '#shared/event-sources.ts'
import { describeProblem } from './problem.ts'
import { type Handler, invoke } from './runtime.ts'

const workerTimeoutMs = 60_000
const lookEveryMs = 1000

export interface SchedulesOptions {
  /** Workers without a handler are not run. */
  readonly workers: Readonly<Partial<Record<WorkerId, Handler>>>
  readonly schedules?: Readonly<Partial<Record<WorkerId, Schedule>>>
  /** Takes one line for whoever runs the stack. */
  readonly report: (problem: string) => void
}

export interface Schedules {
  /** Runs each worker that is due, once however many of its times have passed; resolves when they ended. */
  runDue(): Promise<void>
  /** Runs a worker before its time, as a new deployment's first schedule does. */
  runNow(worker: WorkerId): Promise<void>
  /** Resolves when no scheduled worker runs. */
  idle(): Promise<void>
  close(): Promise<void>
}

export function startSchedules(options: SchedulesOptions): Schedules {
  const rows = Object.entries(options.schedules ?? schedules).flatMap(([worker, { everySeconds }]) => {
    const handler = options.workers[worker as WorkerId]
    const everyMs = everySeconds * 1000
    return handler === undefined ? [] : [{ worker, handler, everyMs, dueAt: Date.now() + everyMs }]
  })
  let running: Promise<void> = Promise.resolve()

  async function runOnce(worker: string, handler: Handler): Promise<void> {
    try {
      const invocation = { function: worker, requestId: randomUUID(), timeoutMs: workerTimeoutMs }
      await invoke(handler, scheduledEvent(worker), invocation)
    } catch (error) {
      options.report(`${worker}: ${describeProblem(error)}`)
    }
  }

  /** A worker never runs beside itself: looks wait for each other. */
  function runDue(): Promise<void> {
    running = running.then(async () => {
      const due = rows.filter((row) => row.dueAt <= Date.now())
      for (const row of due) row.dueAt = Date.now() + row.everyMs
      await Promise.all(due.map((row) => runOnce(row.worker, row.handler)))
    })
    return running
  }

  function runNow(worker: WorkerId): Promise<void> {
    for (const row of rows) if (row.worker === worker) row.dueAt = Date.now()
    return runDue()
  }

  const timer = setInterval(() => void runDue(), lookEveryMs)
  timer.unref()
  return {
    runDue,
    runNow,
    idle: () => running,
    close() {
      clearInterval(timer)
      return running
    },
  }
}

const scheduledEvent = (worker: string) => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '000000000000',
  time: new Date().toISOString(),
  region: 'us-east-1',
  resources: [`arn:aws:events:us-east-1:000000000000:rule/latchkey-${worker}`],
  detail: {},
})
