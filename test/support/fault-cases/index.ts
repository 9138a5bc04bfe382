/** The cases of every step. A step of the table of routes that has none does not compile. */
import type { StepId } from '#shared/contract/routes.ts'
import type { World } from '#test/support/world.ts'
import { administering } from './administering.ts'
import { asking } from './asking.ts'
import type { FaultCases } from './case.ts'
import { proving } from './proving.ts'
import { reading } from './reading.ts'
import { resetting } from './resetting.ts'
import { sessions } from './sessions.ts'

export const faultCases = (world: World): Readonly<Record<StepId, FaultCases>> => ({
  ...asking(world),
  ...proving(world),
  ...resetting(world),
  ...sessions(world),
  ...administering(world),
  ...reading(world),
})
