/** A stack of its own for tests, and the few words they need to speak to it. */
import { randomBytes, randomInt } from 'node:crypto'
import { type Dispatcher, request } from 'undici'
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import type { InboxMessage } from '#local/services/inbox.ts'
import { type Stack, type StackOptions, startStack } from '#local/stack.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import type { Envelope, Response } from './reply.ts'

export interface CallOptions {
  /** Bearer token. */
  readonly token?: string
  /** Address the request appears to come from, until another is given. */
  readonly ip?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestIdentity {
  readonly userId: string
  readonly email: string
  readonly username: string
  readonly phone: string
  /** In clear; what was registered is its hash. */
  readonly password: string
}

/** A new address in each call, of the range for examples (RFC 3849), each in a /64 of its own. */
export function newIp(): string {
  const part = () => randomInt(0x10000).toString(16)
  return `2001:db8:${part()}:${part()}::1`
}

export type World = ReturnType<typeof worldOf>

/** Starts a stack with throttling off and no identities; close it when the tests are done. */
export async function createWorld(options: StackOptions = {}): Promise<World> {
  // Tests of what is answered need not wait for the floor under when it is; and it is a busy machine, not the breach
  // service, that would make the check take long.
  const settings = { LOGIN_FLOOR_MS: '0', HIBP_TIMEOUT_MS: '5000', ...options.settings }
  const stack = await startStack({ throttling: false, ...options, settings })
  return openWorld(stack)
}

/** The words of a world over the network, which remember from where the last request came. */
export const openWorld = (stack: Stack): World => worldOf(stack, caller(stack.url))

/** The words, over whatever carries their requests. */
export function worldOf(stack: Stack, call: Caller) {
  const messages = (to: string): readonly InboxMessage[] => stack.services.inbox.messages(to)
  /** All six digits that were sent there, oldest first. */
  const codes = (to: string): readonly string[] =>
    messages(to).flatMap(({ text }) => /(?<![\w-])[0-9]{6}(?![\w-])/.exec(text)?.[0] ?? [])
  return {
    stack,
    url: stack.url,
    get: <Body = Envelope>(path: string, given?: CallOptions) => call<Body>('GET', path, undefined, given),
    /** A string is sent as it is, anything else as JSON. */
    post: <Body = Envelope>(path: string, body?: unknown, given?: CallOptions) =>
      call<Body>('POST', path, body, given),
    put: <Body = Envelope>(path: string, body?: unknown, given?: CallOptions) =>
      call<Body>('PUT', path, body, given),
    del: <Body = Envelope>(path: string, given?: CallOptions, body?: unknown) =>
      call<Body>('DELETE', path, body, given),
    /** Moves the clock; schedules that are due run before it returns. */
    advance: (seconds: number) => call('POST', '/_local/clock', { advanceSeconds: seconds }),
    /** Moves the clock alone, once the workers are idle, where nothing of the schedules is awaited: they run in a second. */
    async pass(seconds: number): Promise<void> {
      await stack.idle()
      stack.clock.advance(seconds)
    },
    idle: stack.idle,
    messages,
    codes,
    /** The newest code to that address; a notice may come after it, by a worker of its own. Waits for the workers. */
    async lastCode(to: string): Promise<string> {
      await stack.idle()
      const code = codes(to).at(-1)
      if (code === undefined) throw new Error(`No code was sent to ${to}`)
      return code
    },
    identity: (given?: Record<string, unknown>) => register(call, given),
    ledger: (userId: string) => ledgerOf(stack, call, userId),
    close: stack.close,
  }
}

/** Makes one request. */
export type Caller = <Body = Envelope>(
  method: string,
  path: string,
  body?: unknown,
  given?: CallOptions,
) => Promise<Response<Body>>

function caller(url: string): Caller {
  let ip: string | undefined
  let turn = Promise.resolve()
  const open = new Set<Promise<unknown>>()

  /** The address is the stack's, not a request's: it changes between requests only. */
  const appearFrom = (wanted: string): Promise<void> => {
    turn = turn.then(async () => {
      if (ip === wanted) return
      await Promise.allSettled(open)
      await send(url, 'PUT', '/_local/source-ip', { ip: wanted })
      ip = wanted
    })
    return turn
  }
  return async <Body>(method: string, path: string, body?: unknown, given: CallOptions = {}) => {
    if (given.ip !== undefined) await appearFrom(given.ip)
    const reply = send<Body>(url, method, path, body, given)
    open.add(reply)
    return reply.finally(() => open.delete(reply))
  }
}

async function send<Body>(
  url: string,
  method: string,
  path: string,
  body: unknown,
  given: CallOptions = {},
): Promise<Response<Body>> {
  const reply = await request(url + path, {
    method: method as Dispatcher.HttpMethod,
    headers: {
      // As fetch names itself, for entries and sessions show it.
      'user-agent': 'node',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(given.token !== undefined && { authorization: `Bearer ${given.token}` }),
      ...given.headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const headers = new Headers(
    Object.entries(reply.headers).flatMap(([name, value = []]) =>
      [value].flat().map((each): [string, string] => [name, each]),
    ),
  )
  const text = await reply.body.text()
  const isJson = headers.get('content-type')?.startsWith('application/json') === true
  return { status: reply.statusCode, body: (isJson ? JSON.parse(text) : text) as Body, headers }
}

async function register(call: Caller, given: Record<string, unknown> = {}): Promise<TestIdentity> {
  const unique = randomBytes(5).toString('hex')
  const { userId = `u-${unique}`, ...fields } = given as { userId?: string }
  const identity = {
    email: `${unique}@example.com`,
    username: `user-${unique}`,
    phone: `+2010${randomInt(10_000_000, 99_999_999)}`,
    passwordHash: seedPasswordHash,
    ...fields,
  }
  const registered = await call('PUT', `/admin/identities/${userId}`, identity)
  if (registered.status !== 201) throw new Error(`Not registered: ${JSON.stringify(registered.body)}`)
  const { email, username, phone } = identity
  return { userId, email, username, phone, password: seedPassword }
}

/** All entries of an identity, oldest first, once the workers are done. */
async function ledgerOf(stack: Stack, call: Caller, userId: string): Promise<Entry[]> {
  await stack.idle()
  const entries: Entry[] = []
  let cursor: string | undefined
  do {
    const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`
    const page = await call('GET', `/admin/identities/${userId}/ledger${query}`)
    if (page.status !== 200) throw new Error(`No ledger: ${JSON.stringify(page.body)}`)
    entries.push(...page.body.data.entries)
    cursor = page.body.data.nextCursor
  } while (cursor !== undefined)
  return entries
}
