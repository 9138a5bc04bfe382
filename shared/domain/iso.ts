/** Epoch milliseconds as replies show them: RFC 3339, UTC. */
export const iso = (time: number): string => new Date(time).toISOString()
