/** Skips put into the service on purpose, one at a time: the model-based test is worth what it finds of them. */
import { loadFunctions } from '#local/functions.ts'
import type { Handler } from '#local/runtime.ts'
import { runInvocation } from '#local/services/attribution.ts'
import type { StepId } from '#shared/contract/routes.ts'
import { createWorld, type World } from '#test/support/world.ts'
import type { Answer, Event } from './planting.ts'
import { plantIn, type SkipId } from './skips.ts'

export interface PlantedWorld {
  readonly world: World
  /** Puts a skip in place of the one before. */
  plant(skip: SkipId | undefined): void
}

export async function createPlantedWorld(): Promise<PlantedWorld> {
  let planted: SkipId | undefined
  let world: World | undefined
  const stepOf = (step: StepId, own: Handler): Handler => {
    return async (event, context) => {
      const plant = planted === undefined ? undefined : plantIn(planted, step)
      if (plant === undefined || world === undefined) return own(event, context)
      const call = (changed: Event) => own(changed as never, context) as Promise<Answer>
      const [skip, at] = [plant, world]
      // Under a name of its own: what a skip does is no right of the step.
      return runInvocation({ function: 'planted', requestId: step }, () => skip(event as Event, call, at))
    }
  }
  const { steps, workers } = await loadFunctions()
  const planting = Object.entries(steps).map(([step, own]) => [step, stepOf(step as StepId, own)])
  world = await createWorld({ handlers: { steps: Object.fromEntries(planting), workers } })
  return {
    world,
    plant: (skip) => {
      planted = skip
    },
  }
}
