/** What must hold once the steps of the page are done. */
import { type Client, must, type Said } from '../upgrade/client.ts'
import {
  chosenBefore,
  type Person,
  pair,
  pinBefore,
  resetByEmail,
  resetBySms,
  sessionOf,
  stepUp,
} from '../upgrade/people.ts'
import { type Past, resetPair, resetWith, type Undone, undonePassword, undonePin } from './past.ts'

export interface Held {
  readonly group: string
  readonly says: string
  readonly wanted: string
  readonly got: string
}
type Holding = AsyncGenerator<Held>

const chosenAnew = 'Plum-Harbour-72-Vane'

/** @param said what an answer is held to */
export const answers = async (
  group: string,
  says: string,
  wanted: string,
  said: Promise<Said>,
): Promise<Held> => ({
  group,
  says,
  wanted,
  got: (await said).code,
})

async function* sessions(client: Client, past: Past, { lateToken }: Undone): Holding {
  const tokens = {
    kept: past.keeperToken,
    'ended by an undone reset': past.changedToken,
    pinned: past.pinnedToken,
    late: lateToken,
  }
  for (const [name, token] of Object.entries(tokens))
    yield await answers(
      'sessions_dead',
      `a session of before is dead: ${name}`,
      'SESSION_INVALID',
      client.get('/api/auth/session', token),
    )
}

async function* codes(client: Client, past: Past, { lateCode }: Undone): Holding {
  const dead = (says: string, wanted: string, said: Promise<Said>) =>
    answers('codes_dead', says, wanted, said)
  yield await dead('a code by email', 'OTP_INVALID', resetWith(client, past.coded, past.code))
  yield await dead(
    'a code that an undone reset used',
    'OTP_INVALID',
    resetWith(client, past.used, past.usedCode),
  )
  yield await dead('a code sent after the moment', 'OTP_INVALID', resetWith(client, past.keeper, lateCode))
  const otp = past.textedCode
  const verify = client.post('/api/password-reset/verify-otp', { ...pair(past.texted), otp })
  yield await dead('a code by SMS', 'OTP_INVALID', verify)
  yield await dead('a reset token', 'TOKEN_INVALID', resetPair(client, past.proved, past.resetToken))
  yield await dead('a sign-in that waits', 'OTP_INVALID', client.post('/api/auth/login/verify', past.signIn))
  const disown = client.post('/api/recovery/not-me', { token: past.link })
  yield await answers('links', 'a link of "It was not me" goes on: it shuts, and opens nothing', 'OK', disown)
}

async function* people(client: Client, past: Past, { newcomer }: Undone): Holding {
  const signIn = (says: string, wanted: string, { username }: Person, password: string) =>
    answers('people', says, wanted, client.signIn(username, password))
  yield await signIn('a password that stayed works', 'OK', past.keeper, past.keeper.password)
  yield await signIn('one reset before the moment works', 'OK', past.settled, chosenBefore)
  for (const person of [past.changed, past.used]) {
    yield await signIn(
      'a password that was replaced is not back',
      'CREDENTIALS_INVALID',
      person,
      person.password,
    )
    yield await signIn('nor is the undone one there', 'CREDENTIALS_INVALID', person, undonePassword)
    yield await answers(
      'people',
      'its owner gets in by a reset',
      'OK',
      resetByEmail(client, person, chosenAnew),
    )
    yield await signIn('and signs in', 'OK', person, chosenAnew)
  }
  yield await signIn(
    'who was suspended is again',
    'CREDENTIALS_INVALID',
    past.suspended,
    past.suspended.password,
  )
  yield await signIn('who was erased is again', 'CREDENTIALS_INVALID', past.erased, past.erased.password)
  yield await signIn('who came since is put again', 'OK', newcomer, newcomer.password)
}

async function* pins(client: Client, past: Past): Holding {
  for (const person of [past.pinned, past.repinned]) {
    const token = await sessionOf(client, person, person.password)
    await stepUp(client, person, token)
    const verify = (pin: string) => client.post('/api/pin/verify', { pin }, token)
    if (person === past.repinned)
      yield await answers('pins', 'a PIN reset after the moment is undone', 'PIN_INVALID', verify(undonePin))
    yield await answers('pins', 'the PIN of the moment verifies', 'OK', verify(pinBefore))
  }
}

async function* resets(client: Client, past: Past): Holding {
  await client.advance(61)
  yield await answers('resets', 'a reset by email', 'OK', resetByEmail(client, past.coded, chosenAnew))
  for (const person of [past.texted, past.proved])
    yield await answers('resets', 'a reset by SMS', 'OK', resetBySms(client, person, chosenAnew))
  for (const person of [past.coded, past.texted, past.proved])
    yield await answers('resets', 'and signs in', 'OK', client.signIn(person.username, chosenAnew))
}

const groups = { sessions, codes, people, pins, resets }

/** A group that cannot go on is told as what does not hold. */
export async function* holdAll(client: Client, past: Past, undone: Undone): Holding {
  await must(client.put(`/admin/identities/${undone.newcomer.userId}`, undone.newcomer.row))
  for (const [group, hold] of Object.entries(groups)) {
    try {
      yield* hold(client, past, undone)
    } catch (error) {
      yield { group, says: 'the rest of it', wanted: 'held', got: (error as Error).message }
    }
  }
}
