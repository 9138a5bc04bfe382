/** Whom a word means that support was told: everything it may be is asked for, and nothing is chosen between several people. */
import { parseEmail, parsePhone, parseReference, parseUsername } from '../contract/schemas.ts'
import { isUserId } from '../contract/user-id.ts'
import { plain } from './plain.ts'

const parses = {
  email: parseEmail,
  phone: parsePhone,
  username: parseUsername,
  reference: parseReference,
} as const

/** How people are looked up; each gives undefined for nobody. */
export interface Directory {
  /** @returns the userId */
  readonly find: (kind: keyof typeof parses, value: string) => Promise<string | undefined>
  readonly isThere: (userId: string) => Promise<boolean>
}

/** All that a word may be: a name that another system gave may look like an email, or a username. */
function readings(word: string) {
  return (Object.keys(parses) as (keyof typeof parses)[]).flatMap((kind) => {
    const value = parses[kind](word)
    return value === undefined ? [] : [{ kind, value }]
  })
}

/** @returns the userId, or in a sentence why there is none. @throws what the directory throws */
export async function whoIsMeant(
  word: string,
  { find, isThere }: Directory,
): Promise<{ readonly userId: string } | { readonly problem: string }> {
  const asked = readings(word).map(({ kind, value }) => find(kind, value))
  const named = isUserId(word) ? isThere(word) : false
  // All at once, so that where one fails none of the others fails unheard.
  const [isNamed, ...found] = await Promise.all([named, ...asked])
  const people = new Set(found.filter((userId) => userId !== undefined))
  if (isNamed) people.add(word)
  const [userId] = people
  if (userId === undefined) return { problem: `Nobody is known by "${plain(word)}".` }
  if (people.size > 1)
    return {
      problem: `"${plain(word)}" is said of several: ${[...people].join(', ')}. Name one by another word.`,
    }
  return { userId }
}
