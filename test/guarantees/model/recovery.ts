/** Calls of the recovery flows, with codes and tokens carried to where they belong and to where they do not. */
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import type { Code } from '#shared/contract/codes.ts'
import { flowOf } from '#shared/contract/flows.ts'
import type { RouteId } from '#shared/contract/routes.ts'
import { checkPin } from '#shared/domain/pin.ts'
import { pairKey, subjectKey } from '#shared/domain/subject.ts'
import { policy } from '#shared/policy.ts'
import { wrongCode } from '#test/support/recovery.ts'
import type { World } from '#test/support/world.ts'
import {
  agreed,
  type Challenge,
  isUsable,
  judge,
  type Model,
  type Person,
  recordEntry,
  replace,
  untried,
} from './state.ts'
import { type Fault, moved, perform } from './step.ts'
import { codeIn, isVerified, learnTries } from './stored.ts'

/** Whose routes, which challenge's code or token, and how it is spoilt. */
export interface Aim {
  readonly flow: number
  readonly person: number
  /** Another way to type the person. */
  readonly alias: boolean
  /** Back from the newest challenge. */
  readonly back: number
  readonly own: boolean
  readonly wrong: boolean
  readonly named: boolean
  readonly byToken: boolean
  /** The reference of the message, another of its form, or none. */
  readonly ref: 'none' | 'right' | 'wrong'
  /** The secret that is already in use, or one that leaked. */
  readonly reuse: boolean
  readonly breached: boolean
  readonly fault: Fault
}

interface FlowRoutes {
  readonly id: 'password-email' | 'password-email-basic' | 'password-two-factor' | 'pin-reset'
  readonly ask: readonly RouteId[]
  readonly verify: RouteId | undefined
  readonly reset: RouteId
  readonly secret: 'newPassword' | 'newPin'
  /** Name of the token in reply and body; the last flow takes nothing else. */
  readonly token: 'token' | 'resetToken' | undefined
}

const flowRoutes: readonly FlowRoutes[] = [
  {
    id: 'password-email',
    ask: ['requestPasswordReset', 'resendPasswordResetOtp'],
    verify: 'verifyPasswordResetOtp',
    reset: 'resetPasswordEmail',
    secret: 'newPassword',
    token: 'token',
  },
  {
    id: 'password-email-basic',
    ask: ['forgotPassword'],
    verify: 'verifyResetOtp',
    reset: 'resetPasswordBasic',
    secret: 'newPassword',
    token: undefined,
  },
  {
    id: 'password-two-factor',
    ask: ['requestTwoFactor'],
    verify: 'verifyOtpTwoFactor',
    reset: 'resetPasswordTwoFactor',
    secret: 'newPassword',
    token: 'resetToken',
  },
  {
    id: 'pin-reset',
    ask: ['requestPinReset'],
    verify: undefined,
    reset: 'resetPin',
    secret: 'newPin',
    token: undefined,
  },
]

/** One of a list, whatever the number. */
export const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index % list.length]
  if (found === undefined) throw new Error('nothing to aim at')
  return found
}

/** A person as a flow's routes call them, and where such a challenge is stored. */
interface Typed {
  readonly body: Readonly<Record<string, string>>
  readonly pk: string
}

function typedAs({ id }: FlowRoutes, person: Person, alias: boolean, phone = person.phone): Typed {
  if (id === 'password-two-factor') {
    const kind = alias ? 'email' : 'username'
    const pk = `C#${id}#${pairKey({ kind, value: person[kind] }, phone)}`
    return { body: { identifier: person[kind], phone }, pk }
  }
  const kind = id !== 'pin-reset' ? 'email' : alias ? 'userId' : 'phone'
  const pk = `C#${id}#${subjectKey({ kind, value: person[kind] })}`
  return { body: { [kind]: person[kind] }, pk }
}

interface Sent extends Typed {
  readonly routes: FlowRoutes
  readonly person: Person
  readonly otp: string
  readonly flowId: string | undefined
  readonly ref: string | undefined
  readonly token: string | undefined
}

function sentBy(model: Model, aim: Aim): Sent {
  const recovering = model.challenges.filter(({ flow }) => flowOf(flow).resets !== undefined)
  const source = recovering.at(-1 - (aim.back % Math.max(1, recovering.length)))
  // Else a code or token is carried to where it may not belong.
  const own = aim.own ? source : undefined
  const routes = flowRoutes.find(({ id }) => id === own?.flow) ?? at(flowRoutes, aim.flow)
  const person = own?.person ?? at(model.people, aim.person)
  const ways = [aim.alias, !aim.alias].map((alias) => typedAs(routes, person, alias))
  const typed = ways.find(({ pk }) => pk === own?.pk) ?? at(ways, 0)
  const code = source?.code ?? '000000'
  const otp = aim.wrong ? wrongCode(code) : code
  return {
    ...typed,
    routes,
    person,
    otp,
    flowId: aim.named ? source?.flowId : undefined,
    ref: refFor(source, aim.ref),
    token: source?.token,
  }
}

/** What a call carries of a challenge's reference: characters in another order are another one. */
export const refFor = (challenge: Challenge | undefined, wanted: Aim['ref']): string | undefined => {
  const ref = challenge?.ref
  if (ref === undefined || wanted === 'none') return undefined
  return wanted === 'right' ? ref : `${ref.slice(1)}${ref.startsWith('C') ? 'D' : 'C'}`
}

export const named = (flowId: string | undefined, ref: string | undefined) => ({
  ...(flowId !== undefined && { flowId }),
  ...(ref !== undefined && { ref }),
})

/** A challenge replaces the older one that is not yet verified. */
export function issue(model: Model, challenge: Challenge): void {
  const older = model.challenges.findLast(({ pk }) => pk === challenge.pk)
  if (older?.state === 'issued') older.state = 'over'
  model.challenges.push(challenge)
}

/** The code that a call made the workers send to an address, with its reference, if any. */
export async function codeAfter(world: World, to: string, call: () => Promise<unknown>) {
  await world.idle()
  const before = world.messages(to).length
  await call()
  await world.idle()
  return codeIn(world.messages(to).slice(before))
}

const askLimits = ['RATE_LIMITED', 'RESEND_TOO_SOON'] as const

/** A limit of the pair's routes shows only after as many mismatches. */
const pairLimits = ({ people }: Model) =>
  people.some(({ counted }) => counted.mismatches >= policy.pairMismatchesPerIdentifier)
    ? (['RATE_LIMITED'] as const)
    : []

export async function ask(model: Model, world: World, aim: Aim): Promise<void> {
  const routes = at(flowRoutes, aim.flow)
  const person = at(model.people, aim.person)
  const isPair = routes.id === 'password-two-factor'
  const phone = aim.wrong && isPair ? at(model.people, aim.person + 1).phone : person.phone
  const { body, pk } = typedAs(routes, person, aim.alias, phone)
  const matches = !isPair || (!aim.wrong && isUsable(person))
  const askedAt = Date.now()
  let flowId: string | undefined
  const to = flowOf(routes.id).channel === 'email' ? person.email : person.phone
  const { code, ref } = await codeAfter(world, to, () =>
    perform(model, world, {
      route: at(routes.ask, aim.back),
      body,
      expected: matches ? 'done' : ['CREDENTIALS_INVALID'],
      limits: askLimits,
      onDone: (reply) => {
        flowId = reply?.data.flowId
      },
      onRefused: () => countMismatch(model, aim.person),
    }),
  )
  assert.ok(
    code === undefined || person.recoveryFrozenUntil <= Date.now(),
    'a code went out in spite of a freeze',
  )
  if (flowId === undefined) return
  const { credentialEpoch } = person
  const expiresAt = askedAt + flowOf(routes.id).codeLifeSeconds * 1000
  const known = { flow: routes.id, pk, person, flowId, code, ref, credentialEpoch, expiresAt }
  issue(model, { ...known, ...untried(), token: undefined, state: 'issued' })
}

/** Counted for the identifier, and for the phone of another. */
function countMismatch({ people }: Model, person: number): void {
  for (const place of [person, person + 1]) at(people, place).counted.mismatches += 1
}

export async function verifyIdentity(model: Model, world: World, aim: Aim): Promise<void> {
  const person = at(model.people, aim.person)
  const phone = aim.wrong ? at(model.people, aim.person + 1).phone : person.phone
  const identifier = aim.alias ? person.email : person.username
  const matches = !aim.wrong && isUsable(person)
  await perform(model, world, {
    route: 'verifyIdentity',
    body: { identifier, phone },
    expected: matches ? 'done' : ['CREDENTIALS_INVALID'],
    limits: pairLimits(model),
    onRefused: () => countMismatch(model, aim.person),
  })
}

export async function verify(model: Model, world: World, aim: Aim): Promise<void> {
  const { routes, pk, body, otp, flowId, ref } = sentBy(model, aim)
  if (routes.verify === undefined) return
  const { right, count, met } = judge(model, { flow: routes.id, pk, otp, flowId, ref, takesVerified: false })
  await perform(
    model,
    world,
    {
      route: routes.verify,
      body: { ...body, otp, ...named(flowId, ref) },
      expected: right === undefined ? ['OTP_INVALID', 'TRIES_EXHAUSTED'] : 'done',
      onDone: (reply) => {
        if (right === undefined) return
        right.state = 'verified'
        right.expiresAt = Date.now() + policy.verifiedLifeSeconds * 1000
        right.token = routes.token === undefined ? undefined : reply?.[routes.token]
      },
      onRefused: count,
      happened: async () => met?.state === 'issued' && (await isVerified(met)),
      onUnknown: async () => {
        if (met !== undefined) await learnTries(met)
      },
    },
    aim.fault,
  )
}

let secrets = 0
const freshPassword = () => {
  secrets += 1
  return `Plum-Harbour-${secrets}-Vane!`
}
export function freshPin(): string {
  const pin = String(randomInt(1_000_000)).padStart(6, '0')
  return checkPin(pin) === undefined ? pin : freshPin()
}
export const fresh = { newPassword: freshPassword, newPin: freshPin }

/** The challenge whose live token this is, for what was typed. */
const ownerOf = ({ challenges }: Model, { token, pk, flowId }: Sent): Challenge | undefined =>
  challenges.find(
    (each) =>
      token !== undefined &&
      each.token === token &&
      each.pk === pk &&
      each.state === 'verified' &&
      (flowId === undefined || flowId === each.flowId) &&
      each.expiresAt > Date.now() &&
      isUsable(each.person) &&
      each.credentialEpoch === each.person.credentialEpoch,
  )

/** One that the breach service knows; the rules that do not ask it take it. */
const leaked = 'Violet-Harbour-1987!'

/** What becomes of a secret once the proof holds. That it leaked is said before that it is in use. */
function refusalOf({ routes, person }: Sent, { reuse }: Aim, isLeaked: boolean): Code | undefined {
  if (routes.secret === 'newPin' && person.pin === undefined) return 'NOT_ELIGIBLE'
  if (isLeaked) return 'PASSWORD_BREACHED'
  if (reuse) return routes.secret === 'newPin' ? 'PIN_REUSED' : 'PASSWORD_REUSED'
  return undefined
}

export async function reset(model: Model, world: World, aim: Aim): Promise<void> {
  const sent = sentBy(model, aim)
  const { routes, person, pk, body, otp, flowId, ref, token } = sent
  const byToken = routes.token !== undefined && (aim.byToken || routes.verify === 'verifyOtpTwoFactor')
  const judged = judge(model, { flow: routes.id, pk, otp, flowId, ref, takesVerified: true })
  const right = byToken ? ownerOf(model, sent) : judged.right
  const kind = routes.secret === 'newPassword' ? 'password' : 'pin'
  const isLeaked = aim.breached && routes.id === 'password-email'
  const own = aim.reuse ? person[kind] : undefined
  const secret = isLeaked ? leaked : (own ?? fresh[routes.secret]())
  const refusal = refusalOf(sent, aim, isLeaked)
  // Each answer that speaks of a secret is counted; the one after the last spends the proof.
  const speaks = right !== undefined && refusal !== undefined && refusal !== 'NOT_ELIGIBLE'
  const spends = speaks && right.refusals >= agreed.refusals
  const invalid = byToken ? (['TOKEN_INVALID'] as const) : (['OTP_INVALID', 'TRIES_EXHAUSTED'] as const)
  const proof = byToken ? { [routes.token ?? '']: token ?? 'x'.repeat(43) } : { otp }
  const proved = spends ? (['TRIES_EXHAUSTED'] as const) : refusal === undefined ? 'done' : [refusal]
  await perform(
    model,
    world,
    {
      route: routes.reset,
      body: { ...body, ...proof, ...named(flowId, ref), [routes.secret]: secret },
      expected: right === undefined ? invalid : proved,
      onDone: () => {
        if (right !== undefined) finish(right, kind, secret)
      },
      onRefused: () => {
        // After a right proof the tries stay as they were.
        if (!byToken) judged.count()
        if (spends) right.state = 'over'
        else if (speaks) right.refusals += 1
      },
      happened: moved(person),
      onUnknown: async () => {
        const met = byToken ? right : judged.met
        if (met !== undefined) await learnTries(met)
      },
    },
    aim.fault,
  )
}

function finish(challenge: Challenge, kind: 'password' | 'pin', secret: string): void {
  const { person } = challenge
  challenge.state = 'over'
  replace(person, kind, secret)
  recordEntry(person, kind === 'pin' ? 'PIN_RESET' : 'PASSWORD_RESET')
  if (kind === 'pin') {
    person.pinFailures = 0
    person.pinResetRequired = false
  } else {
    person.resetRequired = false
    person.imported = false
    person.lastReset = flowOf(challenge.flow).channel
    // What stood against signing in, by passwords or codes, is gone: the sign-in that the reply asks for works.
    person.counted.wrongPasswords = 0
    person.wrongSignInCodes = 0
  }
}
