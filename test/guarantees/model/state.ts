/** The reference: what is known of people, sessions and challenges after each call, and which proofs hold. Pure. */
import { type FlowId, flowOf } from '#shared/contract/flows.ts'
import type { RouteId } from '#shared/contract/routes.ts'
import { policy } from '#shared/policy.ts'

export type Secret = 'password' | 'pin'

/** Numbers as they were agreed on: taken from the agreement, not from the code that is held to it. */
export const agreed = {
  /** Refusals of a new secret that speak of one, over a challenge's code and token. */
  refusals: 5,
  /** Wrong sign-in codes in a row of one identity: then only a reset, a change or an unlock opens sign-in. */
  wrongSignInCodes: 100,
  /** Wrong step-up codes of one session: then it ends. */
  wrongStepUpCodes: 100,
} as const

/** A hash as it was put, and the password it is of. */
export interface PutHash {
  readonly hash: string
  readonly password: string
}

export interface Person {
  readonly userId: string
  email: string
  username: string
  phone: string
  password: string
  pin: string | undefined
  pinFailures: number
  mfaEnabled: boolean
  suspended: boolean
  erased: boolean
  consented: boolean
  resetRequired: boolean
  /** Channel of the last reset of the password, until a sign-in succeeds. */
  lastReset: 'email' | 'sms' | undefined
  /** All that the team's backend ever put, the last one last. */
  readonly puts: PutHash[]
  /** In a row, over all sign-ins. */
  wrongSignInCodes: number
  /** The PIN was disowned: no unlock makes it good again. */
  pinResetRequired: boolean
  /** The owner froze recovery until then. */
  recoveryFrozenUntil: number
  /** Links about a change before it were another's. */
  registeredAt: number
  /** Hashed elsewhere: the next sign-in seals it anew. */
  imported: boolean
  /** Undefined until the store shows it. */
  credentialEpoch: number | undefined
  sessionEpoch: number | undefined
  rev: number
  /** As stored; what was replaced since must differ. */
  readonly seals: { password: string | undefined; pin: string | undefined }
  readonly replaced: Set<Secret>
  /** What the limits may have counted: below them a refusal by a limit is a defect. */
  readonly counted: {
    /** At its identifiers. */
    wrongPasswords: number
    /** At changing the password, behind a session. */
    wrongPresent: number
    mismatches: number
    signInCodes: number
  }
  /** Successful changes by type of entry, to be held against the ledger. */
  readonly entries: Map<string, number>
}

export interface Session {
  readonly person: Person
  readonly token: string
  readonly id: string
  credentialEpoch: number | undefined
  readonly sessionEpoch: number | undefined
  readonly expiresAt: number
  /** When each way to prove possession ends. */
  readonly possession: Map<'sms-otp' | 'email-otp', number>
  pinUntil: number
  /** Wrong step-up codes. */
  wrongCodes: number
  stored: boolean
}

export interface Challenge {
  readonly flow: FlowId
  /** Where the newest of flow and typed subject is stored. */
  readonly pk: string
  readonly person: Person
  readonly flowId: string
  /** Absent where none was sent. */
  readonly code: string | undefined
  /** Stands in the message alone. */
  readonly ref: string | undefined
  readonly credentialEpoch: number | undefined
  /** By which way it went, where a person has two. */
  readonly method?: 'sms-otp' | 'email-otp'
  /** Whose step-up it is. */
  readonly session?: Session
  state: 'issued' | 'verified' | 'over'
  expiresAt: number
  token: string | undefined
  readonly tries: Record<Counter, number>
  /** New secrets that were refused by what is stored or known of them. */
  refusals: number
}

/** Whose tries a wrong guess uses up: everybody's, of whoever asked, of whoever holds the message. */
export type Counter = 'open' | 'named' | 'ref'

/** Of a challenge at which nobody has guessed yet. */
export const untried = () => ({ tries: { open: 0, named: 0, ref: 0 }, refusals: 0 })

export interface Model {
  readonly people: readonly Person[]
  readonly sessions: Session[]
  readonly challenges: Challenge[]
  readonly usedLinks: Set<string>
  /** Id of the newest in the inbox before this sequence. */
  readonly lastMessageBefore: string | undefined
  /** Routes that were done, and calls in all. */
  readonly reached: Map<RouteId, number>
}

export interface Guess {
  readonly flow: FlowId
  readonly pk: string
  readonly otp: string
  readonly flowId: string | undefined
  readonly ref: string | undefined
  readonly takesVerified: boolean
  readonly session?: Session | undefined
}

export const isUsable = (person: Person) => !person.erased && !person.suspended

export const isLiveSession = (session: Session | undefined): session is Session =>
  session?.stored === true &&
  isUsable(session.person) &&
  session.expiresAt > Date.now() &&
  session.credentialEpoch === session.person.credentialEpoch &&
  session.sessionEpoch === session.person.sessionEpoch

export const liveProofs = ({ possession }: Session) =>
  [...possession].filter(([, until]) => until > Date.now()).map(([method]) => method)
export const hasPossession = (session: Session) => liveProofs(session).length > 0

/** A code was given back: its proof counts anew. */
export function provePossession({ possession }: Session, method: 'sms-otp' | 'email-otp'): void {
  possession.set(method, Date.now() + policy.possessionFactorLifeSeconds * 1000)
}

/** Whether what a challenge proves still counts. */
export const isLiveChallenge = (challenge: Challenge) =>
  challenge.state !== 'over' &&
  challenge.expiresAt > Date.now() &&
  isUsable(challenge.person) &&
  challenge.person.credentialEpoch === challenge.credentialEpoch

/** A wrong reference is as good as none. */
const counterOf = ({ flowId, ref }: Guess, challenge: Challenge): Counter =>
  ref !== undefined && ref === challenge.ref ? 'ref' : flowId === undefined ? 'open' : 'named'

export const isSignInLocked = ({ wrongSignInCodes }: Person) => wrongSignInCodes >= agreed.wrongSignInCodes

/** After a reset by SMS by email, after one by email by SMS: never both by one. */
export const signInWay = ({ lastReset }: Person) => (lastReset === 'sms' ? 'email' : 'sms')

export const lastPut = ({ puts, userId }: Person): PutHash => {
  const last = puts.at(-1)
  if (last === undefined) throw new Error(`No hash was put for ${userId}`)
  return last
}

/** The challenge that a guess counts against, or undefined. */
function countedBy({ challenges }: Model, guess: Guess): Challenge | undefined {
  const own = challenges.filter(({ pk }) => pk === guess.pk)
  const newest = own.at(-1)
  const named = guess.flowId === undefined ? newest : own.find(({ flowId }) => flowId === guess.flowId)
  const isMeant = newest?.state === 'issued' && named === newest && newest?.session === guess.session
  const verified = guess.takesVerified && named?.state === 'verified' ? named : undefined
  const found = isMeant ? newest : verified
  if (found === undefined || found.expiresAt <= Date.now()) return undefined
  return found.tries[counterOf(guess, found)] < flowOf(guess.flow).triesPerCode ? found : undefined
}

/** A guess as the reference judges it. */
export interface Judged {
  /** The challenge whose live code this is. */
  readonly right: Challenge | undefined
  /** Counts a wrong one. */
  readonly count: () => void
  /** Uses a try up, as a right one does that moves nothing on. */
  readonly spend: () => void
  /** The challenge that counts it, right or wrong. */
  readonly met: Challenge | undefined
}

export function judge(model: Model, guess: Guess): Judged {
  const met = countedBy(model, guess)
  const right = met !== undefined && met.code === guess.otp && isLiveChallenge(met) ? met : undefined
  const spend = () => {
    if (met !== undefined) met.tries[counterOf(guess, met)] += 1
  }
  const count = () => {
    if (right === undefined) spend()
  }
  return { right, count, spend, met }
}

/** A credential is replaced: everything of the older epoch is dead. */
export function replace(person: Person, secret: Secret, value: string): void {
  person[secret] = value
  person.replaced.add(secret)
  raise(person)
}

export function raise(person: Person): void {
  if (person.credentialEpoch !== undefined) person.credentialEpoch += 1
}

export function recordEntry(person: Person, type: string): void {
  person.entries.set(type, (person.entries.get(type) ?? 0) + 1)
}

/** What a client holds after a sign-in. */
export function openSession(model: Model, person: Person, token: string): Session {
  const now = Date.now()
  const session: Session = {
    person,
    token,
    id: token.split('.')[1] ?? '',
    credentialEpoch: person.credentialEpoch,
    sessionEpoch: person.sessionEpoch,
    expiresAt: now + policy.sessionLifeSeconds * 1000,
    possession: new Map(),
    pinUntil: 0,
    wrongCodes: 0,
    stored: true,
  }
  model.sessions.push(session)
  return session
}
