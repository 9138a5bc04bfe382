/** Attacks on what is stored and told: old secrets brought back, secrets asked about, records invented or flooded. */
import type { Attack } from './attack.ts'

const counted = 'test/guarantees/g02-counted-first.test.ts'
const sync = 'test/steps/put-identity.sync.test.ts'
const storedValues = 'test/guarantees/attacks-on-stored-values.test.ts'
const messages = 'test/guarantees/attacks-on-messages.test.ts'

const isSpoken = 'const counts = isSpoken(code)'

export const oracles: readonly Attack[] = [
  {
    name: 'passwords asked about by one code, forty a code',
    naive: 'a refusal after the right code gives the try back and counts nothing',
    edits: [
      {
        file: 'shared/steps/refuse-secret.ts',
        search: isSpoken,
        replace: "const counts = isSpoken('FORBIDDEN')",
      },
    ],
    tests: [
      {
        file: counted,
        title:
          'refusals of a new secret that speak of a stored one are counted: the sixth ends the challenge and tells the owner',
      },
      { file: counted, title: 'they are counted over code and token together, whichever is used' },
    ],
  },
  {
    name: 'passwords asked about by one token, as many at once as the gateway lets through',
    naive: 'refusals are counted with the tries of a code, which a token has none of',
    edits: [
      {
        file: 'shared/steps/refuse-secret.ts',
        search: isSpoken,
        replace: 'const counts = isSpoken(code) && proof.giveBack.length > 0',
      },
    ],
    tests: [
      { file: counted, title: 'of twenty refused secrets at once with one %s at most five are answered of' },
      { file: counted, title: 'they are counted over code and token together, whichever is used' },
    ],
  },
  {
    name: 'leaked passwords told apart by which of two refusals comes',
    naive: 'the history is asked before the breach service',
    edits: [
      {
        file: 'shared/steps/new-password.ts',
        search: "  if (breachCheck === 'breached') return { refused: 'PASSWORD_BREACHED' }\n",
        replace: '',
      },
      {
        file: 'shared/steps/new-password.ts',
        search: "  if (reused) return { refused: 'PASSWORD_REUSED' }\n",
        replace: `  if (reused) return { refused: 'PASSWORD_REUSED' }
  if (breachCheck === 'breached') return { refused: 'PASSWORD_BREACHED' }
`,
      },
    ],
    tests: [
      {
        file: counted,
        title:
          'a password that leaked is PASSWORD_BREACHED, also where it is the one in use: the answer tells nothing of it',
      },
    ],
  },
  {
    name: 'who has an old password, by the cost of its hash',
    naive: 'a hash is taken whatever it costs, past any floor of the answers',
    edits: [
      {
        file: 'shared/steps/put-identity.ts',
        search: "  if (beyond !== undefined) return { field: 'passwordHash', message: beyond }\n",
        replace: '',
      },
      {
        file: 'cli/import/advice.ts',
        search: 'const beyond = beyondFloor(parsed.scheme, floorMs)',
        replace: 'const beyond = undefined',
      },
    ],
    tests: [
      {
        file: 'test/steps/put-identity.costly-hash.test.ts',
        title: '%s is refused, by a sentence that names the floor it needs',
      },
      {
        file: 'test/steps/put-identity.costly-hash.test.ts',
        title: 'an import refuses the same hashes, by the same sentence',
      },
    ],
  },
]

const presentSeal = {
  file: 'shared/steps/put-identity.ts',
  search: '  if (lastPutHash) return isPutHash(userId, text, lastPutHash)\n',
  replace: '  if (lastPutHash && text === userId) return isPutHash(userId, text, lastPutHash)\n',
}

export const rolledBack: readonly Attack[] = [
  {
    name: 'an old password brought back by the nightly import',
    naive: 'the hash that is put is compared with the password of the moment',
    edits: [presentSeal],
    tests: [
      { file: sync, title: 'after a sign-in upgraded the hash, the same row ends no session' },
      { file: sync, title: 'after a reset, the same row brings no old password back' },
    ],
  },
  {
    name: 'a refused or disowned password made usable by the nightly import',
    naive: 'the hash that is put is compared with the password of the moment, which an upgrade has changed',
    edits: [presentSeal],
    tests: [
      { file: sync, title: 'after require-reset, the same row makes nothing usable again' },
      { file: sync, title: 'after ‘It was not me’, the same row does not bring the disowned password back' },
    ],
  },
  {
    name: 'agreements invented, and the real ones pushed out by them',
    naive: 'a session accepts what it likes, of no list and without end',
    edits: [
      {
        file: 'functions/accept-consent.ts',
        search: "  if (notListed) return refuse('VALIDATION_FAILED', { details: [notListed] })\n",
        replace: '',
      },
      {
        file: 'functions/accept-consent.ts',
        search: "    if (tooMany) return refuse('VALIDATION_FAILED', { details: [tooMany] })\n",
        replace: '',
      },
    ],
    tests: [
      {
        file: 'test/steps/accept-consent.listed.test.ts',
        title: 'nothing else is accepted, the details name the field, and what was agreed to stays',
      },
      {
        file: 'test/steps/accept-consent.twenty.test.ts',
        title: 'twenty documents are kept, the 21st is refused over both routes, and none makes room for it',
      },
    ],
  },
]

export const forgeries: readonly Attack[] = [
  {
    name: 'a reset token written into the table',
    naive: 'a token is believed when its hash is found',
    edits: [
      {
        file: 'shared/steps/proof.ts',
        search: "if (!genuine) return { refused: await refuseToken('forged_token') }",
        replace:
          "if (!genuine && subject.value === '') return { refused: await refuseToken('forged_token') }",
      },
    ],
    tests: [
      {
        file: storedValues,
        title:
          'a reset token written into the table, with no code’s MAC or that of one’s own code, resets nobody’s password',
      },
    ],
  },
  {
    name: 'one’s own challenge turned to another person in the table',
    naive: 'the MAC of a code is over what was typed, not over whom it is bound to',
    edits: [
      {
        file: 'shared/crypto/codes.ts',
        search:
          ") => [challengeId, flow, subject, userId, String(epoch), channel, address, ref, sessionId ?? '', code]",
        replace: ') => [challengeId, flow, subject, code]',
      },
    ],
    tests: [
      {
        file: storedValues,
        title:
          'a challenge of one’s own, turned to another person, resets nobody’s password, typed as either',
      },
    ],
  },
  {
    name: 'a verified challenge of another person written into the table',
    naive: 'the MAC of a code does not say whose it is, nor what was typed',
    edits: [
      {
        file: 'shared/crypto/codes.ts',
        search:
          ") => [challengeId, flow, subject, userId, String(epoch), channel, address, ref, sessionId ?? '', code]",
        replace: ') => [challengeId, code]',
      },
    ],
    tests: [
      {
        file: storedValues,
        title: 'a verified challenge written into the table resets nobody’s password, by code or by token',
      },
    ],
  },
  {
    name: 'mail and SMS to strangers, and the victim’s link to the attacker, by a row of the outbox',
    naive: 'a row is sent to the address that stands in it',
    edits: [
      {
        file: 'shared/delivery/notices.ts',
        search:
          "return isOwnAddress(identity, { ...to, time: message.time }) ? undefined : 'not_own_address'",
        replace:
          "return isOwnAddress(identity, { ...to, time: message.time }) || identity.email ? undefined : 'not_own_address'",
      },
    ],
    tests: [
      {
        file: messages,
        title:
          'a row to an address that is not the identity’s is not sent, nor one about nobody, and no link gets out',
      },
    ],
  },
  {
    name: 'a text of the attacker’s in a message of ours',
    naive: 'the reference in a message may be any text',
    edits: [
      {
        file: 'shared/delivery/notices.ts',
        search: "if (!eventIdPattern.test(message.eventId)) return 'malformed'",
        replace: "if (!eventIdPattern.test('made#up')) return 'malformed'",
      },
    ],
    tests: [{ file: messages, title: 'a row whose reference is free text is not sent, to the owner either' }],
  },
]

export const floods: readonly Attack[] = [
  {
    name: 'entries without end in the chain of a victim, by guesses at nothing',
    naive: 'each guess at a code that nobody asked for is an entry',
    edits: [
      {
        file: 'shared/steps/refuse-guess.ts',
        search: 'room: recordWrite(register, call.now), event',
        replace: 'room: undefined, event',
      },
    ],
    tests: [
      {
        file: 'test/guarantees/attacks-on-doors.test.ts',
        title: 'leave fifty entries an hour and address, then one that says so; all are answered alike',
      },
    ],
  },
  {
    name: 'an entry that reads as another one, by characters that nobody sees',
    naive: 'what a device says of itself is kept as it came',
    edits: [
      {
        file: 'shared/contract/schemas.ts',
        search: 'z.optional(z.pipe(text(100, 0), z.transform(withoutFormatCharacters)))',
        replace: 'z.optional(text(100, 0))',
      },
    ],
    tests: [
      {
        file: 'test/edge/headers.test.ts',
        title:
          'format characters of a device or user agent, which turn around what stands beside them, are in no entry',
      },
    ],
  },
  {
    name: 'keys of a body that every object has, and keys that nobody asked for',
    naive: 'unknown keys are passed over',
    edits: [
      {
        file: 'shared/contract/schemas.ts',
        search: '  login: z.strictObject({',
        replace: '  login: z.object({',
      },
    ],
    tests: [
      {
        file: 'test/edge/bodies.test.ts',
        title: 'the key %s is unknown like any other, and changes no object',
      },
    ],
  },
  {
    name: 'a budget for each way to type one address',
    naive: 'an address counts as it was typed',
    edits: [
      {
        file: 'shared/contract/schemas.ts',
        search: "tidy(value).normalize('NFKC').toLowerCase()",
        replace: "tidy(value).normalize('NFKC')",
      },
    ],
    tests: [
      {
        file: 'test/guarantees/attacks-on-identifiers.test.ts',
        title:
          'an address typed in many forms is one subject: it has one code, one budget and one count of failures',
      },
    ],
  },
]
