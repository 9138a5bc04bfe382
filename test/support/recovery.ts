/** The recovery flows as a client sees them: their routes, their bodies, where their codes go. */
import { randomInt } from 'node:crypto'
import type { FlowId } from '#shared/contract/flows.ts'
import type { Envelope, Response } from './reply.ts'
import { type CallOptions, newIp, type TestIdentity, type World } from './world.ts'

export interface RecoveryFlow {
  readonly id: FlowId
  readonly request: string
  /** Where the flow proves a code in a step of its own. */
  readonly verify: string | undefined
  readonly reset: string
  /** What the routes call the person by. */
  readonly typed: (person: TestIdentity) => Readonly<Record<string, string>>
  readonly channel: 'email' | 'phone'
  /** Name of the new secret in the reset's body. */
  readonly secret: 'newPassword' | 'newPin'
  /** Secrets that pass the flow's rule. */
  readonly newSecret: string
  readonly otherSecret: string
  readonly resetType: 'PASSWORD_RESET' | 'PIN_RESET'
  /** How its token is named, in reply and body. */
  readonly token: 'token' | 'resetToken' | undefined
}

const email = {
  typed: (person: TestIdentity) => ({ email: person.email }),
  channel: 'email',
  secret: 'newPassword',
  resetType: 'PASSWORD_RESET',
} as const

export const passwordEmail: RecoveryFlow = {
  ...email,
  id: 'password-email',
  request: '/auth/request-password-reset',
  verify: '/auth/verify-password-reset-otp',
  reset: '/auth/reset-password',
  newSecret: 'Plum-Harbour-72-Vane',
  otherSecret: 'Slate-Orchard-19-Kite',
  token: 'token',
}

export const passwordEmailBasic: RecoveryFlow = {
  ...email,
  id: 'password-email-basic',
  request: '/api/auth/forgot-password',
  verify: '/api/auth/verify-reset-otp',
  reset: '/api/auth/reset-password',
  newSecret: 'newpass123',
  otherSecret: 'slate orchard kite',
  token: undefined,
}

export const passwordTwoFactor: RecoveryFlow = {
  id: 'password-two-factor',
  request: '/api/password-reset/request',
  verify: '/api/password-reset/verify-otp',
  reset: '/api/password-reset/reset',
  typed: (person) => ({ identifier: person.username, phone: person.phone }),
  channel: 'phone',
  secret: 'newPassword',
  newSecret: 'newpass123',
  otherSecret: 'slate orchard kite',
  resetType: 'PASSWORD_RESET',
  token: 'resetToken',
}

export const pinReset: RecoveryFlow = {
  id: 'pin-reset',
  request: '/api/pin/reset/request',
  verify: undefined,
  reset: '/api/pin/reset',
  typed: (person) => ({ phone: person.phone }),
  channel: 'phone',
  secret: 'newPin',
  newSecret: '482915',
  otherSecret: '730264',
  resetType: 'PIN_RESET',
  token: undefined,
}

export const recoveryFlows: readonly RecoveryFlow[] = [
  passwordEmail,
  passwordEmailBasic,
  passwordTwoFactor,
  pinReset,
]
/** Flows with a step that proves a code. */
export const verifyingFlows = recoveryFlows.filter(
  (flow): flow is RecoveryFlow & { readonly verify: string } => flow.verify !== undefined,
)
/** Flows whose reset takes the code itself. */
export const codeResetFlows = recoveryFlows.filter((flow) => flow.id !== 'password-two-factor')

/** A code that is not the one given. */
export function wrongCode(code: string): string {
  return String((Number(code) + 1 + randomInt(999_998)) % 1_000_000).padStart(6, '0')
}

export const addressOf = (flow: RecoveryFlow, person: TestIdentity) => person[flow.channel]

export interface Asked {
  readonly code: string
  readonly flowId: string
}

/** The short reference that a message with a code carries, beside the code; in no reply. */
export const refIn = (text: string | undefined): string | undefined =>
  /(?:\(ref |Reference of this code: )([A-Z0-9]{4})\b/.exec(text ?? '')?.[1]

/** The reference of the newest message with a code to that address. @throws Error where there is none */
export function lastRef(world: World, to: string): string {
  const ref = world
    .messages(to)
    .map(({ text }) => refIn(text))
    .findLast((found) => found !== undefined)
  if (ref === undefined) throw new Error(`No message to ${to} carries a reference`)
  return ref
}

/** Asks for a code from a fresh address and waits for it. @throws Error when it is refused or none is sent. */
export async function askCode(world: World, flow: RecoveryFlow, person: TestIdentity): Promise<Asked> {
  const before = world.codes(addressOf(flow, person)).length
  const reply = await world.post(flow.request, flow.typed(person), { ip: newIp() })
  if (reply.status !== 200) throw new Error(`Not asked: ${JSON.stringify(reply.body)}`)
  const code = await world.lastCode(addressOf(flow, person))
  if (world.codes(addressOf(flow, person)).length === before) throw new Error('No new code was sent')
  return { code, flowId: reply.body.data.flowId }
}

export const verifyCode = (
  world: World,
  flow: RecoveryFlow,
  person: TestIdentity,
  proof: { readonly otp: string; readonly flowId?: string; readonly ref?: string },
  given?: CallOptions,
): Promise<Response<Envelope>> => world.post(flow.verify ?? '', { ...flow.typed(person), ...proof }, given)

/** @param proof otp or token, by the names of the body */
export const resetSecret = (
  world: World,
  flow: RecoveryFlow,
  person: TestIdentity,
  proof: Readonly<Record<string, string>>,
  secret = flow.newSecret,
): Promise<Response<Envelope>> =>
  world.post(flow.reset, { ...flow.typed(person), ...proof, [flow.secret]: secret })

/** The proof that a flow's reset takes: the code, or the token it is exchanged for. */
export async function proofOf(
  world: World,
  flow: RecoveryFlow,
  person: TestIdentity,
): Promise<Record<string, string>> {
  const { code } = await askCode(world, flow, person)
  if (flow.id !== 'password-two-factor') return { otp: code }
  const verified = await verifyCode(world, flow, person, { otp: code })
  if (verified.status !== 200) throw new Error(`Not verified: ${JSON.stringify(verified.body)}`)
  return { resetToken: verified.body.data.resetToken }
}
