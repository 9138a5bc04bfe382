/** Skips put into the service on purpose, one at a time: the model-based test is worth what it finds of them. */
import { runInvocation } from '#local/services/attribution.ts'
import { type RouteId, routeOf, routes, type StepId, workers } from '#shared/contract/routes.ts'
import { createWorld, type World } from '#test/support/world.ts'
import type { Answer, Event } from './planting.ts'
import { plantIn, type SkipId } from './skips.ts'

type Handlers = NonNullable<NonNullable<Parameters<typeof createWorld>[0]>['handlers']>
type Handler = (event: never, context: never) => Promise<unknown>

/** The product's own functions, loaded when one is first called: by then the environment is set. */
const product = () => import('#local/functions.ts').then(({ loadFunctions }) => loadFunctions())
let loaded: ReturnType<typeof product> | undefined

const real =
  (group: 'steps' | 'workers', name: string): Handler =>
  async (event, context) => {
    loaded ??= product()
    return ((await loaded)[group] as Readonly<Record<string, Handler>>)[name]?.(event, context)
  }

export interface PlantedWorld {
  readonly world: World
  /** Puts a skip in place of the one before. */
  plant(skip: SkipId | undefined): void
}

export async function createPlantedWorld(): Promise<PlantedWorld> {
  let planted: SkipId | undefined
  let world: World | undefined
  const stepOf = (step: StepId): Handler => {
    const own = real('steps', step)
    return async (event, context) => {
      const plant = planted === undefined ? undefined : plantIn(planted, step)
      if (plant === undefined || world === undefined) return own(event, context)
      const call = (changed: Event) => own(changed as never, context) as Promise<Answer>
      const [skip, at] = [plant, world]
      // Under a name of its own: what a skip does is no right of the step.
      return runInvocation({ function: 'planted', requestId: step }, () => skip(event as Event, call, at))
    }
  }
  const steps = Object.keys(routes).map((id) => routeOf(id as RouteId).step as StepId)
  const handlers = {
    steps: Object.fromEntries(steps.map((step) => [step, stepOf(step)])),
    workers: Object.fromEntries(workers.map((worker) => [worker, real('workers', worker)])),
  } as Handlers
  world = await createWorld({ handlers })
  const { putDecoy } = await import('#shared/stores/identities.ts')
  await putDecoy()
  return {
    world,
    plant: (skip) => {
      planted = skip
    },
  }
}
