/** Whom a word on the command line means. */
import { whoIsMeant } from '#shared/words/who.ts'
import { callAdmin } from './admin.ts'
import { Problem } from './problem.ts'

/**
 * @returns the userId
 * @throws Problem when it is nobody, or more than one
 */
export async function whoIs(word: string, isLocal: boolean): Promise<string> {
  const meant = await whoIsMeant(word, {
    find: async (kind, value) =>
      (await callAdmin('findIdentity', { query: { [kind]: value } }, isLocal))?.data.userId,
    isThere: async (userId) => (await callAdmin('identityState', { userId }, isLocal)) !== undefined,
  })
  if ('problem' in meant) throw new Problem(meant.problem, 1)
  return meant.userId
}
