/** The log of all functions: one line a request, of fields named here. Bodies, tokens and errors' values never get in (G10). */
import { Logger } from '@aws-lambda-powertools/logger'
import { framesOf } from './frames.ts'

export const log = new Logger({ serviceName: 'latchkey' })

/** What is kept of a thrown error: its name and our own sentences, which hold no values. */
export function errorFacts(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { error: typeof error }
  const at = framesOf(error, 3).join(' ')
  const cause = error.cause instanceof Error ? error.cause.name : undefined
  return {
    error: error.name,
    ...(error.name === 'Unavailable' && { outage: error.message }),
    ...(cause && { cause }),
    ...(at && { at }),
  }
}
