/** Loads the functions as they are deployed: one file per step of the routes, one per worker. */
import {
  type RouteId,
  routeOf,
  routes,
  type StepId,
  type WorkerId,
  workers,
} from '#shared/contract/routes.ts'
import type { Handler } from './runtime.ts'

export interface Functions {
  readonly steps: Readonly<Partial<Record<StepId, Handler>>>
  readonly workers: Readonly<Partial<Record<WorkerId, Handler>>>
}

/** @throws Error that names the function which cannot be loaded. */
export async function loadFunctions(): Promise<Functions> {
  const steps = [...new Set(Object.keys(routes).map((id) => routeOf(id as RouteId).step))]
  const [stepHandlers, workerHandlers] = await Promise.all([
    Promise.all(steps.map((step) => load(step, () => import(`../functions/${step}.ts`)))),
    Promise.all(workers.map((worker) => load(worker, () => import(`../functions/workers/${worker}.ts`)))),
  ])
  return { steps: Object.fromEntries(stepHandlers), workers: Object.fromEntries(workerHandlers) }
}

async function load(name: string, open: () => Promise<unknown>): Promise<[string, Handler]> {
  const { handler } = (await open().catch((error: unknown) => {
    throw new Error(`The function ${name} cannot be loaded: ${String(error)}`, { cause: error })
  })) as { handler?: Handler }
  if (typeof handler !== 'function') throw new Error(`The function ${name} exports no handler.`)
  return [name, handler]
}
