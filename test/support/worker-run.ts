/** Runs a worker's case with one of its calls failing, or with the worker killed at one. */
import type { Call } from '#local/services/calls.ts'
import { type FaultPoint, hasWorked, outlasting, pointsOf, type Trial } from './fault-list.ts'
import type { Death, Killable } from './killable.ts'
import type { WorkerCase } from './worker-cases/case.ts'
import { recover } from './worker-cases/index.ts'
import type { World } from './world.ts'

/** The calls that the worker makes where nothing fails. */
async function callsOf(world: World, { worker, prepare }: WorkerCase): Promise<readonly Call[]> {
  const { act, check } = await prepare(world)
  await world.idle()
  const { calls } = world.stack.services
  const last = calls.byFunction(worker).at(-1)
  await act()
  await world.idle()
  const made = calls.byFunction(worker)
  const own = made.slice(last === undefined ? 0 : made.lastIndexOf(last) + 1)
  await recover(world)
  await check(false)
  return own
}

const sends = ({ operation }: Call) => ['SendEmail', 'Publish', 'PutEvents'].includes(operation)

/** Kills the worker as it waits for each of its calls, and once when it had made all. @returns how often */
export async function killedEverywhere(
  world: Killable,
  given: WorkerCase,
  failed: (error: Error) => void,
): Promise<number> {
  const calls = await callsOf(world, given)
  const deaths: Death[] = [...pointsOf(calls, [['hang', 'long']]).map(({ fault }) => fault), 'done']
  for (const [at, death] of deaths.entries()) {
    const before = world.killed()
    try {
      const { act, check } = await given.prepare(world)
      await world.idle()
      world.doom(given.worker, death)
      await act()
      await world.idle()
      if (world.killed() !== before + 1) throw new Error('nobody was killed')
      await recover(world)
      // Sent, and killed before that was written down: nobody can know.
      const last = death === 'done' && !given.unrecorded ? undefined : calls[at - 1]
      await check(last !== undefined && sends(last))
    } catch (cause) {
      const where = death === 'done' ? 'when done' : `in call ${at + 1}, ${calls[at]?.operation}`
      failed(new Error(`${given.worker} killed ${where}: ${String(cause)}`, { cause }))
    }
  }
  return deaths.length
}

/** Tries each fault on each of the worker's calls. @returns how many */
export async function workerUnderFaults(
  world: World,
  given: WorkerCase,
  trials: readonly Trial[],
  failed: (error: Error) => void,
): Promise<number> {
  const calls = await callsOf(world, given)
  const points = pointsOf(calls, trials)
  for (const point of points) {
    const { fault, call, at } = point
    try {
      const { act, check } = await given.prepare(world)
      await world.idle()
      world.stack.services.faults.post({ ...fault, function: given.worker })
      await act()
      await world.idle()
      world.stack.services.faults.post({ count: 0 })
      await recover(world)
      await check(mayRepeat(calls, point))
    } catch (cause) {
      world.stack.services.faults.post({ count: 0 })
      const where = `${fault.mode} of ${call.service} ${call.operation}, call ${at + 1}, ${fault.count} times`
      failed(new Error(`${given.worker}: ${where}: ${String(cause)}`, { cause }))
    }
  }
  return points.length
}

/** A message may repeat where it went and that could not be known, or not be written down. */
function mayRepeat(calls: readonly Call[], point: FaultPoint): boolean {
  if (sends(point.call)) return hasWorked(point)
  return point.fault.count === outlasting && calls.findIndex(sends) < point.at
}
