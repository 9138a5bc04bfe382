/** What a soak must have left: one entry for each event, in order, whole chains, and exports that both verifiers accept. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Entry } from '#shared/ledger/entry.ts'
import { policy } from '#shared/policy.ts'
import { copyBucket } from '#test/ledger/bucket-copy.ts'
import { firstVerifier, secondVerifier, type Verdict } from '#test/verifier/verifiers.ts'
import { readLines } from '../../cli/line-files.ts'
import { countries, guessers, type SoakEvent } from './events.ts'

export interface Judgement {
  readonly missing: number
  readonly double: number
  /** Entries that no event accounts for. */
  readonly surplus: number
  /** Entries of one subject that stand before an earlier one, though neither was late. */
  readonly outOfOrder: number
  /** Identities whose count of failed guesses is not that of their events. */
  readonly miscounted: number
  /** Countries whose count of codes by SMS is not that of their events. */
  readonly codesMiscounted: number
  readonly outboxLeft: number
  readonly first: Verdict
  readonly second: Verdict
  /** Of a copy of the bucket alone. */
  readonly bucket: Verdict
  readonly entries: number
}

const isFreeze = (entry: Entry) => entry.type === 'RECOVERY_FROZEN'

/** Events of one subject have one partition of the stream, which keeps their order. */
function outOfOrder(events: readonly SoakEvent[], entries: readonly Entry[]): number {
  const subjects = new Map(
    events.map(({ id, event }) => [id, `${event.subject.kind} ${event.subject.value}`]),
  )
  const last = new Map<string, string>()
  let count = 0
  for (const { id, late } of entries) {
    const subject = subjects.get(id)
    if (subject === undefined || late) continue
    if (id < (last.get(subject) ?? '')) count += 1
    last.set(subject, id)
  }
  return count
}

async function miscounted(events: readonly SoakEvent[], entries: readonly Entry[]): Promise<number> {
  const { readGuesses } = await import('#shared/stores/guesses.ts')
  const limit = policy.failedGuessesBeforeFreeze
  const wrong = await Promise.all(
    guessers.map(async (userId) => {
      const failed = events.filter(({ event }) => event.userId === userId).length
      const told = entries.filter((entry) => entry.userId === userId && isFreeze(entry)).length
      const { fails, freezes } = await readGuesses(userId)
      const frozen = Math.floor(failed / limit)
      return fails !== failed % limit || freezes !== frozen || told !== frozen
    }),
  )
  return wrong.filter(Boolean).length
}

async function codesMiscounted(events: readonly SoakEvent[]): Promise<number> {
  const { readCounts } = await import('#shared/stores/sms-counts.ts')
  const wrong = await Promise.all(
    countries.map(async (country) => {
      const { slots } = await readCounts(country, Date.now())
      const codes = events.flatMap(({ event }) => (event.smsCode?.country === country ? [event.smsCode] : []))
      return (['sent', 'verified'] as const).some(
        (what) =>
          slots.reduce((sum, slot) => sum + slot[what], 0) !==
          codes.filter((code) => code.what === what).length,
      )
    }),
  )
  return wrong.filter(Boolean).length
}

const exportAttempts = 5

/** As an auditor exports, in the environment of this process; again where the services are too slow. */
async function exportTo(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await promisify(execFile)(process.execPath, ['cli/latchkey.js', 'ledger', 'export', folder])
      return
    } catch (error) {
      if (attempt === exportAttempts) throw error
    }
  }
}

/** Judges by what an export holds, not by what the table would say. */
export async function judge(events: readonly SoakEvent[]): Promise<Judgement> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-soak-'))
  try {
    await exportTo(folder)
    const entries = [...readLines(join(folder, 'entries.ndjson'))].map((line) => JSON.parse(line) as Entry)
    const times = new Map<string, number>()
    for (const { id } of entries.filter((entry) => !isFreeze(entry))) times.set(id, (times.get(id) ?? 0) + 1)
    const { scan } = await import('#shared/stores/database.ts')
    const [second] = secondVerifier([[folder]])
    const copy = join(folder, 'bucket')
    await copyBucket(copy)
    if (second === undefined) throw new Error('The second verifier said nothing')
    return {
      entries: entries.length,
      missing: events.filter(({ id }) => !times.has(id)).length,
      double: [...times.values()].filter((count) => count > 1).length,
      surplus: [...times.keys()].length - events.filter(({ id }) => times.has(id)).length,
      outOfOrder: outOfOrder(events, entries),
      miscounted: await miscounted(events, entries),
      codesMiscounted: await codesMiscounted(events),
      outboxLeft: (await scan('outbox')).items.length,
      first: firstVerifier([folder]),
      second,
      bucket: firstVerifier([copy, '--public-key', join(folder, 'public-key.pem')]),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
