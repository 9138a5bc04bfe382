/** What a case may change, as it is stored, and whether it changed as it does where nothing fails. */
import { canonical } from '#shared/ledger/canonical.ts'
import { sessionsOf } from '#shared/stores/sessions.ts'
import { recoveryFlows } from './recovery.ts'
import { storedChallenge, storedIdentity } from './stored.ts'
import type { TestIdentity } from './world.ts'

export interface State {
  readonly counts: Readonly<Record<string, number>>
  readonly facts: Readonly<Record<string, string>>
}

/** Credentials, epoch, sessions and challenges of a person. Only once a world runs, and its workers are idle. */
export async function stateOf(person: TestIdentity): Promise<State> {
  const [identity, sessions, ...challenges] = await Promise.all([
    storedIdentity(person.userId),
    sessionsOf(person.userId),
    ...recoveryFlows.map((flow) => storedChallenge(flow, person)),
  ])
  // Whether the breach service answered in time is no part of what a case does.
  const { credentialEpoch, history, updatedAt: _, breachCheckDue: _due, ...rest } = identity ?? {}
  const states = recoveryFlows.map(({ id }, index) => [`challenge ${id}`, `${challenges[index]?.state}`])
  return {
    counts: {
      identities: identity === undefined ? 0 : 1,
      epoch: Number(credentialEpoch ?? 0),
      sessions: sessions.length,
      history: Array.isArray(history) ? history.length : 0,
      refusals: challenges.reduce((sum, challenge) => sum + (challenge?.refusals ?? 0), 0),
    },
    facts: {
      ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, canonical({ value })])),
      ...Object.fromEntries(states),
    },
  }
}

export interface Change {
  readonly counts: Readonly<Record<string, number>>
  /** Names of the facts that changed, sorted. */
  readonly facts: readonly string[]
}

export function changeOf(before: State, after: State): Change {
  const counts = Object.entries(after.counts).map(([name, count]) => [
    name,
    count - (before.counts[name] ?? 0),
  ])
  const names = new Set([...Object.keys(before.facts), ...Object.keys(after.facts)])
  // Whoever is new begins with an epoch of the clock.
  const comesOrGoes = after.counts['identities'] !== before.counts['identities']
  const facts = [...names].filter((name) => before.facts[name] !== after.facts[name]).sort()
  return { counts: { ...Object.fromEntries(counts), ...(comesOrGoes && { epoch: 0 }) }, facts }
}

/** The change that so many successes make, each of which makes this one. */
export const timesOf = ({ counts, facts }: Change, times: number): Change => ({
  counts: Object.fromEntries(
    Object.entries(counts).map(
      (
        [name, count], // Minus nothing is nothing.
      ) => [name, count * times || 0],
    ),
  ),
  facts: times === 0 ? [] : facts,
})
