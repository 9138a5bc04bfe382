/** Attacks on who somebody is: addresses, names, values copied, and what costs and times tell. */
import type { Attack } from './attack.ts'

const identifiers = 'test/guarantees/attacks-on-identifiers.test.ts'
const recovery = 'test/guarantees/attacks-on-recovery.test.ts'
const storedValues = 'test/guarantees/attacks-on-stored-values.test.ts'

/** What a code's MAC is over. */
const codeMacParts =
  ") => [challengeId, flow, subject, userId, String(epoch), channel, address, ref, sessionId ?? '', code]"

export const addresses: readonly Attack[] = [
  {
    name: 'a code sent to an address that has since changed',
    naive: 'a change of address leaves codes alive, and a reset does not look where the code went',
    edits: [
      {
        file: 'shared/domain/registration.ts',
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
        search: 'if (bound.address !== address)',
        replace: "if (bound.address === '')",
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
        search: "lastResetChannel(identity) === 'sms' ? 'email' : 'sms'",
        replace: "lastResetChannel(identity) === undefined ? 'sms' : 'sms'",
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
        search: 'const usernamePattern = /^[a-z0-9._-]{2,64}$/',
        replace: 'const usernamePattern = /^[a-z0-9._@+-]{2,64}$/',
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

export const values: readonly Attack[] = [
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
        search: codeMacParts,
        replace: ') => [code]',
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
        search: codeMacParts,
        replace: ') => [challengeId, code]',
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
        search: "const proof = await proveReset(call, subject, 'PASSWORD_RESET', readForReset)",
        replace: `if (rule === 'enterprise' && (await checkBreached(body.newPassword)) === 'breached')
    return refuse('PASSWORD_BREACHED')
  const proof = await proveReset(call, subject, 'PASSWORD_RESET', readForReset)`,
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
