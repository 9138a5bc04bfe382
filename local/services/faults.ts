/** Faults that a developer orders: the next calls that match fail without effect, fail having worked, or are slow. */
import * as z from 'zod/mini'
import type { Invocation } from './attribution.ts'
import { type ServiceName, serviceNames, type WireCall } from './wire.ts'

export type FaultMode = 'fail-before' | 'fail-after' | 'slow'

export interface Fault {
  readonly service: ServiceName
  readonly operation?: string | undefined
  readonly mode: FaultMode
  /** Calls left that will be hit; SDK retries are calls too. */
  readonly count: number
  readonly delayMs?: number | undefined
  /** Calls left that pass first. */
  readonly skip?: number | undefined
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
const name = z.string().check(z.minLength(1), z.maxLength(100))
const whole = (least: number, most: number) => z.int().check(z.gte(least), z.lte(most))

const optional = {
  operation: z.optional(name),
  delayMs: z.optional(whole(0, longestDelayMs)),
  skip: z.optional(whole(0, 1_000_000)),
  function: z.optional(name),
}
const faultSchema = z.strictObject({
  service: z.enum(serviceNames),
  mode: z.enum(['fail-before', 'fail-after', 'slow']),
  count: whole(0, 1_000_000),
  ...optional,
})
/** `{"count": 0}` is enough to clear. */
const clearSchema = z.strictObject({
  ...optional,
  service: z.optional(faultSchema.shape.service),
  mode: z.optional(faultSchema.shape.mode),
  count: z.literal(0),
})

export function createFaults(): Faults {
  let waiting: Fault[] = []
  return {
    post(posted) {
      if (clearSchema.safeParse(posted).success) waiting = []
      else waiting.push(parseFault(posted))
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
      if (fault.count > 1) waiting[index] = { ...fault, count: fault.count - 1 }
      else waiting.splice(index, 1)
      return fault
    },
    pending: () => [...waiting],
  }
}

function parseFault(posted: unknown): Fault {
  const result = faultSchema.safeParse(posted)
  if (!result.success) {
    const problems = result.error.issues.map(
      (issue) => `${issue.path.join('.') || 'fault'}: ${issue.message}`,
    )
    throw new InvalidFault(problems.join('; '))
  }
  if (result.data.mode === 'slow' && result.data.delayMs === undefined) {
    throw new InvalidFault('delayMs: needed for mode slow')
  }
  return result.data
}

function matches(
  fault: Fault,
  service: ServiceName,
  call: WireCall,
  invocation: Invocation | undefined,
): boolean {
  return (
    fault.service === service &&
    (fault.operation === undefined || fault.operation === call.operation) &&
    (fault.function === undefined || fault.function === invocation?.function)
  )
}
