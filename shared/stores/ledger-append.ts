/** Appends events to a chain: entries in, outbox rows out, the chain marked as moved, guesses and SMS counted, all in one transaction. */

import { Unavailable } from '../aws/unavailable.ts'
import type { GuessState } from '../domain/guess-state.ts'
import { addressOf, confirmationChannels, type Identity, isEligible } from '../domain/identity.ts'
import type { EventRow } from '../events.ts'
import { type Draft, draftOf, type Entry, type Head, type Person, placeEntry } from '../ledger/entry.ts'
import { perEnvironment } from '../per-environment.ts'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { put, remove, removeOne, type Write } from './database.ts'
import { foldGuesses, guessWrite, isChanged, readGuesses } from './guesses.ts'
import { readIdentity } from './identities.ts'
import { readHead } from './ledger.ts'
import { enteredBefore } from './ledger-entered.ts'
import { isMarked, mark, markWrite } from './moved-heads.ts'
import { messageRow } from './outbox.ts'
import { countWrites } from './sms-counts.ts'
import { commit, type Writes } from './transaction.ts'

/** An event of the outbox that belongs to the chain it is handed over with. */
export interface Arrival {
  readonly row: EventRow
  readonly person: Person
}

/** Each takes a Put and a Delete; head, guesses, a freeze and its message need a few more of a transaction's 100. */
const eventsPerTransaction = 45
const attemptsWithoutProgress = 8
const headsRemembered = 10_000
/** Of planning and committing: what took longer marks its chain afterwards, since a sealer may have taken its mark for over. */
const usualMs = 30_000

/** What an appender remembers of a chain: its newest entry, and when it marked the chain (epoch ms). */
interface Known extends Head {
  readonly markedAt: number
}
export type Memory = Map<string, Known>

/** A wrong head only costs a refused Put, as nothing in the ledger ever goes. Marks that are forgotten are made again. */
const remembered = perEnvironment((): Memory => new Map())

function remember(memory: Memory, chain: string, known: Known): void {
  memory.delete(chain)
  memory.set(chain, known)
  const [oldest] = memory.keys()
  if (memory.size > headsRemembered && oldest !== undefined) memory.delete(oldest)
}

interface Guessing {
  readonly userId: string
  readonly read: GuessState
  readonly state: GuessState
  readonly froze: ReadonlySet<number>
}

/** A guess counts for the identity that the code was bound to, so only where the step named it. */
async function guessingOf(batch: readonly Arrival[], now: number): Promise<Guessing | undefined> {
  const guesses = batch.map(({ row, person }) =>
    'userId' in person && row.event.userId === person.userId ? row.event.guess : undefined,
  )
  const about = batch.find((_, place) => guesses[place] !== undefined)?.person
  if (about === undefined || !('userId' in about)) return undefined
  const read = await readGuesses(about.userId)
  return { userId: about.userId, read, ...foldGuesses(read, guesses, now) }
}

const draftOfArrival = ({ row, person }: Arrival): Draft =>
  draftOf(row.event, {
    id: row.sk,
    person,
    policyVersion: policy.policyVersion,
    late: row.redrivenAt !== undefined,
  })

const frozenId = (row: EventRow) => `${row.sk}#frozen`

/** What the freeze itself leaves in the ledger, right after the guess that brought it. */
const frozenDraft = ({ row, person }: Arrival): Draft =>
  draftOf(
    {
      type: 'RECOVERY_FROZEN',
      time: row.event.time,
      actor: 'system',
      subject: row.event.subject,
      outcome: 'success',
      reason: 'identity_guesses',
      requestId: row.event.requestId,
      ...(row.event.flow !== undefined && { flow: row.event.flow }),
    },
    { id: frozenId(row), person, policyVersion: policy.policyVersion, late: false },
  )

/** Tells the owner of each freeze, where there is an address to tell. */
async function freezeMessages(guessing: Guessing, batch: readonly Arrival[], now: number): Promise<Write[]> {
  const frozen = batch.filter((_, place) => guessing.froze.has(place))
  if (frozen.length === 0) return []
  const identity = await readIdentity(guessing.userId)
  return frozen.flatMap(({ row }) => freezeMessage(identity, frozenId(row), now))
}

function freezeMessage(identity: Identity | undefined, eventId: string, now: number): Write[] {
  if (!isEligible(identity)) return []
  const [channel] = confirmationChannels(identity, undefined, settings().CONFIRM_BY_SMS)
  const address = channel && addressOf(identity, channel)
  if (!address) return []
  const { userId, locale } = identity
  const template = 'recoveryFrozen'
  const message = { template, userId, to: [{ channel, address }], locale, eventId, time: now } as const
  return [messageRow(message, `${eventId}#message`)]
}

async function guessingWrites(guessing: Guessing, batch: readonly Arrival[], now: number): Promise<Write[]> {
  const { userId, read, state } = guessing
  if (!isChanged(read, state)) return []
  return [guessWrite(userId, read, state, now), ...(await freezeMessages(guessing, batch, now))]
}

interface Plan {
  /** Each row by a name of its own, then the entries and what goes with them. */
  readonly writes: Readonly<Record<string, Writes>>
  readonly known: Known
  readonly madeAt: number
  /** Whether the chain is marked with it. */
  readonly marks: boolean
}

/** The name of a row's removal. */
const rowName = ({ row: { pk, sk } }: Arrival) => `row ${pk} ${sk}`

function entriesOf(
  chain: string,
  batch: readonly Arrival[],
  froze: Guessing['froze'],
  head: Head,
  now: number,
) {
  const drafts = batch.flatMap((arrival, place) =>
    froze.has(place) ? [draftOfArrival(arrival), frozenDraft(arrival)] : [draftOfArrival(arrival)],
  )
  const entries: Entry[] = []
  for (const draft of drafts) entries.push(placeEntry(draft, chain, entries.at(-1) ?? head, now))
  return entries
}

async function planOf(chain: string, batch: readonly Arrival[], known: Known | undefined): Promise<Plan> {
  const now = Date.now()
  const guessing = await guessingOf(batch, now)
  const head = known ?? (await readHead(chain))
  const entries = entriesOf(chain, batch, guessing?.froze ?? new Set(), head, now)
  const { seq, hash } = entries.at(-1) ?? head
  const marks = !isMarked(known?.markedAt, now)
  return {
    writes: {
      ...Object.fromEntries(batch.map((arrival) => [rowName(arrival), takeRow(arrival)])),
      entries: entries.map((entry) =>
        put('ledger', { ...entry }, { condition: 'attribute_not_exists(#chain)' }),
      ),
      head: marks ? markWrite(chain, { seq, hash }, now) : undefined,
      sms: countWrites(
        batch.map(({ row }) => row.event.smsCode),
        chain,
      ),
      guesses: guessing && (await guessingWrites(guessing, batch, now)),
    },
    known: { seq, hash, markedAt: marks ? now : (known?.markedAt ?? now) },
    madeAt: now,
    marks,
  }
}

const takeRow = ({ row: { pk, sk } }: Arrival): Write =>
  remove('outbox', { pk, sk }, { condition: 'attribute_exists(pk)' })

/** Rows that came back with a table although their entries are there go without a second one. @returns the others */
async function withoutEntered(chain: string, arrivals: readonly Arrival[]): Promise<Arrival[]> {
  const rows = arrivals.map(({ row }) => row)
  const entered = await enteredBefore(chain, rows, Date.now())
  for (const { pk, sk } of rows) if (entered.has(sk)) await removeOne('outbox', { pk, sk }, {})
  return arrivals.filter(({ row }) => !entered.has(row.sk))
}

/**
 * Appends events to one chain in their order, each exactly once however often it is handed over: the outbox row is the
 * mark that it is not in the ledger yet, and goes in the transaction that puts the entry. An old one is held to the ledger itself.
 * @param memory of this appender
 * @returns those that were appended now; what another had appended before is not among them
 * @throws Unavailable; what was appended before stays so, and handing all of it over again is right
 */
export async function append(
  chain: string,
  arrivals: readonly Arrival[],
  memory = remembered(),
): Promise<Arrival[]> {
  const appended: Arrival[] = []
  const once = [...new Map(arrivals.map((arrival) => [rowName(arrival), arrival])).values()]
  let waiting = await withoutEntered(chain, once)
  let attempt = 0
  while (waiting.length > 0) {
    if (attempt === attemptsWithoutProgress) throw new Unavailable('A chain stayed contended')
    attempt += 1
    const batch = waiting.slice(0, eventsPerTransaction)
    const plan = await planOf(chain, batch, memory.get(chain))
    const end = await commit(plan.writes)
    if (end.committed) {
      appended.push(...batch)
      remember(memory, chain, plan.known)
      if (!plan.marks && Date.now() - plan.madeAt > usualMs) await mark(chain, plan.known, Date.now())
      waiting = waiting.slice(batch.length)
      attempt = 0
      continue
    }
    const left = waiting.filter((arrival) => !end.refused.has(rowName(arrival)))
    if (left.length < waiting.length) attempt = 0
    waiting = left
    if (end.refused.has('entries')) memory.delete(chain)
  }
  return appended
}
