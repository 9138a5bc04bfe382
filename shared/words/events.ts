/** What each type of entry tells of: the one table of it, for the events' page, the timeline of the command line and the support page. */
import type { EventType } from '../events.ts'

export interface EventWords {
  /** Of all entries of the type, whatever came of it. */
  readonly when: string
  readonly success: string
  readonly failure: string
  /** In place of these where the reason says it better. */
  readonly because?: Readonly<Record<string, string>>
}

export const eventWords: Readonly<Record<EventType, EventWords>> = {
  CODE_REQUESTED: {
    when: 'a code was asked for, or could not be',
    success: 'A code was asked for',
    failure: 'A code was asked for that cannot be had',
  },
  CODE_SENT: {
    when: 'a code went out',
    success: 'A code went out',
    failure: 'A code did not go out',
  },
  CODE_NOT_SENT: {
    when: 'no code went out: nobody is meant, or something forbids it',
    success: 'No code went out',
    failure: 'No code went out',
  },
  CODE_VERIFIED: {
    when: 'a code of a password reset was given, right or wrong',
    success: 'The right code was given, for a password reset',
    failure: 'A code for a password reset did not count',
  },
  IDENTITY_VERIFIED: {
    when: 'an identifier and a phone were given, which belong together or not',
    success: 'An identifier and the phone that belongs to it were given',
    failure: 'An identifier and a phone were given that do not belong together',
  },
  PASSWORD_RESET: {
    when: 'a password was reset or refused, by code or token',
    success: 'The password was reset',
    failure: 'A password reset was refused',
  },
  PIN_SET: {
    when: 'a first PIN was set or refused',
    success: 'The first PIN was set',
    failure: 'A first PIN was refused',
  },
  PIN_RESET: {
    when: 'a PIN was reset or refused',
    success: 'The PIN was reset',
    failure: 'A PIN reset was refused',
  },
  PIN_VERIFIED: {
    when: 'a PIN was given, right or wrong',
    success: 'The right PIN was given',
    failure: 'A PIN did not count',
  },
  PIN_LOCKED: {
    when: 'ten wrong PINs in a row locked it until a reset',
    success: 'Ten wrong PINs in a row locked the PIN',
    failure: 'Ten wrong PINs in a row locked the PIN',
    because: { wrong_pins: 'Ten wrong PINs in a row locked the PIN' },
  },
  LOGIN: {
    when: 'a password was given to sign in; `mfa_required` where a code has still to follow',
    success: 'The right password was given: signed in',
    failure: 'A sign-in was refused',
    because: { mfa_required: 'The right password was given; the sign-in code has still to follow' },
  },
  MFA_VERIFIED: {
    when: 'a sign-in code was given, right or wrong: right, it opened a session',
    success: 'The right sign-in code was given: signed in',
    failure: 'A sign-in code did not count',
  },
  STEP_UP_VERIFIED: {
    when: 'a step-up code was given, right or wrong',
    success: 'The phone was proved in a session, by the right code',
    failure: 'A code that was to prove the phone did not count',
  },
  LOGOUT: {
    when: 'one session ended, or all',
    success: 'A session ended',
    failure: 'A session could not be ended',
    because: {
      everywhere: 'All sessions ended',
      this_session: 'Signed out of one session',
      ended_by_owner: 'The person ended one of their sessions from another',
    },
  },
  CONSENT_ACCEPTED: {
    when: 'an agreement was accepted',
    success: 'An agreement was accepted',
    failure: 'An agreement was not accepted',
  },
  IDENTITY_CREATED: {
    when: 'a person was registered or imported',
    success: 'The person was registered',
    failure: 'The person was not registered',
    because: { imported: 'The person was imported from another system' },
  },
  IDENTITY_CHANGED: {
    when: 'a person was changed, unlocked, suspended or erased, or changed their password',
    success: 'The person was changed',
    failure: 'A change of the password was refused',
    because: {
      unlocked: 'Freezes, limits and locks were lifted',
      suspended: 'The person was suspended',
      resumed: 'The person was made active again',
      reset_required: 'The password was made unusable until it is reset',
      erased: 'The person was erased',
    },
  },
  RECOVERY_FROZEN: {
    when: 'recovery rests: after a hundred wrong codes, or because its owner said ‘It was not me’',
    success: 'Recovery was frozen',
    failure: '‘It was not me’ was said with a link that does not count',
    because: {
      not_me: 'The person said ‘It was not me’: recovery was frozen',
      guesses: 'A hundred wrong codes in a row froze recovery of what was typed',
      identity_guesses: 'A hundred wrong codes in a row, over all addresses, froze recovery',
    },
  },
  LIMIT_REACHED: {
    when: 'a limit refused somebody; the first refusal of each window',
    success: 'A limit was reached',
    failure: 'A limit refused somebody',
  },
  LEDGER_TAMPERED: {
    when: 'an entry of the ledger was changed or removed; `fields` names it',
    success: 'An entry of the ledger was changed or removed',
    failure: 'An entry of the ledger was changed or removed',
  },
  SMS_PAUSED: {
    when: 'an operator paused SMS to a country; `fields` names it',
    success: 'SMS to a country were paused',
    failure: 'SMS to a country were not paused',
  },
  SMS_RESUMED: {
    when: 'an operator let SMS to a country go on',
    success: 'SMS to a country go on',
    failure: 'SMS to a country do not go on',
  },
  SMS_FLOOR_SET: {
    when: 'an operator set how many recovery codes to a country may stay unverified; `fields` names it, `limit` is the number',
    success: 'How many codes to a country may stay unverified was set',
    failure: 'How many codes to a country may stay unverified was not set',
  },
  FLOW_STOPPED: {
    when: 'an operator stopped a flow; a failure: the firewall did not take it',
    success: 'A flow was stopped',
    failure: 'A flow was not stopped',
  },
  FLOW_STARTED: {
    when: 'an operator let a flow go on, or failed to',
    success: 'A flow goes on',
    failure: 'A flow does not go on',
  },
  ADDRESSES_SHOWN: {
    when: 'support was shown addresses in clear; `fields` names which',
    success: 'Addresses were shown to support in clear',
    failure: 'Addresses were not shown to support',
  },
}
