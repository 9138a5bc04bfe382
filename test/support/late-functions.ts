/** The product's functions for a world that puts something before them. They are loaded when first called: they read their environment then. */
import { type Functions, loadFunctions } from '#local/functions.ts'
import type { Handler } from '#local/runtime.ts'
import {
  type RouteId,
  routeOf,
  routes,
  type StepId,
  type WorkerId,
  workers,
} from '#shared/contract/routes.ts'

let functions: Promise<Functions> | undefined
export const loaded = (): Promise<Functions> => {
  functions ??= loadFunctions()
  return functions
}

const handlerOf =
  (find: (all: Functions) => Handler | undefined): Handler =>
  async (event, context) => {
    const handler = find(await loaded())
    if (handler === undefined) throw new Error('There is no such function')
    return handler(event, context)
  }

const stepIds = [...new Set(Object.keys(routes).map((id) => routeOf(id as RouteId).step as StepId))]

export const lateSteps = (): Functions['steps'] =>
  Object.fromEntries(stepIds.map((id) => [id, handlerOf((all) => all.steps[id])]))

export const lateWorkers = (): Readonly<Record<WorkerId, Handler>> =>
  Object.fromEntries(workers.map((id) => [id, handlerOf((all) => all.workers[id])])) as Record<
    WorkerId,
    Handler
  >
