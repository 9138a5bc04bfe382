/** `latchkey import --dry-run`: what an import would come to, as far as the file tells. Writes nothing and asks nobody. */
import { parseHash } from '#shared/crypto/forms.ts'
import { identifiersOf } from './batches.ts'
import type { ImportRow } from './rows.ts'

/** So many of them are printed; all are in the report of the import itself. */
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

const perForm = (forms: ReadonlyMap<string, number>) =>
  [...forms]
    .sort(([, a], [, b]) => b - a)
    .map(([form, count]) =>
      form === 'none' ? `${count} without (they set one by code)` : `${count} ${form}`,
    )
    .join(', ')

/** @returns how many rows would be refused */
export function dryRun(
  rows: Iterable<ImportRow>,
  leaveOut: readonly string[],
  say: (text: string) => void,
): number {
  const owners = new Map<string, string>()
  const forms = new Map<string, number>()
  let [ready, refused] = [0, 0]
  for (const row of rows) {
    const taken = row.refused === undefined ? takenBefore(row, owners, leaveOut) : []
    const reason = row.refused ?? (taken.length > 0 ? taken.join('; ') : undefined)
    if (reason === undefined) {
      ready += 1
      forms.set(formOf(row), (forms.get(formOf(row)) ?? 0) + 1)
      for (const identifier of identifiersOf(row))
        if (!owners.has(identifier)) owners.set(identifier, row.userId ?? '')
      continue
    }
    refused += 1
    const who = row.userId === undefined ? '' : `, ${row.userId}`
    if (refused <= shownRefusals) say(`line ${row.line}${who}: ${reason}\n`)
  }
  if (refused > shownRefusals) say(`and ${refused - shownRefusals} more\n`)
  if (ready > 0) say(`passwords: ${perForm(forms)}\n`)
  say(`Nothing was written: ${ready} identities can be registered, ${refused} rows would be refused.\n`)
  return refused
}
