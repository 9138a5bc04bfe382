/** What the version before leaves in its data folder: people, sessions, what is on its way, failures on record. */
import { seedIdentities, seedPassword } from '#local/seed.ts'
import { type Client, must } from './client.ts'
import {
  chosenBefore,
  emailCode,
  linkOfReset,
  type Person,
  pair,
  pinHolder,
  register,
  resetByEmail,
  resetBySms,
  sessionOf,
  smsCode,
  smsToken,
  stepUp,
} from './people.ts'

export type Past = Awaited<ReturnType<typeof makePast>>

/** Of ten that a limit takes. */
const failuresBefore = 9
const wrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

const seeded = (userId: keyof typeof seedIdentities): Person => ({
  userId,
  row: seedIdentities[userId],
  password: seedPassword,
  ...seedIdentities[userId],
})

async function repeat(times: number, act: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < times; done += 1) await act()
}

/** The challenge of a sign-in that waits for its code, and the code. */
export async function openSignIn(client: Client, person: Person, password: string) {
  let challengeId = ''
  const otp = await client.codeBy(person.phone, async () => {
    challengeId = String((await must(client.signIn(person.username, password)))['challengeId'])
  })
  return { challengeId, otp }
}

async function signInWithCode(client: Client, person: Person): Promise<string> {
  const proved = await must(
    client.post('/api/auth/login/verify', await openSignIn(client, person, person.password)),
  )
  return String(proved['accessToken'])
}

/** People whose password is of each kind. */
async function passwords(client: Client) {
  const signedIn = await register(client, 'bcrypt-upgraded', 'bcrypt')
  const reset = await register(client, 'bcrypt-reset', 'bcrypt')
  const olderSession = await sessionOf(client, reset, reset.password)
  await must(resetByEmail(client, reset, chosenBefore))
  return {
    bcryptImported: await register(client, 'bcrypt-imported', 'bcrypt'),
    argon2Imported: await register(client, 'argon2-imported', 'argon2Heavier'),
    bcryptUpgraded: { ...signedIn, token: await sessionOf(client, signedIn, signedIn.password) },
    reset: { ...reset, olderSession, token: await sessionOf(client, reset, chosenBefore) },
  }
}

async function statuses(client: Client) {
  const suspended = await register(client, 'suspended')
  const suspendedToken = await sessionOf(client, suspended, suspended.password)
  await must(client.put(`/admin/identities/${suspended.userId}`, { status: 'suspended' }))
  const required = await register(client, 'reset-required')
  await must(client.post(`/admin/identities/${required.userId}/require-reset`))
  const disowned = await register(client, 'disowned')
  await must(client.post('/api/recovery/not-me', { token: await linkOfReset(client, disowned) }))
  const signedOut = await register(client, 'signed-out')
  const endedToken = await sessionOf(client, signedOut, signedOut.password)
  await must(client.post('/api/auth/logout', {}, endedToken))
  return { suspended, suspendedToken, required, disowned, endedToken }
}

async function secondFactors(client: Client) {
  const bySms = await register(client, 'mfa-reset-by-sms', 'argon2', { mfaEnabled: true })
  await must(resetBySms(client, bySms, chosenBefore))
  const vikram = seeded('u-vikram')
  const withSession = await register(client, 'mfa-session', 'bcrypt', { mfaEnabled: true })
  return { bySms, vikram, withSession, sessionToken: await signInWithCode(client, withSession) }
}

async function pins(client: Client) {
  const holder = await register(client, 'pin-holder')
  const token = await pinHolder(client, holder)
  const forgot = await register(client, 'pin-forgot')
  await pinHolder(client, forgot)
  const failing = await register(client, 'pin-failing')
  const failingToken = await pinHolder(client, failing)
  await repeat(failuresBefore, () => client.post('/api/pin/verify', { pin: '730264' }, failingToken))
  const first = await register(client, 'pin-first', 'bcrypt')
  const firstToken = await sessionOf(client, first, first.password)
  await stepUp(client, first, firstToken)
  await must(client.post('/api/consent', { document: 'loan-terms', version: '3' }, firstToken))
  return { holder: { ...holder, token }, forgot, failing, failingToken, first, firstToken }
}

async function failures(client: Client) {
  const logins = await register(client, 'logins-failed')
  await repeat(failuresBefore, () => client.signIn(logins.email, 'Wrong-Harbour-33-Fern'))
  const pairs = await register(client, 'pairs-failed')
  await repeat(5, () =>
    client.post('/api/password-reset/verify-identity', { ...pair(pairs), phone: '+201055555555' }),
  )
  const codes = await register(client, 'codes-used-up')
  const ask = () => client.post('/api/auth/forgot-password', { email: codes.email })
  await repeat(3, async () => {
    await client.codeBy(codes.email, ask)
    await client.advance(61)
  })
  return { logins, pairs, codes }
}

/** Last, so that it is still alive at the upgrade. */
async function onTheirWay(client: Client) {
  const coded = await register(client, 'code-pending')
  const code = await emailCode(client, coded)
  const guessed = await register(client, 'code-guessed')
  const guessedCode = await emailCode(client, guessed)
  await client.post('/auth/reset-password', {
    email: guessed.email,
    otp: wrongCode(guessedCode),
    newPassword: chosenBefore,
  })
  const texted = await register(client, 'code-by-sms')
  const textedCode = await smsCode(client, texted)
  const proved = await register(client, 'token-pending')
  const resetToken = await smsToken(client, proved)
  const stepping = await register(client, 'step-up-pending')
  const steppingToken = await sessionOf(client, stepping, stepping.password)
  const stepUpCode = await client.codeBy(stepping.phone, () =>
    client.post('/api/auth/step-up/request', {}, steppingToken),
  )
  const signingIn = await register(client, 'sign-in-pending', 'argon2', { mfaEnabled: true })
  const signIn = await openSignIn(client, signingIn, signingIn.password)
  const linked = await register(client, 'link-pending')
  const link = await linkOfReset(client, linked)
  const made = await register(client, 'code-made')
  await client.failing({ service: 'ses', count: 1_000_000 }, () =>
    must(client.post('/auth/request-password-reset', { email: made.email })),
  )
  const ordered = await register(client, 'code-ordered')
  await client.failing({ service: 'kms', function: 'deliver', count: 1_000_000 }, () =>
    must(client.post('/auth/request-password-reset', { email: ordered.email })),
  )
  return {
    ...{ coded, code, guessed, guessedCode, texted, textedCode, proved, resetToken },
    ...{ stepping, steppingToken, stepUpCode, signingIn, signIn, linked, link },
    /** Stand in the outbox as the version ends: the code is made already, or is not. */
    ...{ made, ordered },
  }
}

/** @throws Error where the version before refuses a step: then there is nothing to upgrade */
export async function makePast(client: Client) {
  const priya = seeded('u-priya')
  const omar = seeded('u-omar')
  const priyaToken = await sessionOf(client, priya, seedPassword)
  await must(resetByEmail(client, omar, chosenBefore))
  return {
    priya: { ...priya, token: priyaToken },
    rahul: seeded('u-rahul'),
    omar,
    ...(await passwords(client)),
    ...(await statuses(client)),
    ...(await secondFactors(client)),
    pins: await pins(client),
    failed: await failures(client),
    open: await onTheirWay(client),
  }
}
