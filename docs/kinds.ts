/** What the kinds of items in the challenges table are, in words: for the documents, not for what is deployed. */
import type { challengeKinds } from '#shared/stores/keys.ts'

interface Words {
  /** What follows the letter of the key. */
  readonly rest: string
  readonly what: string
  readonly whose: string
}

export const kindsInWords: Readonly<Record<keyof typeof challengeKinds, Words>> = {
  challenge: {
    rest: 'flow#subject',
    what: "newest challenge and send register `s1..sn`; `frozenUntil` where a guess at it froze, until an unlock or the next code; of `login-mfa`: `C#login-mfa#challengeId`. Once bound: userId, epoch, channel, address, `ref`, and the code's MAC over all of them; three counters of wrong guesses, one of refused secrets",
    whose: 'person, as typed',
  },
  verified: {
    rest: 'challengeId',
    what: "a VERIFIED challenge, which a new request does not touch: what its code was bound to, with the code's MAC, and the SHA-256 of its reset token, which holds the code",
    whose: 'code',
  },
  grant: {
    rest: 'sha256(token)',
    what: "grant to disown one change ('it was not me'): userId, what it makes unusable, until when, its MAC, whether used",
    whose: 'message',
  },
  source: {
    rest: 'flow#ip',
    what: 'send register',
    whose: 'address of a caller',
  },
  guessSource: {
    rest: 'ip',
    what: 'guesses at codes that are not there: so many entries an hour',
    whose: 'address of a caller',
  },
  freeze: {
    rest: 'subject',
    what: 'failed guesses in a row and freeze, over all flows',
    whose: 'person, as typed',
  },
  logins: {
    rest: 'subject',
    what: 'failed logins',
    whose: 'person, as typed',
  },
  loginSource: {
    rest: 'ip',
    what: 'failed logins; the same in three more, `#1..3`, of which a right password is held to one',
    whose: 'address of a caller',
  },
  refusedSecrets: {
    rest: 'userId',
    what: 'refused new passwords behind a session',
    whose: 'person',
  },
  pairs: {
    rest: 'subject',
    what: 'mismatched pairs of an identifier or phone',
    whose: 'person, as typed',
  },
  pairSource: {
    rest: 'ip',
    what: 'mismatched pairs, in as many items',
    whose: 'address of a caller',
  },
  guesses: {
    rest: 'userId',
    what: 'failed guesses in a row over all aliases, and freeze; kept by append-ledger',
    whose: 'person',
  },
  identityRegister: {
    rest: 'flow#userId',
    what: 'send register over all aliases; kept by deliver',
    whose: 'person',
  },
  loginStreaks: {
    rest: 'userId',
    what: 'in a row: wrong passwords over all aliases, wrong codes over all sign-ins; of an unknown identifier `L#~subject`',
    whose: 'person',
  },
  ownRegister: {
    rest: 'flow#userId',
    what: 'send register where each challenge has an item of its own (`login-mfa`)',
    whose: 'person',
  },
  cap: {
    rest: 'day#cap#country',
    what: 'SMS sent this day, until when breaker or operator pause them, and the floor that an operator set',
    whose: 'country',
  },
  smsCount: {
    rest: 'day#country#0..31',
    what: 'recovery codes by SMS, per ten minutes: `s0..s143` sent, `v0..v143` verified; kept by append-ledger',
    whose: 'country',
  },
  reference: {
    rest: 'reference',
    what: 'the reference in a notice: userId, and the id of the event that it tells of; found for 400 days',
    whose: 'message',
  },
  lease: {
    rest: 'outbox id',
    what: 'who sends a notice now, and to which of its addresses it went',
    whose: 'message',
  },
  sentinel: {
    rest: 'record id',
    what: "the sentinel's mark on a record of the ledger's stream",
    whose: 'entry',
  },
}
