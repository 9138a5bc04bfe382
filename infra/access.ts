/**
 * What each function may do: the whole list, by table, key and service. The stacks grant nothing else, and the local stack
 * refuses everything else. One line a right: the actions, and how the keys of the items begin that they may be done to.
 * The items of a transaction are allowed one by one: Put, Update, Delete and ConditionCheck each by its own action.
 */
import type { FlowId } from '../shared/contract/flows.ts'
import { identityChain } from '../shared/ledger/chains.ts'
import {
  identityKeys,
  challengeKeys as key,
  limitAttributes,
  prefixesOfPerson,
  sealKeys,
} from '../shared/stores/keys.ts'
import { aliased, askedAt, every, freezing, guessedAt, signIns, spentAt } from './flow-sets.ts'
import { type Access, may, note, put, set } from './rights.ts'
import type { FunctionId } from './roles.ts'

export const mac = ['GenerateMac'] as const
/** Judges a code without being able to make one: has the hour's public key vouched for, and the cover by itself. */
const judgesCodes = { code: ['VerifyMac'], 'code-cover': mac } as const

const identity = [identityKeys.identity]
const identifiers = [identityKeys.email, identityKeys.username, identityKeys.phone]
export const known = [...identity, ...identifiers]

/** Each change of an identity is held to its state, and counted. */
const changed = (...attributes: string[]) =>
  set(['status', 'credentialEpoch', 'rev', 'updatedAt', ...attributes], identity)
/** An admin's, which reads the identity and holds to its revision or birth instead. */
const administered = (...attributes: string[]) => [
  may(['GetItem'], identity),
  set(['rev', 'updatedAt', ...attributes], identity),
]

/** Rows of the outbox are put; the workers take them away. What a row may hold says who may tell, ask for codes, or write. */
export const events = put(['createdAt', 'kind', 'event'])
const codes = put(['createdAt', 'kind', 'order'])
export const messages = put(['createdAt', 'kind', 'message'])

/** Every session route reads session and identity in one call, and notes the use once a minute. */
const session = {
  sessions: [may(['BatchGetItem']), note(['lastUsedAt'])],
  identities: [may(['BatchGetItem'], identity)],
}

/** Nobody who is frozen goes on; the first refusal of each freeze is noted. */
const notFrozen = [may(['ConditionCheckItem'], [key.freeze]), set(['noted'], [key.freeze])]
/** What asking for a code of these flows takes: the newest challenge, the address's register, nobody frozen, or a note of it. */
const asking = (asked: readonly FlowId[]) => [
  may(['UpdateItem'], [...asked.map(key.challenge), ...asked.map(key.source)]),
  ...(asked.some((flow) => freezing.includes(flow)) ? notFrozen : []),
]
/** What guessing at codes of these flows takes: the challenge, the address's register of guesses at nothing, and a streak. */
const guessing = (guessed: readonly FlowId[], streak?: string) => [
  may(['UpdateItem'], [...guessed.map(key.challenge), key.guessSource, ...(streak ? [streak] : [])]),
  ...(streak ? [may(['ConditionCheckItem'], [streak])] : []),
]
/** What a password given takes: failures by identifier and address, and in a row. */
const guessingPasswords = [
  may(['BatchGetItem', 'UpdateItem', 'ConditionCheckItem'], [key.logins, key.loginStreaks]),
]
/** A password that was replaced takes away what stands against signing in. */
const signInCleared = may(['DeleteItem'], [key.logins])
const guessingPairs = {
  identities: [may(['BatchGetItem'], identifiers.slice(0, 2)), may(['GetItem'], identity)],
  challenges: [may(['BatchGetItem', 'UpdateItem', 'ConditionCheckItem'], [key.pairs])],
}

export const access = {
  'request-code': { tables: { challenges: asking(askedAt('request-code')), outbox: [events, codes] } },
  'request-code-for-pair': {
    tables: {
      identities: guessingPairs.identities,
      challenges: [...guessingPairs.challenges, ...asking(askedAt('request-code-for-pair'))],
      outbox: [events, codes],
    },
  },
  'verify-identity': { tables: { ...guessingPairs, outbox: [events] } },
  'verify-code': {
    tables: {
      challenges: [...guessing(guessedAt('verify-code'), key.freeze), may(['PutItem'], [key.verified])],
      identities: [may(['ConditionCheckItem'], identity)],
      outbox: [events],
    },
    keys: judgesCodes,
  },
  'reset-password': {
    tables: {
      challenges: [
        ...guessing(guessedAt('reset-password'), key.freeze),
        may(['GetItem'], spentAt('reset-password').map(key.challenge)),
        signInCleared,
        may(['UpdateItem'], [key.verified, key.loginStreaks]),
        may(['BatchGetItem'], [key.loginStreaks]),
      ],
      identities: [
        may(['BatchGetItem'], identity),
        changed(
          ...['password', 'history', 'resetRequired', 'breachCheckDue'],
          ...['lastResetBy', 'signInCodeByEmail'],
        ),
      ],
      outbox: [events],
      notices: [messages],
    },
    keys: { ...judgesCodes, credential: mac },
    hashes: true,
  },
  'reset-pin': {
    tables: {
      // Looks for a verified code as all resets do, though none of its flow is ever verified apart.
      challenges: [
        ...guessing(guessedAt('reset-pin'), key.freeze),
        may(['GetItem'], spentAt('reset-pin').map(key.challenge)),
        may(['UpdateItem'], [key.verified]),
      ],
      identities: [may(['GetItem'], identity), changed('pin', 'pinFailures', 'pinResetRequired')],
      outbox: [events],
      notices: [messages],
    },
    keys: { ...judgesCodes, credential: mac },
    hashes: true,
  },
  'not-me': {
    tables: {
      challenges: [set(['expiresAt', 'presented', 'usedAt'], [key.grant])],
      identities: administered(
        ...['createdAt', 'credentialEpoch', 'sessionEpoch', 'recoveryFrozenUntil'],
        ...['resetRequired', 'pinResetRequired'],
      ),
      outbox: [events],
      notices: [messages],
    },
    keys: { link: mac },
  },
  'set-pin': {
    tables: {
      ...session,
      identities: [...session.identities, changed('sessionEpoch', 'pin', 'pinFailures')],
      outbox: [events],
      notices: [messages],
    },
    keys: { credential: mac },
    hashes: true,
  },
  'verify-pin': {
    tables: {
      sessions: [...session.sessions, set(['factors'])],
      identities: [
        ...session.identities,
        may(['ConditionCheckItem'], identity),
        changed('sessionEpoch', 'pin', 'pinFailures'),
      ],
      outbox: [events],
    },
    keys: { credential: mac },
    hashes: true,
  },
  'accept-consent': {
    tables: {
      ...session,
      identities: [...session.identities, may(['GetItem'], identity), changed('sessionEpoch', 'consents')],
      outbox: [events],
    },
  },
  'request-step-up': {
    tables: { ...session, challenges: asking(askedAt('request-step-up')), outbox: [events, codes] },
  },
  'verify-step-up': {
    tables: {
      sessions: [...session.sessions, set(['factors', 'wrongCodes']), may(['DeleteItem'])],
      identities: [...session.identities, may(['ConditionCheckItem'], identity)],
      challenges: guessing(guessedAt('verify-step-up')),
      outbox: [events],
    },
    keys: judgesCodes,
  },
  login: {
    tables: {
      identities: [
        may(['BatchGetItem'], known),
        may(['ConditionCheckItem'], identity),
        changed(
          ...['sessionEpoch', 'password', 'resetRequired', 'breachCheckDue'],
          ...['lastResetBy', 'signInCodeByEmail'],
        ),
      ],
      challenges: [
        ...guessingPasswords,
        may(['UpdateItem'], [...signIns.map(key.ownRegister), ...signIns.map(key.source)]),
        may(['PutItem'], signIns.map(key.challenge)),
      ],
      sessions: [may(['PutItem'])],
      outbox: [events, codes],
      notices: [messages],
    },
    keys: { credential: mac },
    hashes: true,
  },
  'verify-login': {
    tables: {
      identities: [
        may(['GetItem', 'ConditionCheckItem'], identity),
        changed('sessionEpoch', 'lastResetBy', 'signInCodeByEmail'),
      ],
      challenges: [
        ...guessing(guessedAt('verify-login'), key.loginStreaks),
        may(['GetItem'], signIns.map(key.ownRegister)),
      ],
      sessions: [may(['PutItem'])],
      outbox: [events],
      notices: [messages],
    },
    keys: judgesCodes,
  },
  'get-session': { tables: { ...session, ledger: [may(['Query'], [identityChain('')])] } },
  logout: {
    tables: {
      sessions: [...session.sessions, may(['DeleteItem'])],
      identities: [...session.identities, changed('sessionEpoch')],
      outbox: [events],
    },
  },
  'list-sessions': { tables: { ...session, sessions: [...session.sessions, may(['Query'])] } },
  'end-session': {
    tables: { ...session, sessions: [...session.sessions, may(['DeleteItem'])], outbox: [events] },
  },
  'change-password': {
    tables: {
      sessions: [...session.sessions, set(['credentialEpoch']), may(['DeleteItem'])],
      identities: [
        ...session.identities,
        changed(
          ...['sessionEpoch', 'password', 'history', 'resetRequired', 'breachCheckDue'],
          'signInCodeByEmail',
        ),
      ],
      challenges: [...guessingPasswords, signInCleared],
      outbox: [events],
      notices: [messages],
    },
    keys: { credential: mac },
    hashes: true,
  },
  'put-identity': {
    tables: {
      identities: [may(['GetItem', 'PutItem'], known), may(['DeleteItem'], identifiers)],
      outbox: [events],
      notices: [messages],
    },
    keys: { credential: mac },
  },
  'get-identity': { tables: { identities: [may(['GetItem'], identity)] } },
  'find-identity': {
    tables: {
      identities: [may(['GetItem'], known)],
      challenges: [may(['BatchGetItem'], [key.reference, key.lease])],
    },
  },
  'identity-state': {
    tables: {
      identities: [may(['GetItem'], identity)],
      challenges: [may(['BatchGetItem'], [key.freeze, key.guesses, key.loginStreaks, key.cap])],
      sessions: [may(['Query'])],
      ledger: [may(['Query'], [identityChain('')])],
      outbox: [events],
    },
  },
  'delete-identity': {
    tables: {
      identities: [may(['GetItem'], identity), may(['DeleteItem'], known)],
      sessions: [may(['Query', 'DeleteItem'])],
      challenges: [may(['DeleteItem'], [...prefixesOfPerson('item'), ...prefixesOfPerson('limits')])],
      outbox: [events],
    },
  },
  'unlock-identity': {
    tables: {
      identities: administered('recoveryFrozenUntil', 'pinFailures'),
      challenges: [
        may(['DeleteItem'], prefixesOfPerson('item')),
        set(['sweepAt', ...limitAttributes], prefixesOfPerson('limits')),
      ],
      outbox: [events],
    },
  },
  'require-reset': {
    tables: {
      identities: administered('credentialEpoch', 'resetRequired', 'breachCheckDue'),
      outbox: [events],
      notices: [messages],
    },
  },
  'introspect-session': { tables: session },
  'sign-out-identity': {
    tables: { identities: administered('sessionEpoch'), outbox: [events] },
  },
  'set-status': {
    tables: { identities: administered('status', 'credentialEpoch'), outbox: [events] },
  },
  'read-ledger': { tables: { ledger: [may(['Query'], [identityChain('')])] } },
  health: {},
  deliver: {
    tables: {
      identities: [may(['GetItem'], identifiers), may(['BatchGetItem'], identity)],
      challenges: [
        may(['UpdateItem'], [...every.map(key.challenge), ...aliased.map(key.identityRegister)]),
        may(['UpdateItem'], [key.cap]),
        may(['ConditionCheckItem'], every.map(key.challenge)),
        may(['BatchGetItem'], [key.guesses]),
      ],
      outbox: [
        may(['DeleteItem', 'ConditionCheckItem']),
        set(['kind', 'event', 'createdAt', 'order', 'redrivenAt']),
      ],
      // Those of the version before, which wrote them into the outbox.
      notices: [messages],
    },
    keys: { 'code-derive': mac, code: mac, 'code-cover': mac },
    sends: ['email', 'sms'],
  },
  notify: {
    tables: {
      identities: [may(['GetItem'], identity)],
      challenges: [may(['UpdateItem'], [key.lease, key.cap, key.grant, key.reference])],
      notices: [may(['DeleteItem', 'ConditionCheckItem'])],
    },
    keys: { link: mac },
    sends: ['email', 'sms'],
  },
  'append-ledger': {
    tables: {
      identities: [may(['GetItem'], known)],
      challenges: [may(['GetItem', 'PutItem'], [key.guesses]), may(['UpdateItem'], [key.smsCount])],
      outbox: [may(['DeleteItem'])],
      notices: [messages],
      ledger: [may(['Query', 'PutItem'])],
      seal: [may(['UpdateItem'], [sealKeys.moved])],
    },
    keys: { pseudonym: mac },
  },
  'seal-ledger': {
    tables: {
      seal: [
        may(['Query', 'DeleteItem'], [sealKeys.moved]),
        set(['sealed'], [sealKeys.moved]),
        may(['GetItem', 'UpdateItem'], [sealKeys.checkpoint]),
      ],
      // What a checkpoint seals, and all of it where the archive is made good.
      ledger: [may(['Query', 'Scan'])],
    },
    keys: { checkpoint: ['Sign', 'GetPublicKey'] },
    bucket: {
      checkpoints: ['GetObject', 'PutObject', 'PutObjectRetention'],
      entries: ['PutObject', 'PutObjectRetention'],
      itself: ['ListBucket'],
    },
  },
  sentinel: { tables: { challenges: [may(['PutItem'], [key.sentinel])], outbox: [events] } },
  'sweep-outbox': {
    tables: {
      outbox: [may(['Scan']), note(['redrivenAt'])],
      notices: [may(['Scan']), note(['redrivenAt'])],
    },
  },
  'watch-sms': {
    tables: {
      challenges: [
        may(['BatchGetItem'], [key.smsCount, key.cap]),
        note(['pausedUntil', 'sweepAt'], [key.cap]),
      ],
    },
  },
  publish: { publishes: true },
  authorize: { tables: session },
  // What it asks for it asks at the API, as anybody does (infra/canary.ts).
  canary: {},
  'put-decoy': { tables: { identities: [may(['PutItem'], [identityKeys.decoy])] } },
} as const satisfies Record<FunctionId, Access>
