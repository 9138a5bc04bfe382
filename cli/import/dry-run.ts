/** `latchkey import --dry-run`: what an import would come to, as far as the file tells. Writes nothing and asks nobody. */
import { parseHash } from '#shared/crypto/forms.ts'
import { identifiersOf } from './batches.ts'
import type { ImportRow } from './rows.ts'

/** So many of them are printed; all are in what `--json` gives, and in the report of the import itself. */
const shownRefusals = 50

/** Of two rows with one email, username or phone the first gets it. */
function takenBefore(row: ImportRow, owners: Map<string, string>, leaveOut: readonly string[]): string[] {
  return identifiersOf(row)
    .map((identifier) => [identifier, identifier.split(' ')[0] ?? '', owners.get(identifier)] as const)
    .filter(([, field, owner]) => owner !== undefined && !leaveOut.includes(field))
    .map(
      ([, field, owner]) =>
        `${field}: belongs to another row of the file, ${owner}; take it from one of the two, or leave it out (--leave-out ${field})`,
    )
}

function formOf({ identity }: ImportRow): string {
  if (identity?.passwordHash === undefined) return 'none'
  const parsed = parseHash(identity.passwordHash)
  return parsed.reason === undefined ? parsed.scheme.algorithm : 'none'
}

const perForm = (passwords: Expected['passwords']) =>
  Object.entries(passwords)
    .sort(([, a], [, b]) => b - a)
    .map(([form, count]) =>
      form === 'none' ? `${count} without (they set one by code)` : `${count} ${form}`,
    )
    .join(', ')

export interface Expected {
  /** Rows that can be registered. */
  readonly ready: number
  readonly refused: readonly { readonly line: number; readonly userId?: string; readonly reason: string }[]
  /** Rows that can be registered by the scheme of their hash; `none`: they set a password by code. */
  readonly passwords: Readonly<Record<string, number>>
}

/** Goes through all rows without a write. */
export function dryRun(rows: Iterable<ImportRow>, leaveOut: readonly string[]): Expected {
  const owners = new Map<string, string>()
  const passwords: Record<string, number> = {}
  const refused: Expected['refused'][number][] = []
  let ready = 0
  for (const row of rows) {
    const { line, userId } = row
    const taken = row.refused === undefined ? takenBefore(row, owners, leaveOut) : []
    const reason = row.refused ?? (taken.length > 0 ? taken.join('; ') : undefined)
    if (reason !== undefined) {
      refused.push({ line, ...(userId !== undefined && { userId }), reason })
      continue
    }
    ready += 1
    passwords[formOf(row)] = (passwords[formOf(row)] ?? 0) + 1
    for (const identifier of identifiersOf(row))
      if (!owners.has(identifier)) owners.set(identifier, userId ?? '')
  }
  return { ready, refused, passwords }
}

/** As lines for people. */
export function expectedText({ ready, refused, passwords }: Expected): string {
  const lines = refused
    .slice(0, shownRefusals)
    .map(({ line, userId, reason }) => `line ${line}${userId === undefined ? '' : `, ${userId}`}: ${reason}`)
  if (refused.length > shownRefusals) lines.push(`and ${refused.length - shownRefusals} more`)
  if (ready > 0) lines.push(`passwords: ${perForm(passwords)}`)
  lines.push(
    `Nothing was written: ${ready} identities can be registered, ${refused.length} rows would be refused.`,
  )
  return `${lines.join('\n')}\n`
}
