/** The two routes that check a pair, and ways to type one. */
import { newIp, type TestIdentity, type World } from './world.ts'

export const verifyIdentityPath = '/api/password-reset/verify-identity'
export const requestForPairPath = '/api/password-reset/request'

export const mismatchSentence = 'Invalid credentials. Please check your email/username and phone number.'

let numbers = 0
/** A phone of no one, another one in each call. */
export function strangePhone(): string {
  numbers += 1
  return `+9198${String(10_000_000 + numbers)}`
}

let names = 0
/** A username of no one, another one in each call. */
export function strangeName(): string {
  names += 1
  return `nobody-${names}`
}

export const pairOf = (person: Pick<TestIdentity, 'username' | 'phone'>) => ({
  identifier: person.username,
  phone: person.phone,
})

export const presentPair = (
  world: World,
  path: string,
  pair: { readonly identifier: string; readonly phone: string },
  ip = newIp(),
) => world.post(path, pair, { ip })
