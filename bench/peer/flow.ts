/**
 * The same flow with better-auth: a code by email, the code checked, a new password, a sign-in. Its database is SQLite in
 * this process's memory; passwords are hashed by the same argon2. It keeps no ledger, sends nothing, and calls no one.
 */
import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { type Algorithm, hash, verify } from '@node-rs/argon2'
import { policy } from '../../shared/policy.ts'
import { answerWith } from '../processes/ask.ts'
import { perSecond } from '../processes/at-once.ts'
import { cpuOf } from '../processes/cpu-time.ts'

export interface PeerInput {
  readonly warmUp: number
  readonly recoveries: number
  readonly atOnce: number
}
export interface PeerResult {
  /** CPU milliseconds of each recovery. */
  readonly cpuMs: readonly number[]
  readonly perSecond: number
}

interface Auth {
  readonly handler: (request: Request) => Promise<Response>
  readonly options: unknown
}
/** The little of the package that is used; it is installed apart, so the checkout's types do not know it. */
interface Peer {
  readonly betterAuth: (options: unknown) => Auth
  readonly emailOTP: (options: unknown) => unknown
  readonly getMigrations: (options: unknown) => Promise<{ runMigrations: () => Promise<void> }>
}

const origin = 'http://127.0.0.1'
const newPassword = 'Plum-Harbour-72-Vane'
const argon2id = 2 as Algorithm

async function loadPeer(): Promise<Peer> {
  const names = ['better-auth', 'better-auth/plugins/email-otp', 'better-auth/db/migration']
  return Object.assign({}, ...(await Promise.all(names.map((name) => import(name))))) as Peer
}

async function openAuth(codes: Map<string, string>): Promise<Auth> {
  const { betterAuth, emailOTP, getMigrations } = await loadPeer()
  const { memoryKiB: memoryCost, passes: timeCost, lanes: parallelism } = policy.argon2
  const options = {
    baseURL: origin,
    secret: randomBytes(32).toString('base64'),
    database: new DatabaseSync(':memory:'),
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      revokeSessionsOnPasswordReset: true,
      password: {
        hash: (password: string) =>
          hash(password, { algorithm: argon2id, memoryCost, timeCost, parallelism }),
        verify: (given: { hash: string; password: string }) => verify(given.hash, given.password),
      },
    },
    plugins: [
      emailOTP({
        storeOTP: 'hashed',
        sendVerificationOTP: async ({ email, otp }: { email: string; otp: string }) =>
          void codes.set(email, otp),
      }),
    ],
  }
  const auth = betterAuth(options)
  await (await getMigrations(auth.options)).runMigrations()
  return auth
}

/** @throws Error that shows the answer when it is no success */
async function post(auth: Auth, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json', origin, 'user-agent': 'bench/1.0' }
  const request = new Request(`${origin}/api/auth${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const response = await auth.handler(request)
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
}

async function recover(auth: Auth, email: string, codes: ReadonlyMap<string, string>): Promise<void> {
  await post(auth, '/email-otp/request-password-reset', { email })
  const otp = codes.get(email) ?? ''
  await post(auth, '/email-otp/check-verification-otp', { email, otp, type: 'forget-password' })
  await post(auth, '/email-otp/reset-password', { email, otp, password: newPassword })
  await post(auth, '/sign-in/email', { email, password: newPassword })
}

async function measure({ warmUp, recoveries, atOnce }: PeerInput): Promise<PeerResult> {
  const codes = new Map<string, string>()
  const auth = await openAuth(codes)
  const register = async () => {
    const email = `${randomBytes(6).toString('hex')}@example.com`
    await post(auth, '/sign-up/email', { email, password: 'password123', name: 'Someone' })
    return email
  }
  const cpuMs: number[] = []
  for (let count = 0; count < warmUp + recoveries; count += 1) {
    const email = await register()
    const spent = await cpuOf(() => recover(auth, email, codes))
    if (count >= warmUp) cpuMs.push(spent)
  }
  const emails = await Promise.all(Array.from({ length: recoveries }, register))
  const rate = await perSecond(recoveries, atOnce, (index) => recover(auth, emails[index] ?? '', codes))
  return { cpuMs, perSecond: rate }
}

answerWith({ measure })
