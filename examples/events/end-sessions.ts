/** A Lambda behind a rule of EventBridge: when a password was reset at Latchkey, the team's own sessions of that person end too. */

/** What is used of an event; docs/events.json has the rest. */
export interface LatchkeyEvent {
  readonly 'detail-type': string
  readonly detail: {
    readonly userId?: string
    /** When it happened, epoch milliseconds. */
    readonly time: number
    readonly outcome: 'success' | 'failure'
  }
}

/** The rule's pattern. */
export const pattern = {
  source: ['latchkey'],
  'detail-type': ['PASSWORD_RESET', 'PIN_RESET'],
  detail: { outcome: ['success'] },
}

/** The team's own sessions. */
export interface Sessions {
  /** Ends what this person began before that time. */
  endBefore(userId: string, time: number): Promise<void>
}

/**
 * Events come at least once and in any order: what began after the reset is left alone, however late or often its event comes.
 * @throws what the team's store threw; EventBridge then tries again
 */
export const endSessions =
  (sessions: Sessions) =>
  async ({ detail: { userId, time } }: LatchkeyEvent): Promise<void> => {
    if (userId !== undefined) await sessions.endBefore(userId, time)
  }
