/** Holds the query of a route that takes one to its parameters: those it knows, each once. */
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { type Reply, refuse } from '../call/reply.ts'
import type { Route } from '../contract/routes.ts'

const longestName = 100

/** Of a parameter that stands twice the event shows one value, and which one says nothing. @returns the refusal, if there is one */
export function refuseQuery(event: APIGatewayProxyEvent, { query }: Route): Reply | undefined {
  if (query === undefined) return undefined
  const details = Object.entries(event.multiValueQueryStringParameters ?? {}).flatMap(
    ([name, values = []]) => {
      const field = name.slice(0, longestName) || 'query'
      if (!query.includes(name)) return [{ field, message: 'is not known' }]
      return values.length > 1 ? [{ field, message: 'must stand once' }] : []
    },
  )
  return details.length > 0 ? refuse('VALIDATION_FAILED', { details: details.slice(0, 20) }) : undefined
}
