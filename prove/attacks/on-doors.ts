/** Attacks on sign-in and recovery as doors: opened by half a proof, or shut in the owner's face. */
import type { Attack } from './attack.ts'

const doors = 'test/guarantees/attacks-on-doors.test.ts'
const wrongSignInCodes = 'test/steps/verify-login.refused.test.ts'

export const halfProofs: readonly Attack[] = [
  {
    name: 'the mailbox alone as both factors: a reset by email after one by SMS',
    naive: 'a reset by SMS leaves a mark, and a reset by email leaves that mark as it is',
    edits: [
      {
        file: 'shared/steps/replace-password.ts',
        search: 'resetBy: challenge.channel,',
        replace:
          "resetBy: challenge.channel === 'sms' || identity.lastResetBy === 'sms' ? 'sms' : undefined,",
      },
    ],
    tests: [
      {
        file: 'test/flows/password-two-factor.test.ts',
        title:
          'after a reset by SMS and then one by email the sign-in code goes by SMS: never by the channel of the last reset',
      },
    ],
  },
  {
    name: 'guessing at sign-in codes before the worker has bound the challenge, so that the owner hears nothing',
    naive: 'the owner is looked up by what the challenge is bound to',
    edits: [
      {
        file: 'shared/steps/wrong-sign-in-code.ts',
        search: 'const identity = await readIdentity(userId)',
        replace: "const identity = await readIdentity(challenge.userId ?? '~')",
      },
    ],
    tests: [
      {
        file: wrongSignInCodes,
        title:
          'the first wrong code of a sign-in tells the owner, though the worker has not bound the challenge yet',
      },
    ],
  },
  {
    name: 'a hundred wrong sign-in codes a day without end',
    naive: 'what a hundred wrong codes close is opened by the next right password',
    edits: [
      {
        file: 'shared/stores/logins.ts',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the source
        search: '`${notLocked} AND ${codesGoOn}`',
        replace: '`(:most > :zero) AND (attribute_not_exists(fails) OR fails <= :last)`',
      },
    ],
    tests: [
      {
        file: wrongSignInCodes,
        title:
          'a hundred wrong sign-in codes in a row close sign-in until a reset or an unlock, and the owner is told',
      },
    ],
  },
  {
    name: 'a hundred wrong sign-in codes that the owner never hears of',
    naive: 'a lock of sign-in is an entry, and nobody is told',
    edits: [
      {
        file: 'shared/steps/streak.ts',
        search: 'return [lockSignIn(userId), event.write, ...told]',
        replace: 'return [lockSignIn(userId), event.write, ...told.slice(told.length)]',
      },
    ],
    tests: [
      {
        file: wrongSignInCodes,
        title:
          'a hundred wrong sign-in codes in a row close sign-in until a reset or an unlock, and the owner is told',
      },
    ],
  },
]

export const shutDoors: readonly Attack[] = [
  {
    name: 'sign-in closed for its owner by whoever knows the password, past a reset',
    naive: 'a reset leaves the row of wrong sign-in codes',
    edits: [
      {
        file: 'shared/stores/logins.ts',
        search: "streakKey(userId), 'SET fails = :zero REMOVE wrongCodes, notedLock'",
        replace: "streakKey(userId), 'SET fails = :zero'",
      },
    ],
    tests: [
      {
        file: doors,
        title:
          'a lock by wrong sign-in codes ends with the owner’s reset, and the sign-in that it promises works',
      },
      {
        file: wrongSignInCodes,
        title:
          'a hundred wrong sign-in codes in a row close sign-in until a reset or an unlock, and the owner is told',
      },
    ],
  },
  {
    name: 'sign-in closed for its owner by wrong passwords, past a reset',
    naive: 'a reset leaves the failures at each identifier',
    edits: [
      {
        file: 'shared/stores/person-limits.ts',
        search: '  ...clearSignInRegisters(identity),\n  clearStreaks',
        replace: '  ...clearSignInRegisters(identity).slice(9),\n  clearStreaks',
      },
    ],
    tests: [
      {
        file: doors,
        title: 'ten wrong passwords for each alias do not stand against the sign-in after a proved reset',
      },
    ],
  },
  {
    name: 'sign-in closed for its owner by whoever has a session of theirs',
    naive: 'wrong step-up codes count where those of sign-ins do',
    edits: [
      {
        file: 'functions/verify-step-up.ts',
        search: "import { sessionStreak } from '#shared/steps/streak.ts'",
        replace: "import { signInStreak } from '#shared/steps/streak.ts'",
      },
      {
        file: 'functions/verify-step-up.ts',
        search: 'sessionStreak(call, session)',
        replace: 'signInStreak(call, identity.userId)',
      },
      // What the naive version needs the right to.
      {
        file: 'infra/access.ts',
        search: "challenges: guessing(guessedAt('verify-step-up')),",
        replace: "challenges: guessing(guessedAt('verify-step-up'), key.loginStreaks),",
      },
    ],
    tests: [
      {
        file: 'test/steps/verify-step-up.refused.test.ts',
        title: 'a hundred wrong step-up codes end the session that sent them',
      },
    ],
  },
  {
    name: 'every way closed at once by a stranger who asks for the codes himself',
    naive: 'there is no counter but those for whoever asked and for everybody',
    edits: [
      {
        file: 'shared/stores/tries.ts',
        search: 'if (ref !== undefined) {\n',
        replace: "if (ref === '') {\n",
      },
    ],
    tests: [
      {
        file: doors,
        title:
          'the owner gets in with the code that a stranger asked for and burnt, by the reference in the message',
      },
    ],
  },
  {
    name: 'tries for the asking by references made up',
    naive: 'a wrong reference has tries of its own',
    edits: [
      {
        file: 'shared/stores/tries.ts',
        search: "    ...(count.ref === undefined ? [] : ['#ref = :ref']),\n",
        replace: '',
      },
      {
        file: 'shared/stores/tries.ts',
        search: '        ...(count.ref !== undefined && { ref: count.ref }),\n',
        replace: '',
      },
    ],
    tests: [
      {
        file: doors,
        title: 'a wrong reference is as good as none: it counts where a call without one does',
      },
    ],
  },
  {
    name: 'recovery shut for longer and longer',
    naive: 'each freeze is twice as long as the one before',
    edits: [
      {
        file: 'shared/domain/guess-state.ts',
        search: 'const life = policy.freezeSeconds * 1000',
        replace: 'const life = policy.freezeSeconds * 1000 * 2 ** state.freezes',
      },
    ],
    tests: [{ file: doors, title: 'lasts a day, the second and the third time too' }],
  },
  {
    name: 'recovery shut for one who signs in all the while',
    naive: 'only a sign-in with a code ends the row of failed guesses',
    edits: [
      {
        file: 'functions/login.ts',
        search: "      guess: 'cleared',\n",
        replace: '',
      },
    ],
    tests: [{ file: doors, title: 'ends with a sign-in, of one without MFA too' }],
  },
]
