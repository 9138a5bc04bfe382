/** The tables, defined once: the CDK app builds them from here, and so does the local stack. */
export interface Table {
  readonly partitionKey: string
  readonly sortKey?: string
  /** Attribute that holds the epoch second from which DynamoDB may delete the item. Never relied on (G11). */
  readonly ttl?: string
  readonly stream?: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES'
  /** Holds what cannot be had again: point-in-time recovery, deletion protection, never replaced. */
  readonly durable: boolean
}

export const tables = {
  /** `U#userId` identities; `E#email`, `N#username`, `P#phone` unique lookup rows. */
  identities: { partitionKey: 'pk', durable: true },
  /** Challenges, tokens, send registers, limits, claims: all that may be forgotten in time. */
  challenges: { partitionKey: 'pk', ttl: 'sweepAt', durable: false },
  sessions: { partitionKey: 'userId', sortKey: 'sessionId', ttl: 'sweepAt', durable: false },
  /** Events the ledger and orders of codes the sender have not taken yet. */
  outbox: { partitionKey: 'pk', sortKey: 'sk', stream: 'NEW_IMAGE', durable: true },
  /** What people are yet to be told. Apart, for a stream has two readers at most, and a burst of these may delay no code. */
  notices: { partitionKey: 'pk', sortKey: 'sk', stream: 'NEW_IMAGE', durable: true },
  ledger: { partitionKey: 'chain', sortKey: 'seq', stream: 'NEW_AND_OLD_IMAGES', durable: true },
  /** Chain heads that moved since the last checkpoint, and the number of that checkpoint. */
  seal: { partitionKey: 'pk', sortKey: 'sk', durable: true },
} as const satisfies Record<string, Table>

export type TableId = keyof typeof tables

/** Sort keys that are numbers; every other key is a string. */
export const numberKeys: ReadonlySet<string> = new Set(['ledger.seq'])
