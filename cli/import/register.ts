/** Registers rows of an import, few at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { recorderOf } from '#shared/call/recorder.ts'
import { newId } from '#shared/crypto/tokens.ts'
import type { Identity } from '#shared/domain/identity.ts'
import type { IdentityChange } from '#shared/domain/registration.ts'
import { type PutResult, putIdentity, wouldChange } from '#shared/steps/put-identity.ts'
import { readIdentity } from '#shared/stores/identities.ts'
import { takenIdentifiers } from '#shared/stores/registrations.ts'
import { isPassing } from '../aws-errors.ts'
import { orLeftOut } from './advice.ts'
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

/** A field of the route may be a part of one of ours. */
const ours = (field: string) => field.replace(/\..*$/, '')

const without = (change: IdentityChange, fields: readonly string[]): IdentityChange =>
  Object.fromEntries(Object.entries(change).filter(([name]) => !fields.includes(name)))

/** What the row does not say cannot be left out of it. */
const canGoWithout = (change: IdentityChange, field: string, { leaveOut }: Registering) =>
  field in change && leaveOut.includes(field)

/** Fields that a run would leave out, since they are another's. */
async function leftOutOf(
  known: Identity,
  change: IdentityChange,
  fields: readonly string[],
  { leaveOut }: Registering,
): Promise<readonly string[]> {
  const optional = fields.filter((field) => leaveOut.includes(field))
  if (optional.length === 0) return []
  const wanted = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null))
  const taken = (await takenIdentifiers({ ...known, ...wanted } as Identity)).map(({ field }) => field)
  return optional.filter((field) => taken.includes(field as never))
}

/**
 * Whoever is registered already is not changed, unless that is asked for. Who went without a field is found as the same
 * again while it cannot be had.
 */
async function compare(
  known: Identity,
  change: IdentityChange,
  run: Registering,
  now: number,
): Promise<Outcome> {
  const fields = await wouldChange(known, change, now)
  if ('field' in fields) {
    const field = ours(fields.field)
    return canGoWithout(change, field, run)
      ? compare(known, without(change, [field]), run, now)
      : { refused: `${fields.field}: ${fields.message}${orLeftOut(field)}` }
  }
  if (fields.length === 0) return 'same'
  const left = await leftOutOf(known, change, fields, run)
  if (left.length > 0) return compare(known, without(change, left), run, now)
  const others = fields.join(', ')
  return {
    refused: `userId: is registered already, with another ${others}; --update puts what the file says in its place`,
  }
}

type Refusal = Extract<PutResult, { readonly details: unknown }>

function refusalOf(result: Refusal): { readonly refused: string } {
  if (result.put === 'invalid')
    return {
      refused: result.details
        .map(({ field, message }) => `${field}: ${message}${orLeftOut(ours(field))}`)
        .join('; '),
    }
  const sentences = result.taken.map(
    ({ field, owner }) =>
      `${field}: belongs to another identity, ${owner}; take it from one of the two${orLeftOut(field)}`,
  )
  return { refused: sentences.join('; ') }
}

const done = { created: 'registered', changed: 'changed', unchanged: 'same' } as const

async function put(userId: string, change: IdentityChange, run: Registering, now: number): Promise<Outcome> {
  const result = await putIdentity(recorder(run, now), userId, change)
  if ('identity' in result) return done[result.put]
  const wrong = result.details.map(({ field }) => ours(field))
  const isLeftOut = wrong.every((field) => canGoWithout(change, field, run))
  return isLeftOut ? put(userId, without(change, wrong), run, now) : refusalOf(result)
}

/** @param again the row may have been registered by a run that was cut off */
async function importRow(row: ImportRow, run: Registering, now: number, again: boolean): Promise<Outcome> {
  const { userId, identity } = row
  if (userId === undefined || identity === undefined) return { refused: row.refused ?? 'row: cannot be read' }
  const known = await readIdentity(userId)
  const outcome =
    known === undefined || run.isUpdate
      ? await put(userId, identity, run, now)
      : await compare(known, identity, run, now)
  return outcome === 'same' && again ? 'registered' : outcome
}

/** Waits between tries, doubled each time: half a minute of no answer ends an import, which then goes on from there. */
const waits = { firstMs: 1000, lastMs: 16_000 }

/**
 * An import of an hour outlasts what passes by itself. What was not answered may have been done: then it counts as registered.
 * @param again as for {@link importRow}
 */
async function importPatiently(
  row: ImportRow,
  run: Registering,
  now: number,
  again: boolean,
): Promise<Outcome> {
  for (let waitMs = waits.firstMs; ; waitMs *= 2) {
    try {
      return await importRow(row, run, now, again || waitMs > waits.firstMs)
    } catch (error) {
      if (waitMs > waits.lastMs || !isPassing(error)) throw error
    }
    await sleep(waitMs)
  }
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
  const outcomes = await Promise.all(rows.map((row, place) => importPatiently(row, run, now, again(place))))
  const count = (done: Done) => outcomes.filter((outcome) => outcome === done).length
  const refusals = rows.flatMap((row, place) => {
    const outcome = outcomes[place]
    return typeof outcome === 'object' ? [refusal(row, outcome.refused)] : []
  })
  return { registered: count('registered'), same: count('same'), changed: count('changed'), refusals }
}
