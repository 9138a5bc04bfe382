/** Whether any subject or address got past its budget, counted from the replies alone. */
import { type Flow, flowOf } from '#shared/contract/flows.ts'
import { type RouteId, routeOf } from '#shared/contract/routes.ts'
import { policy } from '#shared/policy.ts'
import type { Record } from './records.ts'

interface Budget {
  readonly name: string
  readonly key: (record: Record) => string | undefined
  readonly counts: (record: Record) => boolean
  readonly most: (record: Record) => number
  readonly windowMs: number
}

const hourMs = 3_600_000
const asks: readonly RouteId[] = [
  'requestPasswordReset',
  'forgotPassword',
  'requestPinReset',
  'requestTwoFactor',
  'requestStepUp',
]
const isAsk = ({ route, outcome }: Record) => asks.includes(route) && outcome === 'OK'
const flowFor = ({ route }: Record): Flow => flowOf(routeOf(route).flow ?? 'password-email')
const isLoginFailure = ({ route, outcome }: Record) => route === 'login' && outcome === 'CREDENTIALS_INVALID'
const isMismatch = ({ route, outcome }: Record) =>
  (route === 'verifyIdentity' || route === 'requestTwoFactor') && outcome === 'CREDENTIALS_INVALID'

const budgets: readonly Budget[] = [
  {
    name: 'codes per subject',
    key: ({ route, subject, phone }) => `${routeOf(route).flow} ${subject} ${phone}`,
    counts: isAsk,
    most: (record) => flowFor(record).codesPerSubjectHour,
    windowMs: hourMs,
  },
  {
    name: 'codes per address',
    key: ({ route, from }) => `${routeOf(route).flow} ${from}`,
    counts: isAsk,
    most: (record) => flowFor(record).codesPerIpHour,
    windowMs: hourMs,
  },
  {
    name: 'logins per identifier',
    key: ({ subject }) => subject,
    counts: isLoginFailure,
    most: () => policy.loginFailuresPerIdentifier,
    windowMs: policy.loginFailuresPerIdentifierWindowSeconds * 1000,
  },
  {
    name: 'logins per address',
    key: ({ from }) => from,
    counts: isLoginFailure,
    most: () => policy.loginFailuresPerIp,
    windowMs: policy.loginFailuresPerIpWindowSeconds * 1000,
  },
  {
    name: 'pairs per identifier',
    key: ({ subject }) => subject,
    counts: isMismatch,
    most: () => policy.pairMismatchesPerIdentifier,
    windowMs: policy.pairMismatchWindowSeconds * 1000,
  },
  {
    name: 'pairs per address',
    key: ({ from }) => from,
    counts: isMismatch,
    most: () => policy.pairMismatchesPerIp,
    windowMs: policy.pairMismatchWindowSeconds * 1000,
  },
]

/** Whether one more than allowed was surely counted within a window: between the first's start and the last's end. */
function isPast(records: readonly Record[], { most, windowMs }: Budget): boolean {
  const ordered = records.toSorted((a, b) => a.endedAt - b.endedAt)
  return ordered.some((record, place) => {
    const beyond = ordered[place + most(record)]
    return beyond !== undefined && beyond.endedAt - record.startedAt < windowMs
  })
}

/** A code is sent no sooner than its cool-down after the one before. */
function tooSoon(records: readonly Record[]): boolean {
  const ordered = records.toSorted((a, b) => a.endedAt - b.endedAt)
  return ordered.some((record, place) => {
    const next = ordered[place + 1]
    return next !== undefined && next.endedAt - record.startedAt < flowFor(record).cooldownSeconds * 1000
  })
}

export interface LimitsSeen {
  readonly past: readonly string[]
  /** Keys that used their budget up: without them nothing was shown. */
  readonly reached: number
}

export function limitsOf(records: readonly Record[]): LimitsSeen {
  const past: string[] = []
  let reached = 0
  for (const budget of budgets) {
    const groups = Map.groupBy(records.filter(budget.counts), budget.key)
    for (const [key, group] of groups) {
      if (isPast(group, budget)) past.push(`${budget.name}: ${key} ${group.length}`)
      const [first] = group
      if (first && group.length >= budget.most(first)) reached += 1
    }
  }
  const bySubject = Map.groupBy(records.filter(isAsk), (record) => budgets[0]?.key(record) ?? '')
  for (const [key, group] of bySubject) if (tooSoon(group)) past.push(`codes too soon: ${key}`)
  return { past, reached }
}
