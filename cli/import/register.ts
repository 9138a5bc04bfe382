/** Registers rows of an import, few at once. */
import { recorderOf } from '#shared/call/recorder.ts'
import { newId } from '#shared/crypto/tokens.ts'
import type { Identity } from '#shared/domain/identity.ts'
import type { IdentityChange } from '#shared/domain/registration.ts'
import { type PutResult, putIdentity, wouldChange } from '#shared/steps/put-identity.ts'
import { readIdentity } from '#shared/stores/identities.ts'
import { refusal } from './report.ts'
import type { ImportRow } from './rows.ts'

export interface Registering {
  /** The caller's ARN, or `local`. */
  readonly actor: string
  /** SHA-256 of the file: entries name it, so that whoever has the file finds what came of it. */
  readonly fileHash: string
  readonly isUpdate: boolean
  readonly leaveOut: readonly string[]
}

type Done = 'registered' | 'changed' | 'same'
type Outcome = Done | { readonly refused: string }

function recorder({ actor, fileHash }: Registering, now: number) {
  const requestId = `import-${fileHash}-${newId()}`
  return recorderOf(requestId, now, { actor, reason: 'imported', requestId })
}

/** Whoever is registered already is not changed, unless that is asked for. */
async function compare(known: Identity, change: IdentityChange, now: number): Promise<Outcome> {
  const fields = await wouldChange(known, change, now)
  if ('field' in fields) return { refused: `${fields.field}: ${fields.message}` }
  if (fields.length === 0) return 'same'
  const others = fields.join(', ')
  return {
    refused: `userId: is registered already, with another ${others}; --update puts what the file says in its place`,
  }
}

type Refusal = Extract<PutResult, { readonly details: unknown }>

function refusalOf(result: Refusal): { readonly refused: string } {
  if (result.put === 'invalid')
    return { refused: result.details.map(({ field, message }) => `${field}: ${message}`).join('; ') }
  const sentences = result.taken.map(
    ({ field, owner }) =>
      `${field}: belongs to another identity, ${owner}; take it from one of the two, or leave it out (--leave-out ${field})`,
  )
  return { refused: sentences.join('; ') }
}

const done = { created: 'registered', changed: 'changed', unchanged: 'same' } as const

async function put(userId: string, change: IdentityChange, run: Registering, now: number): Promise<Outcome> {
  const result = await putIdentity(recorder(run, now), userId, change)
  if ('identity' in result) return done[result.put]
  const taken = result.put === 'conflict' ? result.taken.map(({ field }) => field) : []
  const isLeftOut = taken.length > 0 && taken.every((field) => run.leaveOut.includes(field))
  if (!isLeftOut) return refusalOf(result)
  const rest = Object.fromEntries(Object.entries(change).filter(([name]) => !taken.includes(name as never)))
  return put(userId, rest, run, now)
}

/** @param again the row may have been registered by a run that was cut off */
async function importRow(row: ImportRow, run: Registering, now: number, again: boolean): Promise<Outcome> {
  const { userId, identity } = row
  if (userId === undefined || identity === undefined) return { refused: row.refused ?? 'row: cannot be read' }
  const known = await readIdentity(userId)
  const outcome =
    known === undefined || run.isUpdate
      ? await put(userId, identity, run, now)
      : await compare(known, identity, now)
  return outcome === 'same' && again ? 'registered' : outcome
}

/** What came of some rows. */
export interface Tally {
  readonly registered: number
  readonly same: number
  readonly changed: number
  /** Lines of the report. */
  readonly refusals: readonly object[]
}

/**
 * Rows that share no identifier, all at once: each is a MAC of KMS and a transaction.
 * @param again says of the row at a place whether it may have been registered by a run that was cut off
 * @throws Unavailable
 */
export async function registerRows(
  rows: readonly ImportRow[],
  run: Registering,
  now: number,
  again: (place: number) => boolean,
): Promise<Tally> {
  const outcomes = await Promise.all(rows.map((row, place) => importRow(row, run, now, again(place))))
  const count = (done: Done) => outcomes.filter((outcome) => outcome === done).length
  const refusals = rows.flatMap((row, place) => {
    const outcome = outcomes[place]
    return typeof outcome === 'object' ? [refusal(row, outcome.refused)] : []
  })
  return { registered: count('registered'), same: count('same'), changed: count('changed'), refusals }
}
