/** Which faults a call of a step is tried with. */
import type { Call } from '#local/services/calls.ts'
import { canHit, type FaultMode } from '#local/services/faults.ts'
import { sampleOf } from './whole.ts'

/** More than the attempts of any SDK client, and than our own at a transaction. */
export const outlasting = 40
/** Longer than a call may take, so that the SDK gives each attempt up before its reply. */
export const slowMs = 3300

export interface PlacedFault {
  readonly service: Call['service']
  readonly mode: FaultMode
  readonly count: number
  readonly skip: number
  readonly delayMs?: number
}

export interface FaultPoint {
  /** Place of the call among those of the request. */
  readonly at: number
  readonly call: Call
  readonly fault: PlacedFault
}

const worked: ReadonlySet<FaultMode> = new Set(['fail-after', 'reset-after', 'slow'])
/** What only reads or reckons leaves nothing behind: failing having worked is failing without effect. */
const writes = /^(UpdateItem|TransactWriteItems|PutItem|DeleteItem|PutObject|SendEmail|Publish|PutEvents)$/

export const hasWorked = ({ fault, call }: FaultPoint): boolean =>
  worked.has(fault.mode) && writes.test(call.operation)

/** A mode, and whether it ends before the SDK gives up. */
export type Trial = readonly [mode: FaultMode, lasts: 'short' | 'long']

/** What `npm test` tries: outages, and replies lost once. */
export const fewTrials: readonly Trial[] = [
  ['fail-before', 'long'],
  ['fail-after', 'long'],
  ['reset-after', 'short'],
]
/** And of further cases of a step. */
export const lostCommit: readonly Trial[] = [['fail-after', 'long']]
/** What the proof tries. A silent or torn connection is to the SDK what `fail-before` is. */
export const allTrials: readonly Trial[] = [
  ...(['fail-before', 'fail-after', 'slow', 'throttle', 'conflict'] as const).flatMap((mode): Trial[] => [
    [mode, 'short'],
    [mode, 'long'],
  ]),
  ['capacity', 'short'],
  ['capacity', 'long'],
  ['hang', 'short'],
  ['reset-before', 'short'],
  ['reset-after', 'short'],
]

/** Each call with each trial that can befall it. */
export function pointsOf(calls: readonly Call[], trials: readonly Trial[]): FaultPoint[] {
  return calls.flatMap((call, at) =>
    trials
      .filter(([mode]) => befalls(mode, call))
      .map(([mode, lasts]) => {
        const { service } = call
        const before = calls.slice(0, at)
        const skip = before.filter((made) => made.service === service && canHit(mode, made.operation)).length
        const count = lasts === 'short' ? 1 : outlasting
        return {
          at,
          call,
          fault: { service, mode, count, skip, ...(mode === 'slow' && { delayMs: slowMs }) },
        }
      }),
  )
}

/** What `npm test` tries of them: of each write the lost reply and one fault more, of what only reads the first and another. */
export function todaysPart(points: readonly FaultPoint[]): FaultPoint[] {
  const isWrite = ({ call }: FaultPoint) => writes.test(call.operation)
  const isLost = ({ fault }: FaultPoint) => fault.mode === 'fail-after'
  const [first, ...reads] = points.filter((point) => !isWrite(point))
  const written = [...new Set(points.filter(isWrite).map(({ at }) => at))].flatMap((at) => {
    const faults = points.filter((point) => point.at === at)
    return [
      ...faults.filter(isLost),
      ...sampleOf(
        faults.filter((point) => !isLost(point)),
        1,
        at,
      ),
    ]
  })
  return [...(first === undefined ? [] : [first]), ...sampleOf(reads, 1), ...written]
}

function befalls(mode: FaultMode, { service, operation }: Call): boolean {
  if ((mode === 'conflict' || mode === 'capacity') && service !== 'dynamodb') return false
  if ((mode === 'fail-after' || mode === 'reset-after') && !writes.test(operation)) return false
  return canHit(mode, operation)
}
