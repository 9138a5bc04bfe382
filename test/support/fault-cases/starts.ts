/** How the cases begin: with a person, or with a session. */
import type { IdentityChange } from '#shared/domain/registration.ts'
import { storePerson, storeSession } from '#test/support/as-stored.ts'
import type { TestIdentity } from '#test/support/world.ts'
import type { Prepared } from './case.ts'

/** A call that needs nobody but the person. */
export const of =
  (call: (person: TestIdentity) => ReturnType<Prepared['call']>, given?: IdentityChange) =>
  async (): Promise<Prepared> => {
    const person = await storePerson(given)
    return { person, call: () => call(person) }
  }

/** A call of a session. */
export const inSession =
  (call: (token: string, person: TestIdentity) => ReturnType<Prepared['call']>) =>
  async (): Promise<Prepared> => {
    const person = await storePerson()
    const token = await storeSession(person.userId, { phone: false })
    return { person, call: () => call(token, person) }
  }
