/** `latchkey import --dry-run`: what an import would come to, as far as the file tells. Writes nothing and asks nobody. */
import { parseHash } from '#shared/crypto/forms.ts'
import { plain } from '#shared/words/plain.ts'
import { orLeftOut } from './advice.ts'
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
        `${field}: belongs to another row of the file, ${owner}; take it from one of the two${orLeftOut(field)}`,
    )
}

/** Of somebody who is new: sign-in codes have to go somewhere. */
function mfaWithoutPhone({ identity }: ImportRow, { leaveOut, isUpdate }: Trying): string[] {
  const isWithout = identity?.mfaEnabled === true && !identity.phone
  return isWithout && !isUpdate && !leaveOut.includes('mfaEnabled')
    ? [`mfaEnabled: needs a phone number for the sign-in codes; give one${orLeftOut('mfaEnabled')}`]
    : []
}

/** Whether somebody can neither sign in nor set a password by code, as the flows of codes are. */
function isShutOut(row: ImportRow): boolean {
  const { email, username, phone } = row.identity ?? {}
  if (email || (phone && username)) return false
  return formOf(row) === 'none' || !(username || phone)
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
  /** Of those that can be registered, how many could neither sign in nor be sent a code. */
  readonly shutOut?: number
  /** Rows that are no person. */
  readonly passedOver?: number
}

export interface Trying {
  readonly leaveOut: readonly string[]
  /** Then a row need not say everything of a person. */
  readonly isUpdate: boolean
}

/** Goes through all rows without a write. */
export function dryRun(rows: Iterable<ImportRow>, trying: Trying): Expected {
  const owners = new Map<string, string>()
  const passwords: Record<string, number> = {}
  const refused: Expected['refused'][number][] = []
  let [ready, shutOut] = [0, 0]
  for (const row of rows) {
    const { line, userId } = row
    const wrong = [...takenBefore(row, owners, trying.leaveOut), ...mfaWithoutPhone(row, trying)]
    const reason = row.refused ?? (wrong.length > 0 ? wrong.join('; ') : undefined)
    if (reason !== undefined) {
      refused.push({ line, ...(userId !== undefined && { userId }), reason })
      continue
    }
    ready += 1
    if (!trying.isUpdate && isShutOut(row)) shutOut += 1
    passwords[formOf(row)] = (passwords[formOf(row)] ?? 0) + 1
    for (const identifier of identifiersOf(row))
      if (!owners.has(identifier)) owners.set(identifier, userId ?? '')
  }
  return { ready, refused, passwords, ...(shutOut > 0 && { shutOut }) }
}

/** As lines for people. */
export function expectedText(expected: Expected): string {
  const { ready, refused, passwords, shutOut = 0, passedOver = 0 } = expected
  const lines = refused
    .slice(0, shownRefusals)
    .map(
      ({ line, userId, reason }) =>
        `line ${line}${userId === undefined ? '' : `, ${userId}`}: ${plain(reason)}`,
    )
  if (refused.length > shownRefusals) lines.push(`and ${refused.length - shownRefusals} more`)
  if (ready > 0) lines.push(`passwords: ${perForm(passwords)}`)
  if (shutOut > 0)
    lines.push(
      `${shutOut} people would have no way in: without a hash it takes an email, or a phone and a username; with one any of the three.`,
    )
  if (passedOver > 0) lines.push(`${passedOver} rows are passed over: they are nobody who could sign in.`)
  lines.push(
    `Nothing was written: ${ready} identities can be registered, ${refused.length} rows would be refused.`,
  )
  return `${lines.join('\n')}\n`
}
