/** Every event that the emulated EventBridge took, in the order it took them, as a rule's target is handed them. */
import { randomUUID } from 'node:crypto'
import { keepLines } from '../kept-lines.ts'

/** An event as EventBridge delivers it. */
export interface PublishedEvent {
  readonly version: '0'
  readonly id: string
  readonly 'detail-type': string
  readonly source: string
  readonly account: string
  /** ISO 8601, of what it tells. */
  readonly time: string
  readonly region: string
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
}

/** What is older is forgotten, so that a stack that runs for long does not grow; a file keeps all. */
const eventsKept = 10_000

export interface Published {
  /** @returns its id */
  add(event: Omit<PublishedEvent, 'version' | 'id'>): string
  /** Oldest first, of one person where a userId is given. */
  events(userId?: string): readonly PublishedEvent[]
  /** Forgets all of them, in the file too. */
  clear(): void
}

/** @param file keeps them across restarts */
export function openPublished(file: string | undefined): Published {
  const kept = keepLines<PublishedEvent>(file)
  const events = kept.found.slice(-eventsKept)
  return {
    add(event) {
      const taken: PublishedEvent = { version: '0', id: randomUUID(), ...event }
      kept.add(taken)
      events.push(taken)
      if (events.length > eventsKept) events.shift()
      return taken.id
    },
    events: (userId) =>
      userId === undefined ? events : events.filter(({ detail }) => detail['userId'] === userId),
    clear() {
      kept.clear()
      events.length = 0
    },
  }
}
