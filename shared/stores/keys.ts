/**
 * The one page of keys, for tables that hold several kinds of items: how the keys of each kind begin, whose items they may be,
 * and what an unlock and an erasure take. The stores write keys with these; rights end where they begin (`infra/access.ts`),
 * lifting and erasing follow them (`person-limits.ts`), and so does the table in docs/architecture.md, whose words are in
 * `docs/kinds.ts`.
 */
import { type Flow, type FlowId, flows } from '../contract/flows.ts'
import { subjectKey } from '../domain/subject.ts'
import type { Subject } from '../events.ts'

/** What the keys of a person's items are made of. */
export interface PersonKeys {
  readonly userId: string
  /** Every way to type this person. */
  readonly subjects: readonly Subject[]
  /** Subject keys of each identifier with the phone. */
  readonly pairs: readonly string[]
}

export type Key = { readonly pk: string }

/** What a kind of items is. */
interface Facts {
  /** What an unlock takes: the item, or of it what limits (send times and freeze). Nothing where it is not given. */
  readonly unlock?: 'item' | 'limits'
  /** What stands after the prefix in the items that may exist for a person. Erasing the person takes them. */
  readonly ofPerson?: (person: PersonKeys, flow?: FlowId) => readonly string[]
}

/** A kind of items. */
export interface Kind extends Facts {
  /** How its keys begin, whatever the flow. */
  readonly letter: string
  /** How its keys begin, in each flow that has it. */
  readonly prefixes: readonly string[]
  /** Keys of the items that may exist for a person. */
  readonly keysOf: (person: PersonKeys) => readonly string[]
}

const kind = <Parts extends readonly string[]>(prefix: string, facts: Facts = {}) => ({
  ...facts,
  letter: prefix,
  prefix,
  prefixes: [prefix],
  key: (...parts: Parts): Key => ({ pk: `${prefix}${parts.join('#')}` }),
  keysOf: (person: PersonKeys) => (facts.ofPerson?.(person) ?? []).map((rest) => `${prefix}${rest}`),
})

const allFlows = Object.keys(flows) as FlowId[]

/** A kind that each flow, or each of some, has its own of. */
function flowKind(letter: string, facts: Facts = {}, has: readonly FlowId[] = allFlows) {
  const prefix = (flow: FlowId) => `${letter}${flow}#`
  return {
    ...facts,
    letter,
    prefix,
    prefixes: has.map(prefix),
    key: (flow: FlowId, rest: string): Key => ({ pk: `${prefix(flow)}${rest}` }),
    keysOf: (person: PersonKeys) =>
      has.flatMap((flow) => (facts.ofPerson?.(person, flow) ?? []).map((rest) => `${prefix(flow)}${rest}`)),
  }
}

type One = readonly [value: string]

/** Kept for each way to type a person, and for the person as such; both are taken whole. */
const typed: Facts = { unlock: 'item', ofPerson: ({ subjects }) => subjects.map(subjectKey) }
const own: Facts = { unlock: 'item', ofPerson: ({ userId }) => [userId] }

/** The kinds of items in the challenges table. */
export const challengeKinds = {
  /** Newest challenge and send register of a flow and subject; of a sign-in, the challenge alone. */
  challenge: flowKind('C#', {
    unlock: 'limits',
    ofPerson: ({ subjects, pairs }, flow) =>
      flow && flows[flow].subject === 'pair' ? pairs : subjects.map(subjectKey),
  }),
  /** A VERIFIED challenge, with the hash of its reset token. */
  verified: kind<One>('V#'),
  /** A grant to disown a change. */
  grant: kind<One>('R#'),
  /** Send register of an address. */
  source: flowKind('I#'),
  /** Refused guesses of an address at nothing. */
  guessSource: kind<One>('I#guess#'),
  /** Failed guesses in a row of a typed subject. */
  freeze: kind<One>('F#', typed),
  /** Failed logins of an identifier. */
  logins: kind<One>('A#', typed),
  /** Failed logins of an address. */
  loginSource: kind<One>('A#ip#'),
  /** Refused new passwords behind a session. */
  refusedSecrets: kind<One>('A#new-secret#', own),
  /** Mismatched pairs of an identifier or phone. */
  pairs: kind<One>('M#', typed),
  /** Mismatched pairs of an address. */
  pairSource: kind<One>('M#ip#'),
  /** Failed guesses in a row of an identity. */
  guesses: kind<One>('J#', own),
  /** Send register of an identity over all its aliases. */
  identityRegister: flowKind('J#', own),
  /** Failed logins and wrong sign-in codes in a row of an identity. */
  loginStreaks: kind<One>('L#', own),
  /** Send register of an identity, where each challenge has an item of its own. */
  ownRegister: flowKind(
    'B#',
    own,
    allFlows.filter((flow) => (flows[flow] as Flow).opensSession),
  ),
  /** SMS of a day to a country. */
  cap: kind<readonly [day: string, cap: string, country: string]>('K#'),
  /** Recovery codes by SMS, sent and verified. */
  smsCount: kind<readonly [day: string, country: string, shard: string]>('Q#'),
  /** What leads from the reference in a notice to whom it was sent to. */
  reference: kind<One>('N#'),
  /** A worker's lease on a notice. */
  lease: kind<One>('W#'),
  /** The sentinel's mark on a record of the ledger's stream. */
  sentinel: kind<One>('W#sentinel#'),
} as const

type Kinds = typeof challengeKinds
const kinds: readonly Kind[] = Object.values(challengeKinds)

/** How the keys of each kind begin: what rights end at. Of a flow's kinds, by the flow. */
export const challengeKeys = Object.fromEntries(
  Object.entries(challengeKinds).map(([name, { prefix }]) => [name, prefix]),
) as { readonly [Name in keyof Kinds]: Kinds[Name]['prefix'] }

/** What limits in an item that holds more: its send times, and that a guess at it froze. */
export const limitAttributes = ['frozenUntil', ...Array.from({ length: 10 }, (_, index) => `s${index + 1}`)]

const ofPerson = (unlock: 'item' | 'limits') =>
  kinds.filter((each) => each.ofPerson !== undefined && each.unlock === unlock)

/** Keys of the items that may exist for a person, by what an unlock takes of them. An erasure takes all. */
export const keysOfPerson = (person: PersonKeys, unlock: 'item' | 'limits'): string[] =>
  ofPerson(unlock).flatMap(({ keysOf }) => keysOf(person))

/** How those keys begin. One that begins as a shorter one does is not named apart. */
export function prefixesOfPerson(unlock: 'item' | 'limits'): string[] {
  const all = ofPerson(unlock).flatMap(({ prefixes }) => prefixes)
  return all.filter((prefix) => !all.some((other) => other !== prefix && prefix.startsWith(other)))
}

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
