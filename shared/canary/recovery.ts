/**
 * A recovery from outside, as a person makes it: over the API's address and a mailbox. It knows no table and no key, so what it
 * proves is what people get.
 */
import { type RouteId, routeOf } from '../contract/routes.ts'
import { signedNow } from '../crypto/sign.ts'
import { newToken } from '../crypto/tokens.ts'
import { canaryUserId } from '../domain/canary.ts'
import { policy } from '../policy.ts'
import { awaitLetters, lettersIn, type Patience } from './mailbox.ts'

export interface Canary {
  /** Where the API is, with the stage's name where the address has one. */
  readonly url: string
  readonly email: string
  readonly bucket: string
  /** Address that codes come from. */
  readonly sender: string
}

export type Outcome =
  | { readonly proved: true; readonly mailSeconds: number }
  | { readonly proved: false; readonly step: string; readonly status?: number; readonly code?: string }

interface Answer {
  readonly status: number
  readonly body: {
    readonly data?: Readonly<Record<string, string>>
    readonly error?: { readonly code: string }
  }
}

type Headers = Readonly<Record<string, string>>

const urlOf = (base: string, id: RouteId) =>
  new URL(routeOf(id).path.replace('{userId}', canaryUserId).slice(1), base.endsWith('/') ? base : `${base}/`)

async function send(url: URL, method: string, body: string, headers: Headers): Promise<Answer> {
  const signal = AbortSignal.timeout(policy.canary.replySeconds * 1000)
  const reply = await fetch(url, { method, body, headers, signal })
  return { status: reply.status, body: (await reply.json().catch(() => ({}))) as Answer['body'] }
}

const json = { 'content-type': 'application/json' }

const post = ({ url }: Canary, id: RouteId, body: object, headers: Headers = {}) =>
  send(urlOf(url, id), 'POST', JSON.stringify(body), { ...json, ...headers })

/** The person is there from the first run on, whatever became of them: the same PUT changes nothing. */
function register({ url, email }: Canary): Promise<Answer> {
  const body = JSON.stringify({ email })
  const request = {
    method: 'PUT',
    url: urlOf(url, 'putIdentity'),
    service: 'execute-api',
    headers: json,
    body,
  }
  return send(request.url, 'PUT', body, signedNow(request))
}

/** What a letter of somebody else may be answered with, while ours may still come. */
const ofOthers: ReadonlySet<string> = new Set(['OTP_INVALID', 'TRIES_EXHAUSTED'])

/** Of both, as the rule for new passwords wants it. */
const newPassword = () => `aA1!${newToken()}`

/**
 * Asks for a code, waits for its letter, verifies it, sets a new password by it, signs in with that and out again.
 * @returns where it ended, and what was answered there; never a secret
 * @throws what the network or S3 said
 */
export async function recover(canary: Canary, patience: Patience = policy.canary): Promise<Outcome> {
  const { email, bucket, sender } = canary
  const registered = await register(canary)
  if (registered.status >= 300) return failed('register', registered)
  const known = new Set(await lettersIn(bucket))
  const asked = await post(canary, 'requestPasswordReset', { email })
  if (asked.status !== 200) return failed('ask', asked)
  const { flowId } = asked.body.data ?? {}
  let outcome: Outcome = { proved: false, step: 'letter' }
  for await (const { code: otp, ref, seconds } of awaitLetters(bucket, known, sender, patience)) {
    const verified = await post(canary, 'verifyPasswordResetOtp', { email, otp, flowId, ...(ref && { ref }) })
    if (verified.status === 200) return goOn(canary, verified, seconds)
    outcome = failed('verify', verified)
    // Codes of somebody who writes in our name are wrong and use up tries, but none of those that the reference in our own letter has.
    if (!ofOthers.has(verified.body.error?.code ?? '')) break
  }
  return outcome
}

/** Sets a new password by a verified code, signs in with it and out again. */
async function goOn(canary: Canary, verified: Answer, mailSeconds: number): Promise<Outcome> {
  const { email } = canary
  const changed = { email, token: verified.body.data?.['token'], newPassword: newPassword() }
  const reset = await post(canary, 'resetPasswordEmail', changed)
  if (reset.status !== 200) return failed('reset', reset)
  const signedIn = await post(canary, 'login', { identifier: email, password: changed.newPassword })
  if (signedIn.status !== 200) return failed('sign-in', signedIn)
  const bearer = { authorization: `Bearer ${signedIn.body.data?.['accessToken']}` }
  const out = await post(canary, 'logout', {}, bearer)
  return out.status === 200 ? { proved: true, mailSeconds } : failed('sign-out', out)
}

const failed = (step: string, { status, body }: Answer): Outcome => ({
  proved: false,
  step,
  status,
  ...(body.error && { code: body.error.code }),
})
