/** Freezes by failed guesses, on the real engine: counted, frozen, marked, cleared; and the notes of refusals. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { type Services, startServices } from '#local/services/index.ts'
import { subjectKey } from '#shared/domain/subject.ts'
import type { Subject } from '#shared/events.ts'
import { policy } from '#shared/policy.ts'
import { get, put, transact } from '#shared/stores/database.ts'
import * as limits from '#shared/stores/limits.ts'

let services: Services
let restore: () => void
beforeAll(async () => {
  services = await startServices()
  restore = applyEnvironment(services.environment)
})
afterAll(async () => {
  restore()
  await services.close()
})

const now = 1_800_000_000_000
const until = now + policy.freezeSeconds * 1000
const sweepAt = now / 1000 + 366 * 24 * 3600
const last = policy.failedGuessesBeforeFreeze - 1

let names = 0
/** Somebody of whom this much is stored. */
async function somebody(stored?: Readonly<Record<string, unknown>>) {
  names += 1
  const subject: Subject = { kind: 'email', value: `limits-${names}@example.com` }
  const key = { pk: `F#${subjectKey(subject)}` }
  if (stored !== undefined) await transact([put('challenges', { ...key, ...stored })])
  return {
    limits,
    subject,
    key,
    item: () => get('challenges', key),
    done: async (...writes: Parameters<typeof transact>[0]) => (await transact(writes)).committed,
  }
}

test('a guess is counted below the one that freezes, and only while nothing is frozen', async () => {
  const { limits, subject, key, item, done } = await somebody()
  expect(await done(limits.countGuess(subject, now))).toBe(true)
  expect(await item()).toEqual({ ...key, fails: 1, sweepAt })
  expect(await done(limits.countGuess(subject, now))).toBe(true)
  expect(await item()).toMatchObject({ fails: 2 })
  const full = await somebody({ fails: last })
  expect(await full.done(limits.countGuess(full.subject, now))).toBe(false)
  for (const [frozenUntil, counted] of [
    [now, true],
    [now + 1, false],
  ] as const) {
    const frozen = await somebody({ fails: 1, frozenUntil })
    expect(await frozen.done(limits.countGuess(frozen.subject, now))).toBe(counted)
  }
})

test('the last guess freezes for a day and starts the count anew', async () => {
  const { limits, subject, key, item, done } = await somebody({ fails: last })
  expect(await done(limits.freeze(subject, now))).toBe(true)
  expect(await item()).toEqual({ ...key, fails: 0, frozenUntil: until, sweepAt })
  expect(await done(limits.freeze(subject, now))).toBe(false)
  const early = await somebody({ fails: last - 1 })
  expect(await early.done(limits.freeze(early.subject, now))).toBe(false)
  const frozen = await somebody({ fails: last, frozenUntil: now + 1 })
  expect(await frozen.done(limits.freeze(frozen.subject, now))).toBe(false)
})

test('a frozen subject is refused until the freeze ends, and not cleared by a right code', async () => {
  for (const [frozenUntil, free] of [
    [undefined, true],
    [now, true],
    [now + 1, false],
  ] as const) {
    const { limits, subject, done, item } = await somebody({ fails: 5, frozenUntil })
    expect(limits.frozenUntilOf(await item())).toBe(frozenUntil ?? 0)
    expect(await done(limits.notFrozenCheck(subject, now))).toBe(free)
    expect(await done(limits.clearGuesses(subject, now))).toBe(free)
    expect(await item()).toMatchObject(free ? { fails: 0, sweepAt } : { fails: 5 })
  }
  const { limits } = await somebody()
  expect(limits.frozenUntilOf(undefined)).toBe(0)
})

test('the challenge whose guess froze says so itself', async () => {
  const { limits, key, item, done } = await somebody({ code: 'kept' })
  expect(await done(limits.markFrozen(key, now))).toBe(true)
  expect(await item()).toEqual({ ...key, code: 'kept', frozenUntil: until })
})

test('entries of guesses that no challenge counted are held to their number an hour, by address', () => {
  expect(limits.uncountedRegister('192.0.2.1')).toEqual({
    pk: 'I#guess#192.0.2.1',
    limit: { count: policy.uncountedGuessEntriesPerIpHour, windowMs: 3_600_000 },
    name: 'uncounted-guesses',
  })
})

test('the first refusal of a window is noted with its entry, the others are not', async () => {
  const { limits, key, item } = await somebody({ noted: 1 })
  const note = (window: number, met?: Record<string, unknown>) => ({ key, attribute: 'noted', window, met })
  const entry = (name: string) => put('challenges', { pk: name }, { condition: 'attribute_not_exists(pk)' })
  expect(limits.isNoted(note(1, { noted: 1 }))).toBe(true)
  expect(limits.isNoted(note(2, { noted: 1 }))).toBe(false)
  expect(limits.isNoted(note(1))).toBe(false)
  await limits.noteRefusal(note(2, { noted: 1 }), entry('limits-first'))
  expect(await item()).toMatchObject({ noted: 2 })
  expect(await get('challenges', { pk: 'limits-first' })).toBeDefined()
  // Noted by another meanwhile: neither the note nor the entry is written again.
  await limits.noteRefusal(note(2, { noted: 1 }), entry('limits-second'))
  await limits.noteRefusal(note(3, { noted: 3 }), entry('limits-third'))
  expect(await get('challenges', { pk: 'limits-second' })).toBeUndefined()
  expect(await get('challenges', { pk: 'limits-third' })).toBeUndefined()
})
