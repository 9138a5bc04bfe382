/** The commands: what each takes and does. Read by the help, by the page of the command line in the docs, and before anything is asked. */
import type { ParseArgsOptionDescriptor } from 'node:util'

export interface OptionSpec extends ParseArgsOptionDescriptor {
  /** What stands behind it in the help; without it the option stands alone. */
  readonly value?: string
  readonly does: string
}

export interface Spec {
  /** Words that must be given, as they stand in the help. */
  readonly words: readonly string[]
  readonly options?: Readonly<Record<string, OptionSpec>>
  readonly does: string
  /** `files`: works offline. `api`: asks the admin routes, and needs their address alone. `services`: asks AWS itself. */
  readonly needs: 'files' | 'api' | 'services'
  /** The option with which it works offline all the same. */
  readonly offlineWith?: string
  /** Role of infra/people.ts that may do it. */
  readonly role?: 'auditor' | 'support' | 'operator' | 'importer'
}

const reason = {
  reason: { type: 'string', value: 'TEXT', does: 'why, for the entry of the ledger' },
} as const
const publicKey = {
  'public-key': { type: 'string', value: 'FILE', does: 'a key from outside, in place of the one beside' },
} as const
const act = { words: ['WHO'], options: reason, needs: 'api', role: 'support' } as const

export const specs = {
  'identity find': {
    words: ['WHO'],
    does: 'print the userId of a person: by email, phone, username, userId, or the reference in a notice',
    needs: 'api',
    role: 'support',
  },
  'identity show': {
    words: ['WHO'],
    does: 'say in words how a person stands: status, freezes, locks, MFA, the last code and whether it went',
    needs: 'api',
    role: 'support',
  },
  'identity unlock': { ...act, does: 'lift freezes, limits and the PIN lock' },
  'identity require-reset': {
    ...act,
    does: 'make the password unusable until it is reset; ends all sessions',
  },
  'identity suspend': { ...act, does: 'suspend a person; ends all sessions' },
  'identity resume': { ...act, does: 'make a suspended person active again' },
  'identity sign-out': { ...act, does: 'end all sessions of a person' },
  'identity erase': { ...act, does: 'erase what is personal, and free the identifiers; cannot be undone' },
  sessions: { words: ['WHO'], does: 'list the live sessions of a person', needs: 'api', role: 'support' },
  console: {
    words: [],
    options: {
      port: { type: 'string', value: 'PORT', does: 'port on 127.0.0.1; without it one that is free' },
    },
    does: 'serve the support page on this machine, with your credentials: find, see, unlock, suspend, sign out',
    needs: 'api',
    role: 'support',
  },
  'ledger export': {
    words: ['DIR'],
    does: 'write the whole ledger as files that anyone can verify',
    needs: 'services',
    role: 'auditor',
  },
  'ledger verify': {
    words: ['DIR'],
    options: {
      checkpoint: {
        type: 'string',
        value: 'FILE',
        does: 'a line of checkpoints.ndjson that was kept outside',
      },
      ...publicKey,
    },
    does: 'check an export, or a copy of the bucket that "aws s3 sync" made, offline, also against what was kept outside',
    needs: 'files',
  },
  'ledger archive': {
    words: [],
    does: 'keep all entries beside the checkpoints, under their lock: once after an upgrade from a version that did not, and where "ledger verify" misses some in a copy of the bucket',
    needs: 'services',
    role: 'operator',
  },
  'ledger seal': { words: [], does: 'make a checkpoint now', needs: 'services', role: 'operator' },
  'ledger show': {
    words: ['USER_ID'],
    does: 'print what happened to one identity; in place of USER_ID the reference in a message (role "support" too)',
    needs: 'services',
    role: 'auditor',
  },
  'ledger receipt': {
    words: ['USER_ID', 'SEQ'],
    options: { out: { type: 'string', value: 'FILE', does: 'where to; receipt-USER_ID-SEQ.json' } },
    does: 'write a file that proves one entry; in place of SEQ its id, or the reference in a message',
    needs: 'services',
    role: 'auditor',
  },
  'ledger verify-receipt': {
    words: ['FILE'],
    options: publicKey,
    does: 'check such a file, offline',
    needs: 'files',
  },
  tail: {
    words: [],
    options: {
      type: { type: 'string', value: 'T', does: 'entries of this type alone, such as CODE_NOT_SENT' },
    },
    does: 'print entries of all people as they come, until it is ended',
    needs: 'services',
    role: 'auditor',
  },
  import: {
    words: ['FILE'],
    options: {
      source: {
        type: 'string',
        value: 'NAME',
        does: 'an export as it is: auth0, firebase, keycloak, cognito, supabase, clerk, wordpress, django, better-auth',
      },
      'hash-config': {
        type: 'string',
        value: 'FILE',
        does: 'what a scheme needs beside the hash, such as the JSON that Firebase shows, or {"pepper": "..."} of Devise',
      },
      country: { type: 'string', value: 'CC', does: 'of phone numbers that are written as at home' },
      'leave-out': {
        type: 'string',
        multiple: true,
        value: 'FIELDS',
        does: 'optional fields that are left out where they are bad or taken, in place of the person',
      },
      'ignore-unknown': { type: 'boolean', does: 'passes over columns that mean nothing here' },
      'without-unusable-hashes': {
        type: 'boolean',
        does: 'registers people whose hash cannot be used without it: they set a password by code',
      },
      'dry-run': {
        type: 'boolean',
        does: 'says what would come of it; needs no services and writes nothing',
      },
      update: { type: 'boolean', does: 'changes who is registered already' },
    },
    does: 'register identities from NDJSON, CSV or one JSON document, with their hashes; goes on where it was cut off',
    needs: 'services',
    offlineWith: 'dry-run',
    role: 'importer',
  },
  redrive: {
    words: [],
    does: 'put events and messages before the workers again that were left over',
    needs: 'services',
    role: 'operator',
  },
  'dead-letters list': {
    words: [],
    does: 'print what the workers gave up: which records, when and why; never their content',
    needs: 'services',
    role: 'operator',
  },
  'dead-letters drop': {
    words: [],
    does: 'empty the dead-letter queues: after the cause is gone and "latchkey redrive" was run',
    needs: 'services',
    role: 'operator',
  },
  'sms pause': {
    words: ['COUNTRY'],
    options: reason,
    does: 'send no SMS to a country, such as EG, for a week or until it is resumed; acts at once',
    needs: 'services',
    role: 'operator',
  },
  'sms resume': {
    words: ['COUNTRY'],
    options: reason,
    does: 'send SMS to a country again',
    needs: 'services',
    role: 'operator',
  },
  'sms floor': {
    words: ['COUNTRY', 'NUMBER'],
    options: reason,
    does: 'let so many recovery codes a day to a country stay unverified before the breaker pauses them, for a week; acts within a minute',
    needs: 'services',
    role: 'operator',
  },
  'flow stop': {
    words: ['FLOW'],
    options: reason,
    does: 'let the routes of a flow, such as pin-reset, answer 503 to everybody until it is started; acts within a minute',
    needs: 'services',
    role: 'operator',
  },
  'flow start': {
    words: ['FLOW'],
    options: reason,
    does: 'let a stopped flow go on',
    needs: 'services',
    role: 'operator',
  },
  keys: {
    words: [],
    does: 'tell for each key what is stored under it, which must stay enabled then, and how many imported hashes are left',
    needs: 'services',
    role: 'operator',
  },
  doctor: {
    words: [],
    does: 'say what is wrong with a stage, and what to do; exit code 1 where something is',
    needs: 'services',
    role: 'operator',
  },
  'sms-templates': {
    words: ['LANGUAGE'],
    options: {
      product: {
        type: 'string',
        value: 'NAME',
        does: 'name of the product; from the settings where it is not given',
      },
      host: {
        type: 'string',
        value: 'HOST',
        does: 'host of the pages; from the settings where it is not given',
      },
      texts: {
        type: 'string',
        value: 'DIR',
        does: 'folder of your own texts, as the setting "texts" of the stage names it',
      },
    },
    does: 'print each text that goes by SMS as operators register it (India)',
    needs: 'files',
  },
  texts: {
    words: ['LANGUAGE'],
    options: { pages: { type: 'boolean', does: 'those of the hosted pages, in place of those of messages' } },
    does: 'print every text by its key, to write some of them anew (setting "texts" of the stage)',
    needs: 'files',
  },
} as const satisfies Readonly<Record<string, Spec>>

export type CommandName = keyof typeof specs

/** The specification of a command, with the columns' general types. */
export const specOf = (name: CommandName): Spec => specs[name]
