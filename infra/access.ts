/**
 * What each function may do: the whole list, by table, key and service. The stacks grant nothing else.
 * The items of a transaction are allowed one by one: Put, Update, Delete and ConditionCheck each by its own action.
 */
import type { TableId } from '../shared/tables.ts'
import type { KeyId } from './config.ts'
import type { FunctionId, PersonId } from './roles.ts'

export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'Scan'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem'
  /** Tells which table it is, and nothing of what is in it. */
  | 'DescribeTable'
export type KeyAction = 'GenerateMac' | 'VerifyMac' | 'Sign' | 'GetPublicKey'
export type BucketAction = 'GetObject' | 'PutObject' | 'PutObjectRetention' | 'ListBucket'

export interface Access {
  readonly tables?: Readonly<Partial<Record<TableId, readonly TableAction[]>>>
  readonly keys?: Readonly<Partial<Record<KeyId, readonly KeyAction[]>>>
  readonly bucket?: readonly BucketAction[]
  readonly sends?: readonly ('email' | 'sms')[]
  /** Runs argon2 and bcrypt: ships their native binaries and has a whole processor. */
  readonly hashes?: true
}

const mac = ['GenerateMac'] as const
/** Judges a MAC without being able to make one. */
const judge = ['VerifyMac'] as const
/** Events and messages are only ever put; the workers take them away. */
const outbox = ['PutItem'] as const
/** Every session route reads session and identity in one call, and notes the use once a minute. */
const session = { sessions: ['BatchGetItem', 'UpdateItem'], identities: ['BatchGetItem'] } as const

export const access = {
  'request-code': { tables: { challenges: ['UpdateItem', 'ConditionCheckItem'], outbox } },
  'request-code-for-pair': {
    tables: {
      identities: ['BatchGetItem', 'GetItem'],
      challenges: ['BatchGetItem', 'UpdateItem', 'ConditionCheckItem'],
      outbox,
    },
  },
  'verify-identity': {
    tables: {
      identities: ['BatchGetItem', 'GetItem'],
      challenges: ['BatchGetItem', 'UpdateItem', 'ConditionCheckItem'],
      outbox,
    },
  },
  'verify-code': {
    tables: {
      challenges: ['PutItem', 'UpdateItem', 'ConditionCheckItem'],
      identities: ['ConditionCheckItem'],
      outbox,
    },
    keys: { code: judge },
  },
  'reset-password': {
    tables: {
      challenges: ['UpdateItem', 'ConditionCheckItem'],
      identities: ['GetItem', 'UpdateItem'],
      outbox,
    },
    keys: { code: judge, credential: mac },
    hashes: true,
  },
  'reset-pin': {
    tables: {
      challenges: ['UpdateItem', 'ConditionCheckItem'],
      identities: ['GetItem', 'UpdateItem'],
      outbox,
    },
    keys: { code: judge, credential: mac },
    hashes: true,
  },
  'not-me': {
    tables: { challenges: ['UpdateItem'], identities: ['GetItem', 'UpdateItem'], outbox },
    keys: { link: mac },
  },
  'set-pin': {
    tables: { ...session, identities: ['BatchGetItem', 'UpdateItem'], outbox },
    keys: { credential: mac },
    hashes: true,
  },
  'verify-pin': {
    tables: { ...session, identities: ['BatchGetItem', 'UpdateItem'], outbox },
    keys: { credential: mac },
    hashes: true,
  },
  'accept-consent': {
    tables: { ...session, identities: ['BatchGetItem', 'GetItem', 'UpdateItem'], outbox },
  },
  'request-step-up': {
    tables: { ...session, challenges: ['UpdateItem', 'ConditionCheckItem'], outbox },
  },
  'verify-step-up': {
    tables: {
      ...session,
      identities: ['BatchGetItem', 'ConditionCheckItem'],
      challenges: ['UpdateItem', 'ConditionCheckItem'],
      outbox,
    },
    keys: { code: judge },
  },
  login: {
    tables: {
      identities: ['BatchGetItem', 'UpdateItem', 'ConditionCheckItem'],
      challenges: ['BatchGetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
      sessions: ['PutItem'],
      outbox,
    },
    keys: { credential: mac },
    hashes: true,
  },
  'verify-login': {
    tables: {
      identities: ['GetItem', 'UpdateItem', 'ConditionCheckItem'],
      challenges: ['UpdateItem', 'ConditionCheckItem'],
      sessions: ['PutItem'],
      outbox,
    },
    keys: { code: judge },
  },
  'get-session': { tables: session },
  logout: {
    tables: {
      sessions: ['BatchGetItem', 'UpdateItem', 'DeleteItem'],
      identities: ['BatchGetItem', 'UpdateItem'],
      outbox,
    },
  },
  'list-sessions': { tables: { ...session, sessions: ['BatchGetItem', 'UpdateItem', 'Query'] } },
  'end-session': { tables: { ...session, sessions: ['BatchGetItem', 'UpdateItem', 'DeleteItem'], outbox } },
  'change-password': {
    tables: {
      ...session,
      identities: ['BatchGetItem', 'UpdateItem'],
      challenges: ['BatchGetItem', 'UpdateItem', 'ConditionCheckItem'],
      outbox,
    },
    keys: { credential: mac },
    hashes: true,
  },
  'put-identity': {
    tables: { identities: ['GetItem', 'PutItem', 'DeleteItem'], outbox },
    keys: { credential: mac },
  },
  'get-identity': { tables: { identities: ['GetItem'] } },
  'delete-identity': {
    tables: {
      identities: ['GetItem', 'DeleteItem'],
      sessions: ['Query', 'DeleteItem'],
      challenges: ['DeleteItem'],
      outbox,
    },
  },
  'unlock-identity': {
    tables: { identities: ['GetItem', 'UpdateItem'], challenges: ['UpdateItem', 'DeleteItem'], outbox },
  },
  'require-reset': { tables: { identities: ['GetItem', 'UpdateItem'], outbox } },
  'read-ledger': { tables: { ledger: ['Query'] } },
  health: {},
  deliver: {
    tables: {
      identities: ['GetItem'],
      challenges: ['UpdateItem', 'ConditionCheckItem'],
      outbox: ['PutItem', 'DeleteItem'],
    },
    keys: { 'code-derive': mac, code: mac, link: mac },
    sends: ['email', 'sms'],
  },
  'append-ledger': {
    tables: {
      identities: ['GetItem'],
      challenges: ['GetItem', 'PutItem', 'UpdateItem'],
      outbox: ['PutItem', 'DeleteItem'],
      ledger: ['Query', 'PutItem'],
      seal: ['UpdateItem'],
    },
    keys: { pseudonym: mac },
  },
  'seal-ledger': {
    tables: { seal: ['GetItem', 'Query', 'UpdateItem', 'DeleteItem'] },
    keys: { checkpoint: ['Sign', 'GetPublicKey'] },
    bucket: ['GetObject', 'PutObject', 'PutObjectRetention', 'ListBucket'],
  },
  sentinel: { tables: { challenges: ['PutItem'], outbox } },
  'sweep-outbox': { tables: { outbox: ['Scan', 'UpdateItem'] } },
  'watch-sms': { tables: { challenges: ['BatchGetItem', 'UpdateItem'] } },
  'put-decoy': { tables: { identities: ['PutItem'] } },
} as const satisfies Record<FunctionId, Access>

/** What people may do with the command line, each through a role of their own. */
export const people = {
  /** `latchkey ledger export`, `show`, `receipt`: reads, and changes nothing. */
  auditor: {
    tables: { ledger: ['Query', 'Scan'], seal: ['GetItem'] },
    keys: { checkpoint: ['GetPublicKey'] },
    bucket: ['GetObject', 'ListBucket'],
  },
  /** `latchkey import`, `redrive` and `keys`. */
  operator: {
    tables: {
      identities: ['GetItem', 'Scan', 'PutItem', 'DeleteItem', 'DescribeTable'],
      outbox: ['Scan', 'PutItem', 'UpdateItem'],
    },
    keys: { credential: mac },
  },
} as const satisfies Record<PersonId, Access>
