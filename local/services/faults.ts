/** Faults that a developer orders: the next calls that match fail, with or without effect, are slow, or get no reply. */
import * as z from 'zod/mini'
import type { Invocation } from './attribution.ts'
import { type ServiceName, serviceNames, type WireCall } from './wire.ts'

/**
 * Without effect: `fail-before`, `throttle`, `conflict` and `capacity` are refusals in the service's own form, `hang`
 * keeps the connection open and says nothing, `reset-before` tears it. Having worked: `fail-after`, `reset-after`, `slow`.
 */
export const modes = [
  'fail-before',
  'fail-after',
  'slow',
  'throttle',
  'conflict',
  'capacity',
  'hang',
  'reset-before',
  'reset-after',
] as const
export type FaultMode = (typeof modes)[number]

/** Only DynamoDB gives these, and not to every call. */
const dynamoCalls: Readonly<Partial<Record<FaultMode, RegExp>>> = {
  conflict: /^(TransactWriteItems|TransactGetItems|PutItem|UpdateItem|DeleteItem)$/,
  capacity: /^((Transact)?(Write|Get)Items|Batch(Write|Get)Item|(Put|Update|Delete|Get)Item|Query|Scan)$/,
}

export interface Fault {
  readonly service: ServiceName
  readonly operation?: string | undefined
  readonly mode: FaultMode
  /** Calls left that will be hit; SDK retries are calls too. */
  readonly count: number
  readonly delayMs?: number | undefined
  /** Calls left that pass first. */
  readonly skip?: number | undefined
  /** Only calls beyond so many within a second: those pass, and use nothing up. */
  readonly perSecond?: number | undefined
  /** Only calls of this function. */
  readonly function?: string | undefined
}

export interface Faults {
  /**
   * Adds a fault behind those posted before; `count: 0` clears all.
   * @returns the faults that now wait.
   * @throws InvalidFault with a sentence for the person who posted it.
   */
  post(fault: unknown): readonly Fault[]
  /** The fault that hits this call, if any; it is then used up by one. The first posted that matches decides. */
  take(service: ServiceName, call: WireCall, invocation: Invocation | undefined): Fault | undefined
  pending(): readonly Fault[]
}

/** What was posted is no fault. */
export class InvalidFault extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InvalidFault'
  }
}

const longestDelayMs = 600_000
const most = 1_000_000
const name = z.string('must be a name').check(z.minLength(1, 'must be a name'))
const whole = (limit: number) => {
  const error = `must be a whole number from 0 to ${limit}`
  return z.int(error).check(z.gte(0, error), z.lte(limit, error))
}

const faultShape = {
  service: z.enum(serviceNames, `must be one of ${serviceNames.join(', ')}`),
  operation: z.optional(name),
  mode: z.enum(modes, `must be one of ${modes.join(', ')}`),
  count: whole(most),
  delayMs: z.optional(whole(longestDelayMs)),
  skip: z.optional(whole(most)),
  perSecond: z.optional(whole(most)),
  function: z.optional(name),
}
const faultSchema = z.strictObject(faultShape)
/** `{"count": 0}` is enough to clear. */
const clearSchema = z.strictObject({
  ...faultShape,
  service: z.optional(faultShape.service),
  mode: z.optional(faultShape.mode),
  count: z.literal(0),
})

export function createFaults(): Faults {
  let waiting: Fault[] = []
  let passed: number[] = []
  /** By no clock that a test moves on. */
  const mayPass = (perSecond: number): boolean => {
    const now = performance.now()
    passed = passed.filter((at) => now - at < 1000)
    if (passed.length >= perSecond) return false
    passed.push(now)
    return true
  }
  return {
    post(posted) {
      const fault = parseFault(posted)
      waiting = fault === 'clear' ? [] : [...waiting, fault]
      return [...waiting]
    },
    take(service, call, invocation) {
      const index = waiting.findIndex((fault) => matches(fault, service, call, invocation))
      const fault = waiting[index]
      if (fault === undefined) return undefined
      if (fault.skip !== undefined && fault.skip > 0) {
        waiting[index] = { ...fault, skip: fault.skip - 1 }
        return undefined
      }
      if (fault.perSecond !== undefined && mayPass(fault.perSecond)) return undefined
      if (fault.count > 1) waiting[index] = { ...fault, count: fault.count - 1 }
      else waiting.splice(index, 1)
      return fault
    },
    pending: () => [...waiting],
  }
}

function parseFault(posted: unknown): Fault | 'clear' {
  const clears = (posted as { count?: unknown } | null)?.count === 0
  const result = clears ? clearSchema.safeParse(posted) : faultSchema.safeParse(posted)
  if (!result.success) {
    throw new InvalidFault(result.error.issues.map(sentence).join('; '))
  }
  if (clears) return 'clear'
  const fault = result.data as Fault
  if (fault.mode === 'slow' && fault.delayMs === undefined) {
    throw new InvalidFault('delayMs: mode slow needs one')
  }
  if (dynamoCalls[fault.mode] !== undefined && fault.service !== 'dynamodb') {
    throw new InvalidFault(`mode: only dynamodb knows ${fault.mode}`)
  }
  return fault
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown: ${issue.keys.join(', ')}`
  if (issue.path.length > 0) return `${issue.path.join('.')}: ${issue.message}`
  return 'a fault is {service, operation?, mode, count, delayMs?, skip?, perSecond?, function?}'
}

/** Whether a call of this name may end that way. */
export const canHit = (mode: FaultMode, operation: string): boolean =>
  dynamoCalls[mode]?.test(operation) !== false

function matches(
  fault: Fault,
  service: ServiceName,
  call: WireCall,
  invocation: Invocation | undefined,
): boolean {
  return (
    fault.service === service &&
    (fault.operation === undefined || fault.operation === call.operation) &&
    canHit(fault.mode, call.operation) &&
    (fault.function === undefined || fault.function === invocation?.function)
  )
}
