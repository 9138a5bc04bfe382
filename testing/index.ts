/** The package's `testing` export: Latchkey for the tests of a team's own code, on 127.0.0.1, in a process of its own. */
import { type Client, createClient } from '../web/client.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { localRoutes, type PublishedEvent } from './local.ts'
import {
  newAddress,
  type Person,
  type PersonFields,
  type ProvedFactor,
  personOf,
  type SignedInPerson,
  usualPin,
} from './people.ts'
import { runStack } from './process.ts'

export type { Message, PublishedEvent } from './local.ts'
export type { Person, PersonFields, ProvedFactor, SignedInPerson } from './people.ts'
export { newAddress }

/** The request header by which one request is given its address; the local stack alone reads it. */
export const sourceHeader = 'x-latchkey-source-ip'

export interface StartOptions {
  /** 0, the default: one that is free. */
  readonly port?: number
  /** What a deployer sets, by the names in the environment, such as `{ CONSENT: 'terms@3' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Whether the test accounts of `npm start` are there. */
  readonly seed?: boolean
  /** The gateway's throttling of all callers together; off by default. */
  readonly throttling?: boolean
  /** File of a sender of the team's: its default export is handed each message in place of SNS and SES. `code` then knows of none. */
  readonly sender?: string
}

export interface TestStack extends Pick<Inbox, 'messages' | 'code'> {
  /** Origin of the API and the hosted pages. */
  readonly url: string
  /** Registers a person, with identifiers of their own where none are given. */
  person(fields?: PersonFields): Promise<Person>
  /** Registers a person with a session in which these factors are proved; `PIN` gives them one where none is given. */
  signedIn(fields?: PersonFields, factors?: readonly ProvedFactor[]): Promise<SignedInPerson>
  /** Opens another session of a person. @returns its bearer token */
  session(person: Pick<Person, 'userId'>, factors?: readonly ProvedFactor[]): Promise<string>
  /** What was published to the event bus about a person, oldest first, as a rule's target is handed it. */
  events(person: Pick<Person, 'userId'>): Promise<readonly PublishedEvent[]>
  /** A client of the API whose requests come from one address: its own, unless one is given. */
  client(address?: string): Client
  /** Moves the clock of the whole stack; what is due runs before it resolves. */
  advance(seconds: number): Promise<void>
  /** Everything as at the start: nobody registered, nothing sent, no limit met. */
  reset(): Promise<void>
  stop(): Promise<void>
}

interface Added {
  readonly token?: string
}

/**
 * Starts a stack of its own, in a second or two; `stop` it when the tests are done. It ends with this process at the latest.
 * @throws Error with one sentence when it cannot start
 */
export async function startLatchkey(options: StartOptions = {}): Promise<TestStack> {
  const { port = 0, seed = false, throttling = false, settings = {}, ...more } = options
  const { url, stop } = await runStack({ port, seed, throttling, settings, ...more })
  const local = localRoutes(url)
  const inbox = createInbox(local)

  async function tokenOf(fields: object, session: readonly ProvedFactor[]): Promise<string> {
    const { token } = await local.post<Added>('/_local/identities', { ...fields, session })
    if (token === undefined) throw new Error('The stack opened no session.')
    return token
  }
  return {
    url,
    messages: inbox.messages,
    code: inbox.code,
    async person(fields = {}) {
      const person = personOf(fields)
      await local.post('/_local/identities', person)
      return person
    },
    async signedIn(fields = {}, factors = []) {
      const person = personOf({ ...(factors.includes('PIN') && { pin: usualPin }), ...fields })
      return { ...person, token: await tokenOf(person, factors) }
    },
    session: ({ userId }, factors = []) => tokenOf({ userId }, factors),
    events: ({ userId }) => local.get(`/_local/events?${new URLSearchParams({ userId })}`),
    client: (address = newAddress()) =>
      createClient({
        origin: url,
        fetch: (input, init) => {
          const headers = new Headers(init?.headers)
          headers.set(sourceHeader, address)
          return fetch(input, { ...init, headers })
        },
      }),
    async advance(seconds) {
      await local.post('/_local/clock', { advanceSeconds: seconds })
    },
    async reset() {
      await local.post('/_local/reset', {})
      inbox.forget()
    },
    stop,
  }
}
