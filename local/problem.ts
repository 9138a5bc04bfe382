/** What the stack says of a thrown error: its name and place. Messages are left out, for they may quote what was read. */
export function describeProblem(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no Error was thrown'
  const place = error.stack?.split('\n').find((line) => line.startsWith('    at '))
  return place === undefined ? error.name : `${error.name} ${place.trim()}`
}
