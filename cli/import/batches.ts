/** Rows in the order of the file, in batches whose rows do not depend on one another. */
import type { ImportRow } from './rows.ts'

const batchRows = 32

/** What one person alone may have. */
export function identifiersOf({ userId, identity }: ImportRow): string[] {
  const { email, username, phone } = identity ?? {}
  return [
    ...(userId === undefined ? [] : [`userId ${userId}`]),
    ...(email ? [`email ${email}`] : []),
    ...(username ? [`username ${username}`] : []),
    ...(phone ? [`phone ${phone}`] : []),
  ]
}

/** Refuses each row but the first with a userId: the last one would win, and a second run would not be without effect. */
export function* withoutSecond(rows: Iterable<ImportRow>): Generator<ImportRow> {
  const seen = new Map<string, number>()
  for (const row of rows) {
    const first = row.userId === undefined ? undefined : seen.get(row.userId)
    if (first !== undefined) {
      const refused = `userId: stands in the file more than once, first in line ${first}; take one of them out`
      const { identity: _, ...rest } = row
      yield { ...rest, refused: row.refused ?? refused }
      continue
    }
    if (row.userId !== undefined) seen.set(row.userId, row.line)
    yield row
  }
}

/** Rows of a batch run at once: of two with one phone number the first in the file has to get it, so the second waits. */
export function* batchesOf(rows: Iterable<ImportRow>): Generator<ImportRow[]> {
  let batch: ImportRow[] = []
  let taken = new Set<string>()
  for (const row of rows) {
    const identifiers = identifiersOf(row)
    if (batch.length === batchRows || identifiers.some((identifier) => taken.has(identifier))) {
      yield batch
      batch = []
      taken = new Set()
    }
    batch.push(row)
    for (const identifier of identifiers) taken.add(identifier)
  }
  if (batch.length > 0) yield batch
}
