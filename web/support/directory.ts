/** Finds whom somebody means, by the admin routes. */
import { type Directory, whoIsMeant } from '#shared/words/who.ts'
import { type Ask, Refused } from './api.ts'

/** What is of no form the route knows, or is not there, is nobody. */
async function orNobody<Found>(asked: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Refused && ['NOT_FOUND', 'VALIDATION_FAILED'].includes(error.code)) return undefined
    throw error
  }
}

const directoryOf = (ask: Ask): Directory => ({
  find: async (kind, value) =>
    (await orNobody(ask('findIdentity', { query: { [kind]: value } })))?.data.userId,
  isThere: async (userId) => (await orNobody(ask('identityState', { userId }))) !== undefined,
})

/** @throws Refused */
export const whoIs = (ask: Ask, word: string) => whoIsMeant(word, directoryOf(ask))
