/** Finds the route of a request in the table of routes, as API Gateway does: fixed segments before parameters. */
import { type Route, type RouteId, routeOf, routes } from '#shared/contract/routes.ts'

interface Resource {
  readonly path: string
  readonly segments: readonly string[]
  readonly byMethod: Readonly<Record<string, Route>>
}

export type Match =
  | {
      readonly found: 'route'
      readonly route: Route
      readonly pathParameters: Readonly<Record<string, string>>
    }
  /** The path is known, the method is not its own: `allowed` are. */
  | { readonly found: 'path'; readonly allowed: readonly string[] }

const parameterPattern = /^\{(.+)\}$/

const isParameter = (segment: string) => parameterPattern.test(segment)

const resources: readonly Resource[] = Object.entries(
  Object.groupBy(
    Object.keys(routes).map((id) => routeOf(id as RouteId)),
    (route) => route.path,
  ),
)
  .map(([path, own = []]) => ({
    path,
    segments: path.split('/'),
    byMethod: Object.fromEntries(own.map((route) => [route.method, route])),
  }))
  .sort((a, b) => a.segments.filter(isParameter).length - b.segments.filter(isParameter).length)

/**
 * @param path as it came, without its query; not decoded.
 * @returns undefined for an unknown path, and for one whose parameters cannot be decoded.
 */
export function matchRoute(method: string, path: string): Match | undefined {
  const segments = path.split('/')
  const resource = resources.find((candidate) => fits(candidate.segments, segments))
  if (resource === undefined) return undefined
  const pathParameters = parametersOf(resource.segments, segments)
  if (pathParameters === undefined) return undefined
  const route = Object.hasOwn(resource.byMethod, method) ? resource.byMethod[method] : undefined
  return route === undefined
    ? { found: 'path', allowed: [...Object.keys(resource.byMethod), 'OPTIONS'] }
    : { found: 'route', route, pathParameters }
}

/** Below one of these every address is the API's, also one that is no route: `/api`, `/admin`, `/health`. */
const roots = new Set(resources.map(({ segments }) => segments[1]))

export const isOfApi = (path: string): boolean => roots.has(path.split('/')[1])

const fits = (pattern: readonly string[], segments: readonly string[]) =>
  pattern.length === segments.length &&
  pattern.every((part, index) => (isParameter(part) ? segments[index] !== '' : part === segments[index]))

function parametersOf(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const pairs = pattern.flatMap((part, index) => {
    const name = parameterPattern.exec(part)?.[1]
    return name === undefined ? [] : [[name, segments[index] ?? ''] as const]
  })
  try {
    return Object.fromEntries(pairs.map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    return undefined
  }
}
