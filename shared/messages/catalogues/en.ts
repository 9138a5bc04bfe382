import type { Catalogue } from '../catalogue.ts'

export const en: Catalogue = {
  locale: 'en',
  direction: 'ltr',
  code: {
    password: {
      subject: '{product}: your password reset code',
      lead: 'Use this code to reset your {product} password:',
      ifNotYou:
        'If you did not ask for it, you need not do anything: without this code your password stays as it is.',
      sms: '{code} is your {product} password reset code. Valid for {life}. Never share it with anyone.',
    },
    pin: {
      subject: '{product}: your PIN reset code',
      lead: 'Use this code to reset your {product} PIN:',
      ifNotYou:
        'If you did not ask for it, you need not do anything: without this code your PIN stays as it is.',
      sms: '{code} is your {product} PIN reset code. Valid for {life}. Never share it with anyone.',
    },
    signIn: {
      subject: '{product}: your sign-in code',
      lead: 'Use this code to sign in to {product} or to confirm that it is you:',
      ifNotYou:
        'If you are not doing this right now, someone else may know your password: change it as soon as you can.',
      sms: '{code} is your {product} sign-in code. Valid for {life}. Never share it with anyone.',
    },
  },
  notices: {
    passwordChanged: {
      subject: '{product}: your password was changed',
      lead: 'Your {product} password was changed, and your other devices were signed out.',
      ifNotYou:
        'If this was not you, reset your password at once and contact support with the reference below.',
      sms: '{product}: your password was changed. Not you? Reset it at once and contact support.',
    },
    pinChanged: {
      subject: '{product}: your PIN was changed',
      lead: 'Your {product} PIN was changed, and your devices were signed out.',
      ifNotYou: 'If this was not you, reset your PIN at once and contact support with the reference below.',
      sms: '{product}: your PIN was changed. Not you? Reset it at once and contact support.',
    },
    pinSet: {
      subject: '{product}: your PIN was set',
      lead: 'A PIN was set for your {product} account.',
      ifNotYou:
        'If this was not you, reset your PIN and your password at once and contact support with the reference below.',
      sms: '{product}: a PIN was set for your account. Not you? Reset it at once and contact support.',
    },
    addressChanged: {
      subject: '{product}: your contact details were changed',
      lead: 'The email address or phone number of your {product} account was changed.',
      ifNotYou: 'If you did not ask for this, contact support at once with the reference below.',
      sms: '{product}: the email or phone of your account was changed. Not you? Contact support at once.',
    },
    mfaChanged: {
      subject: '{product}: two-step sign-in was changed',
      lead: 'Two-step sign-in was turned on or off for your {product} account.',
      ifNotYou: 'If you did not ask for this, contact support at once with the reference below.',
      sms: '{product}: two-step sign-in was turned on or off. Not you? Contact support at once.',
    },
    wrongSignInCode: {
      subject: '{product}: a wrong sign-in code was entered',
      lead: 'Someone gave your right {product} password, but then a wrong sign-in code.',
      ifNotYou:
        'If this was not you, someone knows your password: reset it at once. The reference below helps support to look into it.',
      sms: '{product}: someone gave your password but a wrong sign-in code. Not you? Reset your password at once.',
    },
    loginLocked: {
      subject: '{product}: sign-in was locked',
      lead: 'After many wrong passwords, signing in to your {product} account with the password was locked.',
      ifNotYou:
        'Reset your password to sign in again. If the wrong passwords were not yours, tell support the reference below.',
      sms: '{product}: sign-in was locked after many wrong passwords. Reset your password to sign in again.',
    },
    recoveryFrozen: {
      subject: '{product}: resets are paused',
      lead: 'After many wrong codes, resetting the secrets of your {product} account is paused for at least {freeze}.',
      ifNotYou:
        'Your password and PIN are as they were. If the wrong codes were not yours, contact support with the reference below.',
      sms: '{product}: resets are paused for {freeze} or more after many wrong codes. Not you? Contact support.',
    },
    resetRequired: {
      subject: '{product}: please reset your password',
      lead: 'Your {product} password can no longer be used. Open {product} as you always do and choose a new one.',
      ifNotYou: 'If you wonder why, contact support with the reference below.',
      sms: '{product}: your password can no longer be used. Open the app or site and choose a new one.',
    },
  },
  validFor: 'It can be used for {life}.',
  neverShare: 'Never share this code with anyone. We will never ask you for it.',
  happenedAt: 'Time: {time}',
  reference: 'Reference: {eventId}',
  smsReference: 'Ref: {eventId}',
  noLinks: 'This message has no links on purpose: open {product} yourself.',
}
