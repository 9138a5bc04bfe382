/** The flows: one row each, all numbers that differ between them. Code branches on a row's columns, never on a flow's name. */

export type SubjectKind = 'email' | 'username' | 'phone' | 'userId'
export type Channel = 'email' | 'sms'
export type PasswordRule = 'standard' | 'enterprise'
/** What a hundred wrong codes in a row come to. */
export type Hundredth = 'freezes-recovery' | 'locks-sign-in' | 'ends-session'

export interface Flow {
  /** `typed`: one identifier in the body; `pair`: identifier and phone together; `identity`: the session's or the login's. */
  readonly subject: 'typed' | 'pair' | 'identity'
  readonly channel: Channel
  readonly codeLifeSeconds: number
  readonly triesPerCode: number
  readonly codesPerSubjectHour: number
  readonly codesPerIpHour: number
  /** Seconds between two codes; 0 where each challenge stands alone. */
  readonly cooldownSeconds: number
  /** Whether verify gives a reset token. */
  readonly givesToken: boolean
  /** Whether a right code opens a session: each challenge then stands alone, and its channel is the sign-in's. */
  readonly opensSession: boolean
  /** What a reset of this flow replaces. */
  readonly resets: 'password' | 'pin' | undefined
  readonly passwordRule: PasswordRule | undefined
  /** What the message says the code is for. */
  readonly purpose: 'password' | 'pin' | 'signIn'
  /** SMS of these flows have a daily cap of their own, so that a flood of resets does not lock people out of signing in. */
  readonly smsCap: 'recovery' | 'signIn'
  /** Where anybody can guess, recovery rests for a day; behind a password or a session, that one is no longer good. */
  readonly hundredth: Hundredth
}

const recovery = {
  cooldownSeconds: 60,
  smsCap: 'recovery',
  opensSession: false,
  hundredth: 'freezes-recovery',
} as const

export const flows = {
  'password-email': {
    ...recovery,
    subject: 'typed',
    channel: 'email',
    codeLifeSeconds: 300,
    triesPerCode: 5,
    codesPerSubjectHour: 5,
    codesPerIpHour: 10,
    givesToken: true,
    resets: 'password',
    passwordRule: 'enterprise',
    purpose: 'password',
  },
  'password-email-basic': {
    ...recovery,
    subject: 'typed',
    channel: 'email',
    codeLifeSeconds: 600,
    triesPerCode: 3,
    codesPerSubjectHour: 3,
    codesPerIpHour: 3,
    givesToken: false,
    resets: 'password',
    passwordRule: 'standard',
    purpose: 'password',
  },
  'password-two-factor': {
    ...recovery,
    subject: 'pair',
    channel: 'sms',
    codeLifeSeconds: 600,
    triesPerCode: 3,
    codesPerSubjectHour: 5,
    codesPerIpHour: 10,
    givesToken: true,
    resets: 'password',
    passwordRule: 'standard',
    purpose: 'password',
  },
  'pin-reset': {
    ...recovery,
    subject: 'typed',
    channel: 'sms',
    codeLifeSeconds: 300,
    triesPerCode: 3,
    codesPerSubjectHour: 5,
    codesPerIpHour: 10,
    givesToken: false,
    resets: 'pin',
    passwordRule: undefined,
    purpose: 'pin',
  },
  'step-up': {
    subject: 'identity',
    channel: 'sms',
    codeLifeSeconds: 300,
    triesPerCode: 3,
    codesPerSubjectHour: 5,
    codesPerIpHour: 10,
    cooldownSeconds: 60,
    givesToken: false,
    opensSession: false,
    resets: undefined,
    passwordRule: undefined,
    purpose: 'signIn',
    smsCap: 'signIn',
    hundredth: 'ends-session',
  },
  'login-mfa': {
    subject: 'identity',
    channel: 'sms',
    codeLifeSeconds: 300,
    triesPerCode: 3,
    codesPerSubjectHour: 10,
    codesPerIpHour: 30,
    cooldownSeconds: 0,
    givesToken: false,
    opensSession: true,
    resets: undefined,
    passwordRule: undefined,
    purpose: 'signIn',
    smsCap: 'signIn',
    hundredth: 'locks-sign-in',
  },
} as const satisfies Record<string, Flow>

export type FlowId = keyof typeof flows

/** The row of a flow, with the columns' general types. */
export const flowOf = (id: FlowId): Flow => flows[id]
