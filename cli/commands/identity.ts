/** `latchkey identity` and `latchkey sessions`: what support does for one person, by the admin routes. */
import type { ReplyData } from '#shared/contract/replies.ts'
import { callAdmin } from '../admin.ts'
import type { Given } from '../arguments.ts'
import { sessionLine, stateInWords } from '../identity-words.ts'
import { print } from '../output.ts'
import { Problem } from '../problem.ts'
import type { Clock } from '../services.ts'
import { whoIs } from '../who.ts'

/** @throws Problem when nobody is meant, or several; what the network or the credential chain says */
export async function findCommand(given: Given<'identity find'>, _: Clock, isLocal: boolean): Promise<void> {
  const userId = await whoIs(given.words[0], isLocal)
  print(given.json, { userId }, () => `${userId}\n`)
}

async function stateOf(word: string, isLocal: boolean): Promise<ReplyData<'identityState'>> {
  const userId = await whoIs(word, isLocal)
  const state = await callAdmin('identityState', { userId }, isLocal)
  if (state === undefined) throw new Problem(`${userId} is not there any more.`, 1)
  return state.data
}

/** @throws as {@link findCommand} */
export async function showCommand(
  given: Given<'identity show'>,
  clock: Clock,
  isLocal: boolean,
): Promise<void> {
  const state = await stateOf(given.words[0], isLocal)
  print(given.json, state, () => stateInWords(state, clock()))
}

/** @throws as {@link findCommand} */
export async function sessionsCommand(given: Given<'sessions'>, _: Clock, isLocal: boolean): Promise<void> {
  const { userId, sessions } = await stateOf(given.words[0], isLocal)
  print(given.json, { userId, sessions }, () =>
    sessions.length === 0 ? `${userId} has no live session.\n` : sessions.map(sessionLine).join(''),
  )
}

type Act =
  | 'unlockIdentity'
  | 'requireReset'
  | 'suspendIdentity'
  | 'resumeIdentity'
  | 'signOutIdentity'
  | 'deleteIdentity'

/** @returns the command of one act: the route does it, and names in the ledger who asked and why */
export const actCommand =
  (route: Act) =>
  async (given: Given<'identity unlock'>, _: Clock, isLocal: boolean): Promise<void> => {
    const userId = await whoIs(given.words[0], isLocal)
    const { reason } = given.options
    const done = await callAdmin(
      route,
      { userId, body: { ...(reason !== undefined && { reason }) } },
      isLocal,
    )
    if (done === undefined) throw new Problem(`${userId} is not there any more.`, 1)
    print(given.json, { userId, done: done.message }, () => `${userId}: ${done.message}\n`)
  }
