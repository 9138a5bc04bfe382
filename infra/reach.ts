/**
 * What a role could do if it turned: whoever had its credentials could make any call that its rights allow, in any order.
 * Computed from `access.ts`, so that the threat model cannot promise more than is granted.
 */
import { type Flow, type FlowId, flows } from '../shared/contract/flows.ts'
import { identityKeys, challengeKeys as key } from '../shared/stores/keys.ts'
import type { TableId } from '../shared/tables.ts'
import { access } from './access.ts'
import type { KeyId } from './config.ts'
import { rightsOn } from './judge.ts'
import { people } from './people-access.ts'
import type { Access, KeyAction, TableAction, TableRight } from './rights.ts'

/** Whether a right reaches some items whose keys begin so. */
const reaches = ({ prefixes }: TableRight, prefix: string) =>
  prefixes === undefined || prefixes.some((own) => own.startsWith(prefix) || prefix.startsWith(own))

function has(
  access: Access,
  table: TableId,
  prefix: string,
  actions: readonly TableAction[],
  attribute?: string,
): boolean {
  return rightsOn(access, table).some(
    (right) =>
      right.actions.some((action) => actions.includes(action)) &&
      reaches(right, prefix) &&
      (attribute === undefined || right.attributes === undefined || right.attributes.includes(attribute)),
  )
}

/** Can make or change an item so that it holds what the role chooses in an attribute. */
const writes = (access: Access, table: TableId, prefix: string, attribute: string) =>
  has(access, table, prefix, ['PutItem', 'UpdateItem'], attribute)
const deletes = (access: Access, table: TableId, prefix: string) => has(access, table, prefix, ['DeleteItem'])
/** A write gives back what it met, unless its right is blind. */
const reads = (access: Access, table: TableId, prefix: string) =>
  rightsOn(access, table).some((right) => right.blind !== true && reaches(right, prefix))
const uses = (access: Access, id: KeyId, action: KeyAction) =>
  (access.keys?.[id] as readonly KeyAction[] | undefined)?.includes(action) === true

const allFlows = Object.keys(flows) as FlowId[]
const flowIds = (test: (flow: Flow) => boolean) =>
  (Object.entries(flows) as [FlowId, Flow][]).filter(([, flow]) => test(flow)).map(([id]) => id)
/** A code is proved by a key pair that KMS vouches for: who can have it vouched for and stores a proof knows the code of anyone. */
const forgesCode = (access: Access, ids: readonly FlowId[]) =>
  uses(access, 'code', 'GenerateMac') &&
  ids.some((id) => writes(access, 'challenges', key.challenge(id), 'codeMac'))
/** Whoever has the cover of an hour, or may have a MAC of before verified, and reads the proof can try all codes. */
const searchesCode = (access: Access, ids: readonly FlowId[]) =>
  (uses(access, 'code-cover', 'GenerateMac') || uses(access, 'code', 'VerifyMac')) &&
  ids.some((id) => reads(access, 'challenges', key.challenge(id)))
/** A secret is sealed by the credential key to its owner: a copied seal is worth nothing. */
const replaces = (access: Access, secret: 'password' | 'pin') =>
  uses(access, 'credential', 'GenerateMac') && writes(access, 'identities', identityKeys.identity, secret)

interface Capability {
  /** After 'could'. */
  readonly what: string
  readonly can: (access: Access) => boolean
}

/** Each of them alone takes over the account of anyone, without anything of theirs. */
const takeovers = {
  password: { what: 'replace the password of anyone', can: (access) => replaces(access, 'password') },
  session: {
    what: 'open a session as anyone',
    can: (access) => writes(access, 'sessions', '', 'secretHash'),
  },
  code: {
    what: 'forge a code that resets a password or signs in',
    can: (access) =>
      forgesCode(
        access,
        flowIds((flow) => flow.resets === 'password' || flow.opensSession),
      ),
  },
  search: {
    what: 'find out a code that was sent, by trying all of them while it lives',
    can: (access) =>
      searchesCode(
        access,
        flowIds((flow) => flow.resets === 'password' || flow.opensSession),
      ),
  },
  /** A token counts by the MAC of its code, which it carries. */
  token: {
    what: 'forge a reset token',
    can: (access) =>
      uses(access, 'code', 'GenerateMac') && writes(access, 'challenges', key.verified, 'codeMac'),
  },
  address: {
    what: 'put an address of its own on an identity, and ask for a code',
    can: (access) =>
      ['email', 'phone'].some((name) => writes(access, 'identities', `${identityKeys.identity}u`, name)),
  },
} as const satisfies Record<string, Capability>

const limitsKept = [
  ...[key.freeze, key.logins, key.pairs, key.guesses, key.loginStreaks],
  ...allFlows.map(key.source),
]

/** What does harm, but gives no account away. */
const harms = {
  pin: { what: 'replace the PIN of anyone', can: (access) => replaces(access, 'pin') },
  pinCode: {
    what: 'forge a code that resets a PIN',
    can: (access) =>
      forgesCode(
        access,
        flowIds((flow) => flow.resets === 'pin'),
      ),
  },
  lift: {
    what: 'give a session factors that nobody proved',
    can: (access) =>
      writes(access, 'sessions', '', 'factors') ||
      searchesCode(
        access,
        flowIds((flow) => flow === flows['step-up']),
      ),
  },
  link: {
    what: "forge a link of 'It was not me'",
    can: (access) => uses(access, 'link', 'GenerateMac') && writes(access, 'challenges', key.grant, 'mac'),
  },
  guess: {
    what: 'test guesses at passwords and PINs, a KMS call each',
    can: (access) =>
      uses(access, 'credential', 'GenerateMac') && reads(access, 'identities', identityKeys.identity),
  },
  lock: {
    what: 'suspend anyone, void sessions and codes or bring voided ones back',
    can: (access) =>
      ['credentialEpoch', 'status', 'resetRequired'].some((name) =>
        writes(access, 'identities', `${identityKeys.identity}u`, name),
      ) || deletes(access, 'identities', identityKeys.identity),
  },
  end: { what: 'end sessions', can: (access) => deletes(access, 'sessions', '') },
  unlimited: {
    what: 'lift limits and freezes, or set them',
    can: (access) =>
      limitsKept.some(
        (prefix) =>
          writes(access, 'challenges', prefix, 'frozenUntil') || deletes(access, 'challenges', prefix),
      ) || writes(access, 'identities', `${identityKeys.identity}u`, 'recoveryFrozenUntil'),
  },
  burn: {
    what: 'spoil codes that are on their way',
    can: (access) =>
      allFlows.some(
        (id) =>
          writes(access, 'challenges', key.challenge(id), 'state') ||
          deletes(access, 'challenges', key.challenge(id)),
      ),
  },
  consent: {
    what: 'invent consents',
    can: (access) => writes(access, 'identities', `${identityKeys.identity}u`, 'consents'),
  },
  send: { what: 'send any text to any address', can: (access) => (access.sends?.length ?? 0) > 0 },
  message: {
    what: 'have messages sent, texts of the catalogue',
    can: (access) => writes(access, 'notices', '', 'message'),
  },
  order: { what: 'have codes sent', can: (access) => writes(access, 'outbox', '', 'order') },
  pause: {
    what: 'pause SMS to a country',
    can: (access) => writes(access, 'challenges', key.cap, 'pausedUntil'),
  },
  people: { what: 'list everybody', can: (access) => has(access, 'identities', '', ['Scan']) },
  identity: {
    what: 'read identities and addresses whose keys it knows',
    can: (access) => reads(access, 'identities', `${identityKeys.identity}u`),
  },
  challenges: {
    what: 'read challenges, which hold no code',
    can: (access) => allFlows.some((id) => reads(access, 'challenges', key.challenge(id))),
  },
  outbox: {
    what: 'read the outbox or the notices',
    can: (access) =>
      (['outbox', 'notices'] as const).some((table) => has(access, table, '', ['Scan', 'Query', 'GetItem'])),
  },
  event: { what: 'write false events', can: (access) => writes(access, 'outbox', '', 'event') },
  lose: {
    what: 'drop rows of the outbox, so lose events or orders of codes',
    can: (access) => deletes(access, 'outbox', ''),
  },
  untold: {
    what: 'drop notices, so leave people untold',
    can: (access) => deletes(access, 'notices', ''),
  },
  append: {
    what: 'append false entries to the ledger',
    can: (access) => has(access, 'ledger', '', ['PutItem']),
  },
  history: { what: 'read the ledger', can: (access) => has(access, 'ledger', '', ['Query', 'Scan']) },
  support: {
    what: 'find anyone, see their state and addresses, unlock, suspend, sign out, require a reset, erase: each act an entry under its ARN',
    can: (access) => (access.calls?.length ?? 0) > 0,
  },
  tell: { what: 'publish false events to the bus', can: (access) => access.publishes === true },
  sign: { what: 'sign false checkpoints', can: (access) => uses(access, 'checkpoint', 'Sign') },
} as const satisfies Record<string, Capability>

export type CapabilityId = keyof typeof takeovers | keyof typeof harms

const capabilities = Object.entries<Capability>({ ...takeovers, ...harms }) as [CapabilityId, Capability][]

/** What a role with these rights could do. */
export const reachOf = (access: Access): CapabilityId[] =>
  capabilities.filter(([, { can }]) => can(access)).map(([id]) => id)

/** All roles: functions, then people. */
export const roles = (): [name: string, access: Access][] => Object.entries<Access>({ ...access, ...people })

/** Names of the roles that could do it. */
export const whoCould = (id: CapabilityId): string[] =>
  roles()
    .filter(([, each]) => reachOf(each).includes(id))
    .map(([name]) => name)

export const isTakeover = (id: CapabilityId): boolean => id in takeovers
export const textOf = (id: CapabilityId): string => Object.fromEntries(capabilities)[id]?.what ?? id
