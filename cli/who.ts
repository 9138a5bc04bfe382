/** Whom a word on the command line means. */
import { parseEmail, parsePhone, parseReference, parseUsername } from '#shared/contract/schemas.ts'
import { isUserId } from '#shared/contract/user-id.ts'
import { callAdmin } from './admin.ts'
import { Problem } from './problem.ts'
import { plain } from './timeline.ts'

/** All that the word may be: a name that another system gave may look like an email, or a username. */
function readings(word: string): { readonly name: string; readonly value: string }[] {
  const parses = {
    email: parseEmail,
    phone: parsePhone,
    username: parseUsername,
    reference: parseReference,
  }
  return Object.entries(parses).flatMap(([name, parse]) => {
    const value = parse(word)
    return value === undefined ? [] : [{ name, value }]
  })
}

/**
 * @returns the userId
 * @throws Problem when it is nobody, or more than one
 */
export async function whoIs(word: string, isLocal: boolean): Promise<string> {
  const asked = readings(word).map(async ({ name, value }) => {
    const found = await callAdmin('findIdentity', { query: { [name]: value } }, isLocal)
    return found?.data.userId
  })
  const named = isUserId(word) ? callAdmin('identityState', { userId: word }, isLocal) : undefined
  // All at once, so that where one fails none of the others fails unheard.
  const [state, ...found] = await Promise.all([named, ...asked])
  const people = new Set(found.filter((userId) => userId !== undefined))
  if (state !== undefined) people.add(word)
  const [userId] = people
  if (userId === undefined) throw new Problem(`Nobody is known by "${plain(word)}".`, 1)
  if (people.size > 1)
    throw new Problem(
      `"${plain(word)}" is said of several: ${[...people].join(', ')}. Name one by another word.`,
      1,
    )
  return userId
}
