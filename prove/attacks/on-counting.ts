/** Attacks on what is counted: replays, budgets, and limits met by many calls at once. */
import type { Attack, Edit } from './attack.ts'

const requestIdAsCallId: Edit = {
  file: 'shared/edge/request.ts',
  search: 'const callId = newId()',
  replace: 'const callId = event.requestContext.requestId',
}
const token = "ClientRequestToken: randomBytes(16).toString('hex'),"
const requestIds = 'test/edge/request-id.test.ts'
const identifiers = 'test/guarantees/attacks-on-identifiers.test.ts'
const oneReason = 'test/guarantees/g02-one-reason.test.ts'

export const replays: readonly Attack[] = [
  {
    name: 'many guesses under one request id of the client’s choice',
    naive: 'what counts a try once takes the client’s request id for a call’s own',
    edits: [requestIdAsCallId],
    tests: [
      { file: requestIds, title: 'guesses that all carry one request id are counted one by one' },
      {
        file: requestIds,
        title: 'requests that all carry one request id each reach the ledger and their person',
      },
    ],
  },
  {
    name: 'a replayed ClientRequestToken, made from the request id',
    naive: 'the token of a transaction is derived from the id that the client chose',
    edits: [
      requestIdAsCallId,
      {
        file: 'shared/stores/database.ts',
        search: token,
        replace:
          "ClientRequestToken: String(writes.map((write) => write.Put?.Item?.['sk']?.S).find((sk) => sk !== undefined) ?? randomBytes(16).toString('hex')).replaceAll(/[^a-z0-9]/gi, '').padStart(32, '0').slice(-32),",
      },
    ],
    tests: [
      { file: requestIds, title: 'wrong passwords that all carry one request id are counted one by one' },
    ],
  },
  {
    name: 'a replayed ClientRequestToken, made from the body',
    naive: 'the token of a transaction is a hash of what it writes',
    edits: [
      {
        file: 'shared/stores/database.ts',
        search: "import { randomBytes } from 'node:crypto'",
        replace: "import { createHash } from 'node:crypto'",
      },
      {
        file: 'shared/stores/database.ts',
        search: token,
        replace:
          "ClientRequestToken: createHash('sha256').update(JSON.stringify(writes)).digest('hex').slice(0, 32),",
      },
    ],
    tests: [
      {
        file: 'test/guarantees/database-conflicts.test.ts',
        title:
          'has 128 random bits as its token, others than any transaction before, though the body is the same',
      },
    ],
  },
]

export const budgets: readonly Attack[] = [
  {
    name: 'freezing somebody by calls without a live challenge',
    naive: 'every refused code counts as a failed guess',
    edits: [
      {
        file: 'shared/steps/refuse-guess.ts',
        search: 'return refuseUncountable(call, guess, why, met)',
        replace: "return refuseWrong(call, guess, met ?? ({ pk: 'none', challengeId: 'none' } as Challenge))",
      },
    ],
    tests: [
      {
        file: identifiers,
        title: 'nobody is frozen by guesses at codes that were never asked for, or are over',
      },
    ],
  },
  {
    name: 'an alias per budget',
    naive: 'codes are counted per typed subject alone',
    edits: [
      {
        file: 'shared/stores/deliveries.ts',
        search: "  if (flow.subject === 'identity') return []\n  const key",
        replace: '  if (owner) return []\n  const key',
      },
    ],
    tests: [
      {
        file: 'test/guarantees/g05-budgets.test.ts',
        title:
          'typing another alias gains nothing: all codes of an identity together stay within the budget of the hour',
      },
    ],
  },
  {
    name: 'mass identifiers against one phone',
    naive: 'mismatches are counted per identifier and address alone',
    edits: [
      {
        file: 'shared/stores/pairs.ts',
        search: 'limit: { count: policy.pairMismatchesPerPhone, windowMs },',
        replace: 'limit: { count: 100, windowMs },',
      },
    ],
    tests: [
      {
        file: identifiers,
        title: 'of many identifiers tried with one phone, each from an address of its own, five are answered',
      },
    ],
  },
  {
    name: 'IPv6 rotation inside a /64',
    naive: 'each IPv6 address is a source of its own',
    edits: [
      {
        file: 'shared/domain/source.ts',
        search: "if (!isIPv6(bare)) return 'unknown'",
        replace: "if (!isIPv6(bare)) return 'unknown'\n  if (bare) return bare",
      },
    ],
    tests: [
      {
        file: identifiers,
        title: 'an address that changes within its /64 asks for no more codes than one that stays',
      },
      {
        file: identifiers,
        title: 'an address that changes within its /64 guesses no more passwords than one that stays',
      },
    ],
  },
  {
    name: 'burning the owner’s tries',
    naive: 'one counter of tries, for whoever knows the email',
    edits: [
      {
        file: 'shared/domain/challenge.ts',
        search: "flowId === undefined ? 'triesOpen' : 'triesFlow'",
        replace: "flowId === '' ? 'triesFlow' : 'triesOpen'",
      },
    ],
    tests: [
      {
        file: 'test/guarantees/g02-counted-first.test.ts',
        title: 'a stranger who burns the tries without flowId leaves those of the owner',
      },
    ],
  },
]

export const refusals: readonly Attack[] = [
  {
    name: 'many passwords at once in a session that is ended meanwhile',
    naive: 'that the session has ended is told by itself, and before the limit on passwords is held to',
    edits: [
      {
        file: 'functions/change-password.ts',
        search: '    passwordLimits,\n  )\n  if (end.committed) return done',
        replace: '    [],\n  )\n  if (end.committed) return done',
      },
      {
        file: 'functions/change-password.ts',
        search: 'return ended ? refuseEnded(call, tried)',
        replace: "return ended ? refuse('SESSION_INVALID')",
      },
    ],
    tests: [
      {
        file: oneReason,
        title:
          'a right password past the limit, in a session that ended meanwhile, is answered like a wrong one',
      },
    ],
  },
  {
    name: 'many PINs at once in a session that is ended meanwhile',
    naive: 'a lock that DynamoDB does not name is taken for none',
    edits: [
      {
        file: 'functions/verify-pin.ts',
        search: "    ['pin'],\n",
        replace: '    [],\n',
      },
    ],
    tests: [
      {
        file: oneReason,
        title: 'a right PIN past the lock, in a session that ended meanwhile, is answered like a wrong one',
      },
    ],
  },
]
