/** `POST /_local/identities`: a person as a test needs one, with secrets and a session that no message had to be waited for. */
import { hash } from '@node-rs/argon2'
import * as z from 'zod/mini'
import { recorderOf } from '#shared/call/recorder.ts'
import { codes } from '#shared/contract/codes.ts'
import { isUserId, userIdRule } from '#shared/contract/user-id.ts'
import { sealPin } from '#shared/crypto/seal.ts'
import { newId } from '#shared/crypto/tokens.ts'
import { checkPin } from '#shared/domain/pin.ts'
import { knowsPassword, knowsPin, possession } from '#shared/domain/session.ts'
import { identitySubject } from '#shared/domain/subject.ts'
import { policy } from '#shared/policy.ts'
import { transact } from '#shared/stores/database.ts'
import { type Identity, readIdentity } from '#shared/stores/identities.ts'
import { replacePinWrite, setFirstPinWrite } from '#shared/stores/identity-changes.ts'
import { newSession, sessionTimes } from '#shared/stores/sessions.ts'
import { BadRequest } from './bad-request.ts'
import type { Dispatch } from './gateway/dispatch.ts'
import { localAdmin } from './gateway/proxy-event.ts'

const asked = z.looseObject({
  userId: z.optional(z.string().check(z.refine(isUserId, { error: userIdRule }))),
  password: z.optional(
    z.string().check(z.minLength(1), z.maxLength(1000, { error: 'must be at most 1000 characters' })),
  ),
  passwordHash: z.optional(z.unknown()),
  pin: z.optional(z.string()),
  session: z.optional(
    z.array(z.enum(['POSSESSION', 'PIN'], { error: 'may hold POSSESSION and PIN, and nothing else' })),
  ),
  status: z.optional(z.unknown()),
})
type Asked = z.output<typeof asked>

function readAsked(body: unknown): Asked {
  const result = asked.safeParse(body)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
  throw new BadRequest(problems.join('; '))
}

/** Everything that can be known before anything is written. */
function check({ password, passwordHash, pin, session, status }: Asked, known: Identity | undefined): void {
  const refuse = (problem: string) => {
    throw new BadRequest(problem)
  }
  if (password !== undefined && passwordHash != null) refuse('password: stands in place of passwordHash')
  const weak = pin === undefined ? undefined : checkPin(pin)
  if (weak) refuse(`pin: ${codes[weak][1]}`)
  if (session === undefined) return
  if ((status ?? known?.status) === 'suspended') refuse('session: a suspended identity can have none')
  if (!session.includes('PIN')) return
  if (!session.includes('POSSESSION')) refuse('session: a PIN counts only beside POSSESSION')
  if (pin === undefined && known?.pin === undefined) refuse('session: PIN needs a pin')
}

/** argon2id as the service makes it, over the password as it is typed. */
const hashOf = (password: string) => {
  const { memoryKiB, passes, lanes, hashBytes } = policy.argon2
  return hash(password, {
    memoryCost: memoryKiB,
    timeCost: passes,
    parallelism: lanes,
    outputLen: hashBytes,
  })
}

interface Answer {
  readonly data?: unknown
  readonly error?: {
    readonly message: string
    readonly details?: readonly { readonly field: string; readonly message: string }[]
  }
}

/** The product's own admin route. @throws BadRequest with what it refuses */
async function admin(dispatch: Dispatch, method: string, userId: string, body?: object): Promise<unknown> {
  const reply = await dispatch({
    method,
    target: `/admin/identities/${encodeURIComponent(userId)}`,
    headers: body === undefined ? [] : [['Content-Type', 'application/json']],
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    sourceIp: '127.0.0.1',
  })
  const { data, error } = JSON.parse(String(reply.body)) as Answer
  if (reply.status < 400) return data
  const details = error?.details?.map(({ field, message }) => `${field}: ${message}`)
  const problem = details?.join('; ') ?? error?.message ?? 'The identity was refused.'
  if (reply.status < 500) throw new BadRequest(problem)
  throw new Error(problem)
}

async function identityOf(userId: string): Promise<Identity> {
  const identity = await readIdentity(userId)
  if (identity === undefined) throw new Error('The identity is not there.')
  return identity
}

/** As `/api/pin/set` leaves it, but that nobody is told. */
async function setPin(userId: string, pin: string): Promise<void> {
  const now = Date.now()
  const subject = identitySubject(userId)
  const recorder = recorderOf(newId(), now, { actor: localAdmin, requestId: newId() })
  const event = recorder.event({
    ...{ type: 'PIN_SET', outcome: 'success', subject, userId },
    factors: [{ group: 'KNOWLEDGE', method: 'pin' }],
  })
  const identity = await identityOf(userId)
  const replace = identity.pin === undefined ? setFirstPinWrite : replacePinWrite
  const verdict = await transact([replace(identity, await sealPin(userId, pin), now), event.write])
  if (!verdict.committed) throw new BadRequest('pin: only an active identity can be given one')
}

async function openSession(userId: string, proved: readonly ('POSSESSION' | 'PIN')[]) {
  const now = Date.now()
  const identity = await identityOf(userId)
  const factors = [
    ...(identity.password ? [knowsPassword(now, sessionTimes())] : []),
    ...(proved.includes('POSSESSION') ? [possession(identity.phone ? 'sms-otp' : 'email-otp', now)] : []),
    ...(proved.includes('PIN') ? [knowsPin(now)] : []),
  ]
  const session = newSession({ identity, factors, device: undefined, userAgent: undefined, now })
  await transact([session.write])
  return { token: session.token, expiresInSeconds: session.expiresInSeconds }
}

/**
 * Registers or changes an identity as the admin route does, and gives it what that route has no words for.
 * @param body fields of the admin route; `userId`, made up where it is absent; `password` and `pin` in clear; `session`: the
 * factors that a session of theirs is to have
 * @returns the identity as the admin route shows it, its userId once more for it is needed most, and the session's token where
 * one was asked for
 * @throws BadRequest that says what is wrong
 */
export async function addIdentity(dispatch: Dispatch, body: unknown): Promise<object> {
  const given = readAsked(body)
  const { userId = `u-${newId()}`, password, pin, session, ...fields } = given
  check(given, await readIdentity(userId))
  await admin(dispatch, 'PUT', userId, {
    ...fields,
    ...(password !== undefined && { passwordHash: await hashOf(password) }),
  })
  if (pin !== undefined) await setPin(userId, pin)
  const opened = session && (await openSession(userId, session))
  return { userId, identity: await admin(dispatch, 'GET', userId), ...opened }
}
