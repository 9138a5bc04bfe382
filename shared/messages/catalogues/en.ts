import type { Catalogue } from '../catalogue.ts'

export const en: Catalogue = {
  locale: 'en',
  direction: 'ltr',
  smsParts: 1,
  code: {
    password: {
      subject: '{product}: your password reset code',
      lead: 'Use this code to reset your {product} password:',
      ifNotYou:
        'If you did not ask for it, you need not do anything: without this code your password stays as it is.',
      sms: '{code} is your {product} password reset code (ref {ref}). Valid for {life}. Never share it with anyone.',
    },
    pin: {
      subject: '{product}: your PIN reset code',
      lead: 'Use this code to reset your {product} PIN:',
      ifNotYou:
        'If you did not ask for it, you need not do anything: without this code your PIN stays as it is.',
      sms: '{code} is your {product} PIN reset code (ref {ref}). Valid for {life}. Never share it with anyone.',
    },
    signIn: {
      subject: '{product}: your sign-in code',
      lead: 'Use this code to sign in to {product} or to confirm that it is you:',
      ifNotYou:
        'If you are not doing this right now, someone else may know your password: change it as soon as you can.',
      sms: '{code} is your {product} sign-in code (ref {ref}). Valid for {life}. Never share it with anyone.',
    },
  },
  notices: {
    passwordChanged: {
      subject: '{product}: your password was changed',
      lead: 'Your {product} password was changed, and your other devices were signed out.',
      ifNotYou:
        'If this was not you, follow the link below and press the button on its page. That pauses all resets for {freeze}, signs out every device and makes the new password unusable.',
      sms: '{product}: your password was changed. Not you? Stop it here:',
    },
    pinChanged: {
      subject: '{product}: your PIN was changed',
      lead: 'Your {product} PIN was changed, and your devices were signed out.',
      ifNotYou:
        'If this was not you, follow the link below and press the button on its page. That pauses all resets for {freeze}, signs out every device and locks the new PIN.',
      sms: '{product}: your PIN was changed. Not you? Stop it here:',
    },
    pinSet: {
      subject: '{product}: your PIN was set',
      lead: 'A PIN was set for your {product} account.',
      ifNotYou:
        'If this was not you, follow the link below and press the button on its page. That pauses all resets for {freeze}, signs out every device and locks the PIN.',
      sms: '{product}: a PIN was set for your account. Not you? Stop it here:',
    },
    addressChanged: {
      subject: '{product}: your contact details were changed',
      lead: 'The email address or phone number of your {product} account was changed.',
      ifNotYou:
        'If you did not ask for this, follow the link below and press the button on its page. That pauses all resets for {freeze} and signs out every device. Then contact support.',
      sms: '{product}: your email or phone was changed. Not you? Stop it here:',
    },
    mfaChanged: {
      subject: '{product}: two-step sign-in was changed',
      lead: 'Two-step sign-in was turned on or off for your {product} account.',
      ifNotYou:
        'If you did not ask for this, follow the link below and press the button on its page. That pauses all resets for {freeze} and signs out every device. Then contact support.',
      sms: '{product}: two-step sign-in was changed. Not you? Stop it here:',
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
    signInLocked: {
      subject: '{product}: sign-in was locked',
      lead: 'Someone gave your right {product} password again and again, but never the right sign-in code. Your password is known to others, so signing in was locked.',
      ifNotYou:
        'Reset your password to sign in again, and use one that you use nowhere else. The reference below helps support to look into it.',
      sms: '{product}: sign-in was locked, someone knows your password. Reset it to sign in again.',
    },
    secretsRefused: {
      subject: '{product}: a reset was stopped',
      lead: 'Someone with a {product} code of yours tried several new passwords or PINs that were refused, so the code was made useless. Nothing was changed.',
      ifNotYou:
        'If this was you, ask for a new code and choose something you have not used before. If not, someone can read your messages: contact support with the reference below.',
      sms: '{product}: a reset was stopped after several refused tries. Nothing was changed. Not you? Contact support.',
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
    changeDisowned: {
      subject: '{product}: your account is protected',
      lead: 'You told us that a change to your {product} account was not yours. Every device is signed out, what was changed cannot be used, and all resets are paused for {freeze}.',
      ifNotYou:
        'After that, open {product} as you always do and reset your password or PIN. If you cannot wait, or did not tell us this, contact support with the reference below.',
      sms: '{product}: all devices are signed out and resets are paused for {freeze}. Reset after that, or contact support.',
    },
  },
  validFor: 'It can be used for {life}.',
  neverShare: 'Never share this code with anyone. We will never ask you for it.',
  codeReference: 'Reference of this code: {ref}. Type it too, if you are asked for it.',
  happenedAt: 'Time: {utc}',
  happenedLocally: 'Time: {local}, {country} time ({utc})',
  deviceSystem: 'Device: {system}',
  deviceBrowser: 'Device: {browser} on {system}',
  disown: 'It was not me',
  reference: 'Reference: {reference}',
  smsReference: 'Ref: {reference}',
  noLinks: 'This message has no links on purpose: open {product} yourself.',
  linkSafety:
    'Opening the page changes nothing by itself, and it never asks for a password, a PIN or a code. The link works once, for seven days.',
}
