/** How the cases begin: with a person, or with a session. */
import { signIn } from '#test/support/sessions.ts'
import type { TestIdentity, World } from '#test/support/world.ts'
import type { Prepared } from './case.ts'

/** A call that needs nobody but the person. */
export const of =
  (
    world: World,
    call: (person: TestIdentity) => ReturnType<Prepared['call']>,
    given?: Record<string, unknown>,
  ) =>
  async (): Promise<Prepared> => {
    const person = await world.identity(given)
    return { person, call: () => call(person) }
  }

/** A call of a session. */
export const inSession =
  (world: World, call: (token: string, person: TestIdentity) => ReturnType<Prepared['call']>) =>
  async (): Promise<Prepared> => {
    const person = await world.identity()
    const token = await signIn(world, person)
    return { person, call: () => call(token, person) }
  }
