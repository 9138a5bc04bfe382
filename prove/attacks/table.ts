/**
 * The attacks that the design names by their cause. Each has the smallest edit of the source that makes the product
 * naive against it, and the test that must then fail. An edit whose text is no longer in the source is an error.
 */

/** Text that stands exactly once in the file, and what takes its place. */
export interface Edit {
  readonly file: string
  readonly search: string
  readonly replace: string
}

export interface TestName {
  readonly file: string
  /** As it stands in the source, placeholders of `test.each` included. */
  readonly title: string
}

export interface Attack {
  /** What the attacker does. */
  readonly name: string
  /** What the naive version gets wrong. */
  readonly naive: string
  readonly edits: readonly Edit[]
  readonly tests: readonly TestName[]
}

const requestIdAsCallId: Edit = {
  file: 'shared/edge/call.ts',
  search: 'const callId = newId()',
  replace: 'const callId = event.requestContext.requestId',
}
const token = "ClientRequestToken: randomBytes(16).toString('hex'),"
const requestIds = 'test/edge/request-id.test.ts'
const identifiers = 'test/guarantees/attacks-on-identifiers.test.ts'
const recovery = 'test/guarantees/attacks-on-recovery.test.ts'
const storedValues = 'test/guarantees/attacks-on-stored-values.test.ts'

const replays: readonly Attack[] = [
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
          "ClientRequestToken: String(writes.map((write) => write.Put?.Item?.['sk']).find((sk) => sk !== undefined) ?? randomBytes(16).toString('hex')).replaceAll(/[^a-z0-9]/gi, '').padStart(32, '0').slice(-32),",
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

const budgets: readonly Attack[] = [
  {
    name: 'freezing somebody by calls without a live challenge',
    naive: 'every refused code counts as a failed guess',
    edits: [
      {
        file: 'shared/steps/guess.ts',
        search: 'const event = call.event(failure(guess, reason, challenge))\n',
        replace: `if (reason !== 'frozen')
    return refuseWrong(call, guess, challenge ?? ({ pk: 'none', challengeId: 'none' } as Challenge))
  const event = call.event(failure(guess, reason, challenge))
`,
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
        search: "  if (flow.subject === 'identity') return []\n  const limit",
        replace: '  if (owner) return []\n  const limit',
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
        file: 'shared/steps/pair.ts',
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

const addresses: readonly Attack[] = [
  {
    name: 'a code sent to an address that has since changed',
    naive: 'a change of address leaves codes alive, and a reset does not look where the code went',
    edits: [
      {
        file: 'shared/steps/put-identity.ts',
        search: "const epochFields = ['email', 'username', 'phone', 'passwordHash', 'mfaEnabled'] as const",
        replace: "const epochFields = ['username', 'passwordHash', 'mfaEnabled'] as const",
      },
      {
        file: 'shared/steps/proof.ts',
        search: 'addressOf(identity, challenge.channel) === challenge.address',
        replace: "addressOf(identity, challenge.channel) !== ''",
      },
    ],
    tests: [{ file: recovery, title: 'a change of address between code and reset makes the code void' }],
  },
  {
    name: 'a code on its way to an address that changes between two tries',
    naive: 'the code goes to the address of the moment, not to the one it was bound to',
    edits: [
      {
        file: 'shared/delivery/codes.ts',
        search: "if (bound.bound === 'before' && bound.address !== address)",
        replace: "if (bound.bound === 'before' && bound.address === '')",
      },
    ],
    tests: [
      {
        file: 'test/workers/deliver.limits.test.ts',
        title: 'a phone that changed between two tries is sent nothing, neither the old one nor the new',
      },
    ],
  },
  {
    name: 'one stolen SIM as both factors: reset and sign-in code by SMS',
    naive: 'the sign-in code after a reset by SMS goes by SMS too',
    edits: [
      {
        file: 'shared/domain/identity.ts',
        search: "return identity.signInCodeByEmail && identity.email !== undefined ? 'email' : 'sms'",
        replace: "return identity.userId === '' ? 'email' : 'sms'",
      },
    ],
    tests: [
      {
        file: 'test/flows/password-two-factor.test.ts',
        title:
          'after a reset by SMS the sign-in code of one who needs it goes by email, until one sign-in succeeds',
      },
    ],
  },
  {
    name: 'one stolen SIM as both factors: an account without an email',
    naive: 'a reset code by SMS for an account whose sign-in code can go by SMS alone',
    edits: [
      {
        file: 'shared/domain/sendable.ts',
        search: "return not('mfa_without_email')",
        replace: "if (identity.userId === '') return not('mfa_without_email')",
      },
    ],
    tests: [
      {
        file: 'test/unit/sendable.test.ts',
        title: 'of a pair is not sent where the sign-in code would go to the same SIM',
      },
    ],
  },
  {
    name: 'a username that equals the email or phone of another',
    naive: 'a username may hold what emails and phones are made of',
    edits: [
      {
        file: 'shared/contract/schemas.ts',
        search: 'const usernamePattern = /^[a-z0-9._-]{3,64}$/',
        replace: 'const usernamePattern = /^[a-z0-9._@+-]{3,64}$/',
      },
      {
        file: 'shared/contract/schemas.ts',
        search: 'usernamePattern.test(username) && !/^[0-9]+$/.test(username)',
        replace: 'usernamePattern.test(username)',
      },
    ],
    tests: [{ file: identifiers, title: 'no username is the %s of another' }],
  },
]

const values: readonly Attack[] = [
  {
    name: 'a seal copied to another person’s item',
    naive: 'the MAC of a password or PIN does not say whose it is',
    edits: [
      {
        file: 'shared/crypto/sealed.ts',
        search: 'generateMac(keyId, use, [userId, digest])',
        replace: 'generateMac(keyId, use, [digest])',
      },
    ],
    tests: [
      {
        file: storedValues,
        title: 'the seal of a known password, copied to another person, signs nobody in as them',
      },
      {
        file: storedValues,
        title: 'the seal of a known PIN, copied to another person, proves nothing there',
      },
    ],
  },
  {
    name: 'a code’s MAC copied to another person’s challenge',
    naive: 'the MAC of a code does not say which challenge it is of',
    edits: [
      {
        file: 'shared/crypto/codes.ts',
        search: "generateMac(keyId, 'code', [challengeId, flow, subject, code])",
        replace: "generateMac(keyId, 'code', [code])",
      },
    ],
    tests: [
      {
        file: storedValues,
        title: 'the MAC of a known code, copied to the challenge of another person, proves nothing there',
      },
    ],
  },
  {
    name: 'a whole challenge copied to the place of another person’s',
    naive: 'the MAC of a code does not say whose it is',
    edits: [
      {
        file: 'shared/crypto/codes.ts',
        search: "generateMac(keyId, 'code', [challengeId, flow, subject, code])",
        replace: "generateMac(keyId, 'code', [challengeId, code])",
      },
    ],
    tests: [
      {
        file: storedValues,
        title: 'a whole challenge, copied to the place of another person’s, does not reset their password',
      },
    ],
  },
  {
    name: 'a breach look-up by anyone without a code',
    naive: 'the new password is looked up before the code is judged',
    edits: [
      {
        file: 'functions/reset-password.ts',
        search: "import { flowOf } from '#shared/contract/flows.ts'",
        replace:
          "import { flowOf } from '#shared/contract/flows.ts'\nimport { checkBreached } from '#shared/crypto/breach.ts'",
      },
      {
        file: 'functions/reset-password.ts',
        search: "const proof = await proveReset(call, subject, 'PASSWORD_RESET')",
        replace: `if (rule === 'enterprise' && (await checkBreached(body.newPassword)) === 'breached')
    return refuse('PASSWORD_BREACHED')
  const proof = await proveReset(call, subject, 'PASSWORD_RESET')`,
      },
    ],
    tests: [
      {
        file: recovery,
        title: 'nobody looks a password up among the breached ones without a right code or token',
      },
    ],
  },
  {
    name: 'the cost of a bcrypt hash as an oracle at sign-in',
    naive: 'login answers as soon as it has compared',
    edits: [
      { file: 'functions/login.ts', search: '{ floorMs: () => settings().LOGIN_FLOOR_MS },', replace: '{},' },
    ],
    tests: [
      {
        file: 'test/guarantees/attacks-on-timing.test.ts',
        title: 'the cost of an imported hash does not show at sign-in: all answers wait for the same floor',
      },
    ],
  },
]

export const attacks: readonly Attack[] = [...replays, ...budgets, ...addresses, ...values]

/** What honest people do works in the naive version too: it is naive, not broken. */
export const honest: TestName = {
  file: 'test/flows/password-email-basic.test.ts',
  title: 'the whole flow: forgot, verify, reset with the same code, sign in',
}
