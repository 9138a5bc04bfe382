/** What this version answers to people whose past is another version's. */
import type { Past } from './before.ts'
import { type Client, must, type Said } from './client.ts'
import {
  chosenBefore,
  emailCode,
  type Person,
  pair,
  pinBefore,
  resetByEmail,
  resetBySms,
  sessionOf,
  stepUp,
} from './people.ts'

export interface Held {
  readonly group: string
  /** A sentence on what must be so. */
  readonly says: string
  readonly wanted: string
  readonly got: string
}

/** Chosen by a reset after the upgrade. */
const chosenAfter = 'Plum-Harbour-72-Vane'
const pinAfter = '730264'

type Holding = AsyncGenerator<Held>

const holdsTo = (group: string, says: string, wanted: string, got: string): Held => ({
  group,
  says,
  wanted,
  got,
})
const answers = async (group: string, says: string, wanted: string, said: Promise<Said>): Promise<Held> =>
  holdsTo(group, says, wanted, (await said).code)

const adminPath = ({ userId }: Person) => `/admin/identities/${userId}`
const sessionCode = (client: Client, token: string) => client.get('/api/auth/session', token)

async function* sessions(client: Client, past: Past): Holding {
  const group = 'sessions'
  const living = { priya: past.priya.token, upgraded: past.bcryptUpgraded.token, reset: past.reset.token }
  for (const [name, token] of Object.entries({ ...living, mfa: past.sessionToken }))
    yield await answers(group, `a session that lived goes on: ${name}`, 'OK', sessionCode(client, token))
  const ended = { signedOut: past.endedToken, reset: past.reset.olderSession, suspended: past.suspendedToken }
  for (const [name, token] of Object.entries(ended))
    yield await answers(
      group,
      `a session that had ended stays so: ${name}`,
      'SESSION_INVALID',
      sessionCode(client, token),
    )
}

async function* endsAtUpgrade(client: Client, { open }: Past): Holding {
  const group = 'on_their_way'
  const newPassword = chosenAfter
  const reset = (person: Person, otp: string) =>
    client.post('/auth/reset-password', { email: person.email, otp, newPassword })
  const hasEnded = (what: string, wanted: string, said: Promise<Said>) =>
    answers(group, `${what} on its way ends with its usual answer`, wanted, said)
  yield await hasEnded('a code by email', 'OTP_INVALID', reset(open.coded, open.code))
  yield await hasEnded('a code guessed at before', 'OTP_INVALID', reset(open.guessed, open.guessedCode))
  const otp = open.textedCode
  const verify = client.post('/api/password-reset/verify-otp', { ...pair(open.texted), otp })
  yield await hasEnded('a code by SMS', 'OTP_INVALID', verify)
  const byToken = { ...pair(open.proved), resetToken: open.resetToken, newPassword }
  yield await hasEnded('a reset token', 'TOKEN_INVALID', client.post('/api/password-reset/reset', byToken))
  const stepping = client.post('/api/auth/step-up/verify', { otp: open.stepUpCode }, open.steppingToken)
  yield await hasEnded('a step-up code', 'OTP_INVALID', stepping)
  yield await hasEnded('a sign-in code', 'OTP_INVALID', client.post('/api/auth/login/verify', open.signIn))
  const disown = client.post('/api/recovery/not-me', { token: open.link })
  yield await hasEnded('a link of "It was not me"', 'TOKEN_INVALID', disown)
}

/** Before anybody's hash is upgraded by a sign-in: rows are put again, as a nightly sync does. */
async function* repeatedPuts(client: Client, past: Past): Holding {
  const group = 'repeated_puts'
  const stateOf = async (person: Person) =>
    JSON.stringify((await client.get(adminPath(person))).data, ['updatedAt', 'hasPassword', 'status'])
  const putAgain = (person: Person) => must(client.put(adminPath(person), person.row))
  for (const person of [past.bcryptImported, past.argon2Imported, past.pins.forgot]) {
    const before = await stateOf(person)
    if (person === past.pins.forgot) {
      // Upgraded by a sign-in: nothing tells what was put, so the row counts as new once (ADR 0062).
      await putAgain(person)
      const token = await sessionOf(client, person, person.password)
      await putAgain(person)
      const says = `the second time a row of an upgraded hash changes nothing: ${person.userId}`
      yield await answers(group, says, 'OK', sessionCode(client, token))
      continue
    }
    await putAgain(person)
    yield holdsTo(group, `an import's row changes nothing: ${person.userId}`, before, await stateOf(person))
  }
  const { passwordHash: _, ...fields } = past.bcryptUpgraded.row
  const before = await stateOf(past.bcryptUpgraded)
  await must(client.put(adminPath(past.bcryptUpgraded), fields))
  const says = 'a row without a hash changes nothing'
  yield holdsTo(group, says, before, await stateOf(past.bcryptUpgraded))
  yield await answers(group, says, 'OK', sessionCode(client, past.bcryptUpgraded.token))
}

async function* signIns(client: Client, past: Past): Holding {
  const group = 'sign_in'
  const native = { ...past.omar, password: chosenBefore }
  const reset = { ...past.reset, password: chosenBefore }
  const people = [past.priya, past.rahul, native, reset, past.bcryptImported, past.argon2Imported]
  for (const person of [...people, past.bcryptUpgraded, past.pins.holder, past.open.linked]) {
    const password = person === past.open.linked ? chosenBefore : person.password
    const said = client.signIn(person.username, password)
    yield await answers(group, `the password goes on: ${person.userId}`, 'OK', said)
  }
  const wrong = client.signIn(past.rahul.username, 'Wrong-Harbour-33-Fern')
  yield await answers(group, 'a wrong password is refused', 'CREDENTIALS_INVALID', wrong)
  const replaced = client.signIn(past.reset.username, past.reset.password)
  yield await answers(group, 'a replaced password stays replaced', 'CREDENTIALS_INVALID', replaced)
}

async function* secondFactors(client: Client, { bySms, vikram, withSession }: Past): Holding {
  const group = 'second_factor'
  for (const [person, password, address, way] of [
    [bySms, chosenBefore, bySms.email, 'who had reset by SMS gets the code by email'],
    [withSession, withSession.password, withSession.phone, 'gets the code by SMS'],
    [vikram, vikram.password, vikram.phone, 'of the seed gets the code by SMS'],
  ] as const) {
    let signIn: Said | undefined
    const otp = await client.codeBy(address, async () => {
      signIn = await client.signIn(person.username, password)
    })
    const challengeId = signIn?.data['challengeId']
    const said = client.post('/api/auth/login/verify', { challengeId, otp })
    yield await answers(group, `a person with a second factor ${way}`, 'OK', said)
  }
}

async function* statuses(client: Client, { suspended, required, disowned }: Past): Holding {
  const group = 'statuses'
  for (const [person, password] of [
    [suspended, suspended.password],
    [required, required.password],
    [disowned, chosenBefore],
  ] as const) {
    const said = client.signIn(person.username, password)
    yield await answers(group, `stays shut out: ${person.userId}`, 'CREDENTIALS_INVALID', said)
  }
  await must(client.put(adminPath(suspended), { status: 'active' }))
  const resumed = client.signIn(suspended.username, suspended.password)
  yield await answers(group, 'once resumed the password works', 'OK', resumed)
  const reset = resetByEmail(client, required, chosenAfter)
  yield await answers(group, 'a required reset can be done', 'OK', reset)
  const asked = await client.post('/auth/request-password-reset', { email: disowned.email })
  yield holdsTo(group, 'recovery that was frozen answers as ever', 'OK', asked.code)
  await must(client.post(`${adminPath(disowned)}/unlock`))
  await client.advance(61)
  const back = resetByEmail(client, disowned, chosenAfter)
  yield await answers(group, 'once unlocked a disowned account is reset', 'OK', back)
}

async function* pins(client: Client, { pins: past }: Past): Holding {
  const group = 'pins'
  const verify = (token: string, pin: string) => client.post('/api/pin/verify', { pin }, token)
  yield await answers(group, 'a PIN verifies', 'OK', verify(past.holder.token, pinBefore))
  yield await answers(group, 'a wrong PIN is refused', 'PIN_INVALID', verify(past.holder.token, pinAfter))
  const tenth = verify(past.failingToken, pinAfter)
  yield await answers(group, 'the tenth wrong PIN, nine of them before, is refused', 'PIN_INVALID', tenth)
  const locked = verify(past.failingToken, pinBefore)
  yield await answers(group, 'and locks', 'PIN_LOCKED', locked)
  const { userId } = past.first
  const first = client.post('/api/pin/set', { userId, pin: pinAfter }, past.firstToken)
  yield await answers(group, 'a first PIN is set in a session of before', 'OK', first)
  for (const person of [past.forgot, past.failing]) {
    const { phone } = person
    const otp = await client.codeBy(phone, () => client.post('/api/pin/reset/request', { phone }))
    const kept = client.post('/api/pin/reset', { phone, otp, newPin: pinBefore })
    yield await answers(group, `the old PIN is known as such: ${person.userId}`, 'PIN_REUSED', kept)
    const reset = client.post('/api/pin/reset', { phone, otp, newPin: pinAfter })
    yield await answers(group, `a PIN is reset: ${person.userId}`, 'OK', reset)
    const token = await sessionOf(client, person, person.password)
    await stepUp(client, person, token)
    yield await answers(group, `the new PIN verifies: ${person.userId}`, 'OK', verify(token, pinAfter))
  }
}

async function* failures(client: Client, { failed: { logins, pairs, codes } }: Past): Holding {
  const group = 'failures_on_record'
  const wrong = client.signIn(logins.email, 'Wrong-Harbour-33-Fern')
  yield await answers(group, 'the tenth wrong password is refused', 'CREDENTIALS_INVALID', wrong)
  const right = client.signIn(logins.email, logins.password)
  yield await answers(group, 'and the eleventh by the limit', 'RATE_LIMITED', right)
  await must(client.post(`${adminPath(logins)}/unlock`))
  const unlocked = client.signIn(logins.email, logins.password)
  yield await answers(group, 'an unlock lifts it', 'OK', unlocked)
  const known = client.post('/api/password-reset/verify-identity', pair(pairs))
  yield await answers(group, 'mismatched pairs count on', 'RATE_LIMITED', known)
  const asked = client.post('/api/auth/forgot-password', { email: codes.email })
  yield await answers(group, 'codes of the hour count on', 'RATE_LIMITED', asked)
}

async function* recoveries(client: Client, past: Past): Holding {
  const group = 'recovery'
  await client.advance(61)
  const { open } = past
  // Its MAC of before proves nothing any more: nobody is sent a code that could not be used.
  const unsent = await client.entered(open.made.userId, 'CODE_NOT_SENT')
  yield holdsTo(
    group,
    'a code made before and not sent yet is not sent',
    'binding_changed',
    unsent.reason ?? 'no reason',
  )
  const instead = resetByEmail(client, open.made, chosenAfter)
  yield await answers(group, 'and who waits for it gets in with a new one', 'OK', instead)
  const { email } = open.ordered
  const ordered = await client.codeSent(email)
  const used = client.post('/auth/reset-password', { email, otp: ordered, newPassword: chosenAfter })
  yield await answers(group, 'a code ordered before, made and sent after, is good', 'OK', used)
  const again = { email: past.reset.email, otp: await emailCode(client, past.reset) }
  for (const newPassword of [past.reset.password, chosenBefore]) {
    const reused = client.post('/auth/reset-password', { ...again, newPassword })
    yield await answers(group, 'passwords of before are known as such', 'PASSWORD_REUSED', reused)
  }
  const reset = client.post('/auth/reset-password', { ...again, newPassword: chosenAfter })
  yield await answers(group, `a reset by email: ${past.reset.userId}`, 'OK', reset)
  for (const person of [open.coded, past.rahul]) {
    const done = resetByEmail(client, person, chosenAfter)
    yield await answers(group, `a reset by email: ${person.userId}`, 'OK', done)
  }
  for (const person of [open.texted, open.proved]) {
    const done = resetBySms(client, person, chosenAfter)
    yield await answers(group, `a reset by SMS: ${person.userId}`, 'OK', done)
  }
  for (const person of [past.reset, open.coded, past.rahul, open.texted, open.proved]) {
    const said = client.signIn(person.username, chosenAfter)
    yield await answers(group, `the new password works: ${person.userId}`, 'OK', said)
  }
  const old = sessionCode(client, past.reset.token)
  yield await answers(group, 'a reset ends sessions of before', 'SESSION_INVALID', old)
}

/** In an order in which none disturbs a later one. */
const groups = {
  sessions,
  on_their_way: endsAtUpgrade,
  failures_on_record: failures,
  pins,
  repeated_puts: repeatedPuts,
  sign_in: signIns,
  second_factor: secondFactors,
  statuses,
  recovery: recoveries,
}

/** All that must hold. A group that cannot go on, where a message never comes, is told as what does not hold. */
export async function* holdAll(client: Client, past: Past): Holding {
  for (const [group, hold] of Object.entries(groups)) {
    try {
      yield* hold(client, past)
    } catch (error) {
      yield holdsTo(group, 'the rest of it', 'held', (error as Error).message)
    }
  }
}
