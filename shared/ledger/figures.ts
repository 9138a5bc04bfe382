/** What a batch of new entries says of the business: counted where each is appended once, and told by a line of the log. */
import { flowOf } from '../contract/flows.ts'
import type { EventType, LedgerEvent } from '../events.ts'

/** Counts of one line; what did not happen is left out. */
export interface Figures {
  /** Codes asked for to reset a password or PIN, for whomever. */
  readonly started?: number
  /** Passwords and PINs that were reset. */
  readonly finished?: number
  /** Codes that were not sent: nobody known, no such country, paused, failed. */
  readonly notSent?: number
  /** First refusals by a limit in its window. */
  readonly limited?: number
  /** Of the two that follow: recovery codes by SMS, as the breaker counts them. */
  readonly country?: string
  readonly sent?: number
  readonly verified?: number
}

type Count = Exclude<keyof Figures, 'country' | 'sent' | 'verified'>

const resets = ({ flow }: LedgerEvent) => flow !== undefined && flowOf(flow).resets !== undefined

const countedAs: Readonly<Partial<Record<EventType, Count>>> = {
  CODE_REQUESTED: 'started',
  PASSWORD_RESET: 'finished',
  PIN_RESET: 'finished',
  CODE_NOT_SENT: 'notSent',
  LIMIT_REACHED: 'limited',
}

function countOf(event: LedgerEvent): Count | undefined {
  const count = countedAs[event.type]
  const ofRecovery = count === 'started' || count === 'finished'
  return ofRecovery && !(event.outcome === 'success' && resets(event)) ? undefined : count
}

/** @returns one line for what has no country, and one for each country; none where nothing is counted */
export function figuresOf(events: readonly LedgerEvent[]): Figures[] {
  const lines = new Map<string | undefined, Record<string, number | string>>()
  const add = (country: string | undefined, name: keyof Figures) => {
    const line = lines.get(country) ?? (country === undefined ? {} : { country })
    lines.set(country, { ...line, [name]: Number(line[name] ?? 0) + 1 })
  }
  for (const event of events) {
    const count = countOf(event)
    if (count !== undefined) add(undefined, count)
    if (event.smsCode !== undefined) add(event.smsCode.country, event.smsCode.what)
  }
  return [...lines.values()]
}
