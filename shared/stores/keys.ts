/**
 * How the keys of items begin, in tables that hold several kinds of them. The stores write keys with these, and the rights
 * of each function end at them (`infra/access.ts`). Within the prefix of a flow, what follows belongs to that flow alone.
 */
import type { FlowId } from '../contract/flows.ts'

/** Of the challenges. */
export const challengeKeys = {
  /** Newest challenge and send register of a flow and subject. */
  challenge: (flow: FlowId) => `C#${flow}#` as const,
  /** A VERIFIED challenge. */
  verified: 'V#',
  /** A reset token. */
  token: 'T#',
  /** A grant to disown a change. */
  grant: 'R#',
  /** Send register of an identity, where each challenge has an item of its own. */
  ownRegister: (flow: FlowId) => `B#${flow}#` as const,
  /** Send register of an address. */
  source: (flow: FlowId) => `I#${flow}#` as const,
  /** Refused guesses of an address at nothing. */
  guessSource: 'I#guess#',
  /** Failed guesses in a row of a typed subject. */
  freeze: 'F#',
  /** Failed logins of an identifier or address. */
  logins: 'A#',
  /** Failed logins and wrong sign-in codes in a row of an identity. */
  loginRow: 'L#',
  /** Mismatched pairs. */
  pairs: 'M#',
  /** Failed guesses in a row of an identity; its send registers, too, begin so. */
  guesses: 'J#',
  /** Send register of an identity over all its aliases. */
  identityRegister: (flow: FlowId) => `J#${flow}#` as const,
  /** SMS of a day to a country. */
  cap: 'K#',
  /** Recovery codes by SMS, sent and verified. */
  smsCount: 'Q#',
  /** A worker's lease on a row of the outbox. */
  lease: 'W#',
  /** The sentinel's mark on a record of the ledger's stream. */
  sentinel: 'W#sentinel#',
} as const

/** Of the identities. */
export const identityKeys = {
  identity: 'U#',
  /** Read in place of an unknown identity. */
  decoy: 'U#~decoy',
  email: 'E#',
  username: 'N#',
  phone: 'P#',
} as const

/** Of the seal. */
export const sealKeys = {
  /** Heads that moved. */
  moved: 'dirty#',
  /** Number and hash of the newest checkpoint. */
  checkpoint: 'checkpoint',
} as const
