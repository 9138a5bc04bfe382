/** The steps of the API, each once, in the order of the table of routes. */
import { type Route, routes, type StepId } from '../shared/contract/routes.ts'

export const steps: readonly StepId[] = [
  ...new Set(Object.values(routes).map((route: Route) => route.step as StepId)),
]
