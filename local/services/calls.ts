/** Books the calls on the wire by the invocation that made them. */
import type { Invocation } from './attribution.ts'
import type { ServiceName } from './wire.ts'

export interface Call {
  readonly service: ServiceName
  readonly operation: string
  readonly table?: string
}

export interface Calls {
  record(invocation: Invocation | undefined, call: Call): void
  /** The reply to this request goes out now: what it still does is not counted to it. */
  replied(requestId: string): void
  /** Calls that a request made before its reply, in order. Empty for an unknown one. */
  byRequest(requestId: string): readonly Call[]
  /** The latest calls of a function, oldest first. */
  byFunction(name: string): readonly Call[]
  clear(): void
}

const requestsKept = 1000
const callsKeptPerFunction = 500

export function createCalls(): Calls {
  const open = new Map<string, Call[]>()
  const answered = new Map<string, Call[]>()
  const functions = new Map<string, Call[]>()
  return {
    record(invocation, call) {
      if (invocation === undefined) return
      const { requestId } = invocation
      if (!answered.has(requestId)) keep(open, requestId, [...(open.get(requestId) ?? []), call])
      const latest = [...(functions.get(invocation.function) ?? []), call]
      functions.set(invocation.function, latest.slice(-callsKeptPerFunction))
    },
    replied(requestId) {
      if (answered.has(requestId)) return
      keep(answered, requestId, open.get(requestId) ?? [])
      open.delete(requestId)
    },
    byRequest: (requestId) => answered.get(requestId) ?? open.get(requestId) ?? [],
    byFunction: (name) => functions.get(name) ?? [],
    clear() {
      for (const books of [open, answered, functions]) books.clear()
    },
  }
}

/** Workers' invocations are never replied to: apart, they cannot push requests out. */
function keep(map: Map<string, Call[]>, requestId: string, calls: Call[]): void {
  map.set(requestId, calls)
  const oldest = map.keys().next()
  if (map.size > requestsKept && !oldest.done) map.delete(oldest.value)
}
