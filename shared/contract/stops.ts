/**
 * Flows that an operator has stopped: patterns of paths, in the set that the firewall before the API looks into. Read by the
 * stacks, the command line and the local gateway.
 */
import { type FlowId, flows } from './flows.ts'
import { type Route, routes } from './routes.ts'

/** Name of the deployed stage of the API, which may stand before a path. */
export const stageName = 'live'

/** A set is never empty: this is the pattern of no path. */
const ofNothing = '^-$'

/** As the set is made, and as it is again once nothing is stopped. */
export const nothingStopped: readonly string[] = [ofNothing]

export const flowIds = Object.keys(flows) as FlowId[]

/** Paths of a flow's routes. */
export const pathsOf = (flow: FlowId): string[] =>
  (Object.values(routes) as Route[]).filter((route) => route.flow === flow).map(({ path }) => path)

/** Anchored, for one flow's path may be the end of another's. Slashes after it may lead to the route all the same. */
const patternOf = (flow: FlowId) => `^(/${stageName})?(${pathsOf(flow).join('|')})/*$`

/** What somebody else wrote into the set may be no pattern here. */
function matches(pattern: string, path: string): boolean {
  try {
    return new RegExp(pattern).test(path)
  } catch {
    return false
  }
}

/** Whether requests to a path, as the firewall has decoded it, are answered by the firewall alone. */
export const isStopped = (patterns: readonly string[], path: string): boolean =>
  patterns.some((pattern) => matches(pattern, path))

const touches = (pattern: string, flow: FlowId) => pathsOf(flow).some((path) => matches(pattern, path))

/** Flows of which some path is stopped, also by a pattern of a version that had other routes. */
export const flowsStopped = (patterns: readonly string[]): FlowId[] =>
  flowIds.filter((flow) => patterns.some((pattern) => touches(pattern, flow)))

/** Whether a pattern stops one flow and no other. */
const isOf = (pattern: string, flow: FlowId) =>
  flowsStopped([pattern]).every((each) => each === flow) && touches(pattern, flow)

/**
 * The set with a flow stopped or going on. Patterns of other flows, and of nobody here, stay; so does one that stops another
 * flow as well: {@link alsoStoppedBy} tells which.
 */
export function withFlow(patterns: readonly string[], flow: FlowId, stopped: boolean): string[] {
  const others = patterns.filter((pattern) => pattern !== ofNothing && !isOf(pattern, flow))
  const all = stopped ? [...others, patternOf(flow)] : others
  return all.length === 0 ? [...nothingStopped] : all.sort()
}

/** Patterns, written by hand, that stop this flow and others too: to start it is not for a command to decide. */
export const alsoStoppedBy = (patterns: readonly string[], flow: FlowId): string[] =>
  patterns.filter((pattern) => touches(pattern, flow) && !isOf(pattern, flow))
