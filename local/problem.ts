import { framesOf } from '#shared/call/frames.ts'

/** What the stack says of a thrown error: its name and place. Messages are left out, for they may quote what was read. */
export function describeProblem(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no Error was thrown'
  return [error.name, ...framesOf(error, 1)].join(' ')
}
